import ProtobufReader
import Testing

/// A field as a test compares it: its number and its value.
private enum Found: Equatable {
    case integer(UInt32, Int64)
    case bytes(UInt32, [UInt8])
    case other(UInt32)
}

private func fields(_ bytes: [UInt8], base: Int = 0) throws(ProtobufError) -> [Found] {
    var found: [Found] = []
    var fields = ProtobufFields(0..<bytes.count, base: base)
    while let field = try fields.next(in: bytes.span) {
        switch field.wireType {
        case .varint: found.append(.integer(field.number, try field.integer()))
        case .bytes: found.append(.bytes(field.number, Array(bytes[try field.bytes()])))
        case .fixed32, .fixed64: found.append(.other(field.number))
        }
    }
    return found
}

/// The error that reading the bytes ends with.
private func failure(_ bytes: [UInt8], base: Int = 0) -> ProtobufError? {
    do throws(ProtobufError) {
        _ = try fields(bytes, base: base)
        return nil
    } catch {
        return error
    }
}

@Suite("Fields of a message")
struct ProtobufFieldsTests {
    @Test("Every wire type but groups, in the order the fields come")
    func wireTypes() throws {
        #expect(try fields([]) == [])
        #expect(try fields([0x08, 0x96, 0x01]) == [.integer(1, 150)])
        #expect(try fields([0x12, 0x02, 0x68, 0x69, 0x08, 0x00]) == [.bytes(2, [0x68, 0x69]), .integer(1, 0)])
        #expect(try fields([0x1D, 1, 2, 3, 4, 0x21, 1, 2, 3, 4, 5, 6, 7, 8]) == [.other(3), .other(4)])
        #expect(try fields([0x12, 0x00]) == [.bytes(2, [])])
    }

    @Test("A negative int32 fills ten bytes, and so does the largest integer")
    func integers() throws {
        let minusOne: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]
        #expect(try fields([0x08] + minusOne) == [.integer(1, -1)])
        #expect(try fields([0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]) == [.integer(1, .max)])
        #expect(try fields([0x08, 0x80, 0x00]) == [.integer(1, 0)], "more bytes than needed are allowed")
    }

    @Test("The largest number of a field, and those that are none")
    func fieldNumbers() throws {
        #expect(try fields([0xF8, 0xFF, 0xFF, 0xFF, 0x0F, 0x01]) == [.integer(536_870_911, 1)])
        #expect(failure([0x00, 0x01]) == ProtobufError(.fieldNumber(0), offset: 0))
        #expect(failure([0x80, 0x80, 0x80, 0x80, 0x10, 0x01]) == ProtobufError(.fieldNumber(536_870_912), offset: 0))
    }

    @Test("What ends too early is said to be truncated, with the offset of its field or number")
    func truncation() {
        #expect(failure([0x80]) == ProtobufError(.truncated, offset: 0))
        #expect(failure([0x08]) == ProtobufError(.truncated, offset: 1))
        #expect(failure([0x08, 0x01, 0x08, 0x80]) == ProtobufError(.truncated, offset: 3))
        #expect(failure([0x12, 0x02, 0x68]) == ProtobufError(.truncated, offset: 0))
        #expect(failure([0x1D, 1, 2, 3]) == ProtobufError(.truncated, offset: 0))
        #expect(failure([0x21, 1, 2, 3, 4, 5, 6, 7]) == ProtobufError(.truncated, offset: 0))
        let endless: [UInt8] = [0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]
        #expect(failure(endless) == ProtobufError(.truncated, offset: 0), "a length that fits no memory")
    }

    @Test("Groups and unknown wire types are refused")
    func refusedWireTypes() {
        for type: UInt8 in [3, 4, 6, 7] {
            #expect(failure([0x08, 0x01, 0x10 | type]) == ProtobufError(.wireType(type, field: 2), offset: 2))
        }
    }

    @Test("An integer of more than 64 bits is refused")
    func overlongIntegers() {
        let ten: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02]
        #expect(failure([0x08] + ten) == ProtobufError(.overlongInteger, offset: 1))
        #expect(failure([0x08] + [UInt8](repeating: 0x80, count: 11)) == ProtobufError(.overlongInteger, offset: 1))
    }

    @Test("Offsets count from where the bytes at hand begin")
    func base() {
        #expect(failure([0x08, 0x01, 0x0B], base: 1000) == ProtobufError(.wireType(3, field: 1), offset: 1002))
    }
}

@Suite("Values of fields")
struct ProtobufValueTests {
    private enum Name: UInt32 {
        case name = 1
        case inner = 3
    }

    @Test("Fields without a name are passed over, and a message within the message is read like it")
    func names() throws {
        let bytes: [UInt8] = [0x10, 0x05, 0x0A, 0x01, 0x61, 0x1A, 0x03, 0x0A, 0x01, 0x62, 0x28, 0x01]
        var texts: [String] = []
        var fields = ProtobufFields(0..<bytes.count)
        while let (name, field) = try fields.next(Name.self, in: bytes.span) {
            switch name {
            case .name: texts.append(try field.string(in: bytes.span))
            case .inner:
                var inner = try field.message(of: fields)
                while let (_, field) = try inner.next(Name.self, in: bytes.span) {
                    texts.append("inner " + (try field.string(in: bytes.span)))
                }
            }
        }
        #expect(texts == ["a", "inner b"])
    }

    @Test("A value of another wire type than it is asked for as is an error, not a value")
    func wrongTypes() throws {
        let bytes: [UInt8] = [0x08, 0x01, 0x12, 0x00]
        var fields = ProtobufFields(0..<bytes.count)
        let integer = try #require(try fields.next(in: bytes.span))
        let text = try #require(try fields.next(in: bytes.span))
        #expect(throws: ProtobufError(.unexpectedType(.varint, field: 1), offset: 0)) {
            try integer.string(in: bytes.span)
        }
        #expect(throws: ProtobufError(.unexpectedType(.bytes, field: 2), offset: 2)) { try text.integer() }
        #expect(throws: ProtobufError(.unexpectedType(.bytes, field: 2), offset: 2)) { try text.boolean() }
    }

    @Test("A string is valid UTF-8 or an error")
    func strings() throws {
        let bytes: [UInt8] = [0x0A, 0x02, 0xC3, 0xBC, 0x0A, 0x02, 0xC3, 0x28]
        var fields = ProtobufFields(0..<bytes.count)
        let valid = try #require(try fields.next(in: bytes.span))
        let invalid = try #require(try fields.next(in: bytes.span))
        #expect(try valid.string(in: bytes.span) == "ü")
        #expect(throws: ProtobufError(.invalidUnicode(field: 1), offset: 4)) { try invalid.string(in: bytes.span) }
    }
}
