import JSONText
import Testing

@Suite("Reading JSON")
struct JSONReaderTests {
    @Test("Every kind of value is read, whatever the size of the chunks", arguments: [1, 2, 3, 7, 64])
    func everyKind(chunk: Int) throws {
        let text = """
            {"a": [1, -2.5, 1e3, 0], "b": {"c": null, "d": true, "e": false}, "": "x\\n\\u00e9\\ud83d\\ude00é😀", "f": [], "g": {}}
            """
        let expected = JSONTree.object([
            "a": .array([.number(1), .number(-2.5), .number(1000), .number(0)]),
            "b": .object(["c": .null, "d": .boolean(true), "e": .boolean(false)]),
            "": .string("x\né😀é😀"),
            "f": .array([]),
            "g": .object([:]),
        ])
        #expect(try JSONTree.all(text, chunk: chunk) == [expected])
        #expect(try skipAll(Array(text.utf8), chunk: chunk) == 1)
    }

    @Test("All escapes of RFC 8259 are decoded")
    func escapes() throws {
        #expect(
            try JSONTree.all(#""\"\\\/\b\f\n\r\t\u0041\u00Ff""#)
                == [.string("\"\\/\u{8}\u{c}\n\r\tA\u{ff}")]
        )
    }

    @Test("One text may follow another, with or without whitespace")
    func severalTexts() throws {
        #expect(
            try JSONTree.all("{} []\n1 2\"a\"null{}") == [
                .object([:]), .array([]), .number(1), .number(2), .string("a"), .null, .object([:]),
            ])
        #expect(try JSONTree.all(" \n\t ") == [])
        #expect(try JSONTree.all("") == [])
    }

    @Test("A byte order mark at the beginning is passed over")
    func byteOrderMark() throws {
        #expect(try JSONTree.all([0xEF, 0xBB, 0xBF, UInt8(ascii: "1")], chunk: 1) == [.number(1)])
    }

    struct Malformed: Sendable {
        let text: String
        let line: Int
        let offset: Int
        let reason: JSONError.Reason

        init(_ text: String, line: Int = 1, offset: Int, _ reason: JSONError.Reason) {
            self.text = text
            self.line = line
            self.offset = offset
            self.reason = reason
        }
    }

    static let malformedTexts = [
        Malformed("{", offset: 1, .unexpectedEnd(expected: "a key or '}'")),
        Malformed("[1,", offset: 3, .unexpectedEnd(expected: "a value")),
        Malformed("[1,]", offset: 3, .unexpectedByte(UInt8(ascii: "]"), expected: "a value")),
        Malformed("{\"a\":1,}", offset: 7, .unexpectedByte(UInt8(ascii: "}"), expected: "a key")),
        Malformed("{\n\"a\"\n 1}", line: 3, offset: 7, .unexpectedByte(UInt8(ascii: "1"), expected: "':'")),
        Malformed("{a:1}", offset: 1, .unexpectedByte(UInt8(ascii: "a"), expected: "a key or '}'")),
        Malformed("[\n\n  x]", line: 3, offset: 5, .unexpectedByte(UInt8(ascii: "x"), expected: "a value")),
        Malformed("[01]", offset: 2, .unexpectedByte(UInt8(ascii: "1"), expected: "',' or ']'")),
        Malformed("-", offset: 1, .unexpectedEnd(expected: "a digit")),
        Malformed("[1.]", offset: 3, .unexpectedByte(UInt8(ascii: "]"), expected: "a digit")),
        Malformed("[1e+]", offset: 4, .unexpectedByte(UInt8(ascii: "]"), expected: "a digit")),
        Malformed("\"a\nb\"", offset: 2, .unexpectedByte(0x0A, expected: "the end of a string")),
        Malformed("\"abc", offset: 4, .unexpectedEnd(expected: "the end of a string")),
        Malformed("\"\\x\"", offset: 2, .unexpectedByte(UInt8(ascii: "x"), expected: "one of \"\\/bfnrtu after '\\'")),
        Malformed(
            "\"\\u12g4\"",
            offset: 5,
            .unexpectedByte(UInt8(ascii: "g"), expected: "four hexadecimal digits after '\\u'")
        ),
        Malformed("[tru]", offset: 4, .unexpectedByte(UInt8(ascii: "]"), expected: "true")),
        Malformed("nul", offset: 3, .unexpectedEnd(expected: "null")),
        Malformed("{} }", offset: 3, .unexpectedByte(UInt8(ascii: "}"), expected: "a value")),
        Malformed("[1}", offset: 2, .unexpectedByte(UInt8(ascii: "}"), expected: "',' or ']'")),
        Malformed("\u{0}", offset: 0, .unexpectedByte(0, expected: "a value")),
    ]

    @Test("A malformed text is refused with its place and what was expected", arguments: malformedTexts)
    func malformed(_ sample: Malformed) {
        for chunk in [1, 64] {
            let error = errorOf { () throws(JSONError) in _ = try JSONTree.all(sample.text, chunk: chunk) }
            #expect(error == JSONError(sample.reason, line: sample.line, offset: sample.offset), "\(sample.text)")
        }
    }

    @Test("What is malformed is refused as well when it is passed over", arguments: malformedTexts)
    func malformedSkipped(_ sample: Malformed) {
        let error = errorOf { () throws(JSONError) in _ = try skipAll(Array(sample.text.utf8), chunk: 1) }
        #expect(error?.line == sample.line)
        #expect(error?.offset == sample.offset)
    }

    @Test("A value of another kind is passed over, and reading goes on")
    func wrongKind() throws {
        var reader = JSONReader(Array(#"{"a": {"deep": [1, 2]}, "b": "text", "c": 9223372036854775808, "d": 7}"#.utf8))
        _ = try reader.nextDocument()
        try reader.beginObject()
        var errors: [JSONError.Reason] = []
        var last: Int64?
        while let key = try reader.nextKey() {
            do throws(JSONError) {
                if key == "a" { _ = try reader.string() } else { last = try reader.integer() }
            } catch {
                #expect(error.isRecoverable)
                errors.append(error.reason)
            }
        }
        #expect(
            errors == [
                .wrongType(found: .object, expected: "a string"),
                .wrongType(found: .string, expected: "a 64-bit integer"),
                .numberOutOfRange(expected: "a 64-bit integer"),
            ])
        #expect(last == 7)
    }

    @Test("Integers reach to both ends of 64 bits; fractions are no integers")
    func integers() throws {
        func integer(_ text: String) throws(JSONError) -> Int64 {
            var reader = JSONReader(Array(text.utf8))
            _ = try reader.nextDocument()
            return try reader.integer()
        }
        #expect(try integer("9223372036854775807") == .max)
        #expect(try integer("-9223372036854775808") == .min)
        #expect(throws: JSONError(.numberOutOfRange(expected: "a 64-bit integer"), line: 1, offset: 0)) {
            try integer("1.5")
        }
        #expect(throws: JSONError(.numberOutOfRange(expected: "a 64-bit integer"), line: 1, offset: 0)) {
            try integer(String(repeating: "1", count: 5000))
        }
    }

    @Test("A number beyond a double is refused")
    func hugeDouble() {
        let error = errorOf { () throws(JSONError) in _ = try JSONTree.all("1e999") }
        #expect(error?.reason == .numberOutOfRange(expected: "a finite 64-bit floating-point number"))
    }

    @Test(
        "Ill-formed UTF-8 and halves of surrogate pairs are refused in strings that are kept, and recovered from",
        arguments: [
            [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82], Array(#"\ud800"#.utf8), Array(#"\udc00x"#.utf8),
            Array(#"\ud800\u0041"#.utf8),
        ] as [[UInt8]])
    func invalidUnicode(_ bytes: [UInt8]) throws {
        let text = Array("[\"".utf8) + bytes + Array("\",5]".utf8)
        var reader = JSONReader(text)
        _ = try reader.nextDocument()
        try reader.beginArray()
        _ = try reader.nextElement()
        var error: JSONError?
        do throws(JSONError) { _ = try reader.string() } catch let caught { error = caught }
        #expect(error == JSONError(.invalidUnicode, line: 1, offset: 1))
        _ = try reader.nextElement()
        let next = try reader.integer()
        #expect(next == 5)
        #expect(try skipAll(text) == 1)
    }

    @Test("512 levels are read, one more is refused, read or passed over")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(try JSONTree.all(nested(512)).count == 1)
        #expect(try skipAll(Array(nested(512).utf8)) == 1)
        let tooDeep = JSONError(.tooDeep(limit: 512), line: 1, offset: 512)
        #expect(errorOf { () throws(JSONError) in _ = try JSONTree.all(nested(513)) } == tooDeep)
        #expect(errorOf { () throws(JSONError) in _ = try skipAll(Array(nested(513).utf8)) } == tooDeep)
        let bomb = Array(String(repeating: "{\"a\":[", count: 100_000).utf8)
        #expect(errorOf { () throws(JSONError) in _ = try skipAll(bomb) }?.reason == .tooDeep(limit: 512))
    }

    @Test("A string of 10 MB is passed over; kept, it is refused and reading goes on after it")
    func longString() throws {
        let text = Array("[\"".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 10_000_000) + Array("\",5]".utf8)
        #expect(try skipAll(text, chunk: 1 << 16) == 1)
        var reader = JSONReader(source: chunks(of: text, size: 1 << 16))
        _ = try reader.nextDocument()
        try reader.beginArray()
        _ = try reader.nextElement()
        var error: JSONError?
        do throws(JSONError) { _ = try reader.string() } catch let caught { error = caught }
        #expect(error == JSONError(.tooLong(limit: 1 << 20), line: 1, offset: 1))
        _ = try reader.nextElement()
        let next = try reader.integer()
        #expect(next == 5)
    }

    @Test("A key that cannot be kept is passed over with its value")
    func badKey() throws {
        var reader = JSONReader(Array(#"{"\ud800": [1, 2], "good": 3}"#.utf8))
        _ = try reader.nextDocument()
        try reader.beginObject()
        var error: JSONError?
        do throws(JSONError) { _ = try reader.nextKey() } catch let caught { error = caught }
        #expect(error?.reason == .invalidUnicode)
        let key = try reader.nextKey()
        let value = try reader.integer()
        #expect(key == "good")
        #expect(value == 3)
    }

    enum Field: String, CaseIterable { case name, resourceVersion, resourceVersio }

    @Test("Wanted keys are found by their bytes, escapes included")
    func keyTable() throws {
        let table = JSONKeyTable<Field>()
        var reader = JSONReader(
            Array(#"{"nam": 1, "n\u0061me": 2, "resourceVersion": 3, "names": 4, "resourceVersioN": 5}"#.utf8))
        _ = try reader.nextDocument()
        try reader.beginObject()
        var found: [Field?] = []
        scan: while true {
            switch try reader.nextKey(in: table.names) {
            case .known(let position): found.append(table.key(at: position))
            case .other: found.append(nil)
            case .end: break scan
            }
            try reader.skipValue()
        }
        #expect(found == [nil, .name, .resourceVersion, nil, nil])
    }

    @Test("A source that fails is reported with its words")
    func failingSource() {
        struct DiskError: Error, CustomStringConvertible { let description = "input/output error" }
        let error = errorOf { () throws(JSONError) in
            var reader = JSONReader { _ in throw DiskError() }
            _ = try reader.nextDocument()
        }
        #expect(error?.reason == .unreadable("input/output error"))
    }
}

@Suite("Hostile JSON")
struct HostileJSONTests {
    @Test("Every truncation of an object ends in an error, never in a crash or a whole text")
    func truncation() {
        let bytes = Array(#"{"a": [1.5e3, true, null, "x\u00e9\ud83d\ude00"], "b": {"c": -0}}"#.utf8)
        for end in 1..<bytes.count {
            let part = Array(bytes[..<end])
            let read = errorOf { () throws(JSONError) in _ = try JSONTree.all(part, chunk: 3) }
            let skipped = errorOf { () throws(JSONError) in _ = try skipAll(part, chunk: 3) }
            #expect(read?.isTruncation == true, "cut at \(end)")
            #expect(skipped?.isTruncation == true, "cut at \(end)")
            #expect(read?.offset == end)
        }
    }

    @Test("Random bytes and randomly changed texts end, with a value or an error, and reading and passing over agree")
    func random() {
        var generator = SystemRandomNumberGenerator()
        let seed = Array(#"{"a": [1.5e3, true, null, "x\u00e9"], "b": {"c": -0, "d": "\\"}}"#.utf8)
        for round in 0..<3000 {
            var bytes = seed
            if round % 3 == 0 {
                bytes = (0..<40).map { _ in UInt8.random(in: 0...255, using: &generator) }
            } else {
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    let index = Int.random(in: 0..<bytes.count, using: &generator)
                    bytes[index] = UInt8.random(in: 0...255, using: &generator)
                }
            }
            let read = errorOf { () throws(JSONError) in _ = try JSONTree.all(bytes, chunk: 5) }
            let skipped = errorOf { () throws(JSONError) in _ = try skipAll(bytes, chunk: 5) }
            // What is grammatical can be passed over; reading may still refuse its numbers and strings.
            if skipped != nil { #expect(read != nil, "\(bytes)") }
            if let read, !read.isRecoverable { #expect(skipped != nil, "\(bytes)") }
        }
    }
}

@Suite("What a reader appends")
struct AppendedTextTests {
    @Test("is the bytes of keys and strings, escapes decoded, behind what was there")
    func bytes() throws {
        var reader = JSONReader(Array(#"{"n\u0061me": "a\tb", "": "\u00e9"}"#.utf8))
        _ = try reader.nextDocument()
        try reader.beginObject()
        var bytes = Array("> ".utf8)
        while try reader.appendNextKey(to: &bytes) {
            bytes.append(UInt8(ascii: "="))
            try reader.appendString(to: &bytes)
            bytes.append(UInt8(ascii: ";"))
        }
        #expect(String(decoding: bytes, as: UTF8.self) == "> name=a\tb;=é;")
    }

    @Test("is nothing where the value is no string, and the reader stands behind it")
    func wrongType() throws {
        var reader = JSONReader(Array(#"[7, "a"]"#.utf8))
        _ = try reader.nextDocument()
        try reader.beginArray()
        _ = try reader.nextElement()
        var bytes: [UInt8] = []
        #expect(throws: JSONError.self) { try reader.appendString(to: &bytes) }
        _ = try reader.nextElement()
        try reader.appendString(to: &bytes)
        #expect(bytes == Array("a".utf8))
    }
}

@Suite("Integers in JSON")
struct JSONIntegerTests {
    /// The first element of an array that comes in pieces, after what stands behind it was looked at.
    private func first(of text: String, pieces: Int) throws(JSONError) -> Int64 {
        var rest = Array(text.utf8)[...]
        var reader = JSONReader { buffer in
            for byte in rest.prefix(pieces) { buffer.append(byte) }
            rest = rest.dropFirst(pieces)
        }
        _ = try reader.nextDocument()
        try reader.beginArray()
        _ = try reader.nextElement()
        let value = try reader.integer()
        _ = try reader.nextElement()
        return value
    }

    @Test(
        "are read to their last digit, however the text is cut into pieces",
        arguments: [
            ("[0]", 0), ("[-0]", 0), ("[10 ]", 10), ("[-12,1]", -12), ("[999999999999999999]", 999_999_999_999_999_999),
            ("[1000000000000000000]", 1_000_000_000_000_000_000), ("[9223372036854775807]", .max),
            ("[-9223372036854775808]", .min),
        ] as [(String, Int64)])
    func values(_ text: String, _ value: Int64) throws {
        for pieces in [1, 2, 3, 64] {
            let read = try first(of: text, pieces: pieces)
            #expect(read == value, "in pieces of \(pieces)")
        }
    }

    @Test(
        "are refused with a fraction, an exponent, a leading zero or too many digits",
        arguments: [
            "[1.0]", "[1e3]", "[-1E1]", "[01]", "[-]", "[-01]", "[9223372036854775808]", "[99999999999999999999]",
        ])
    func refused(_ text: String) {
        for pieces in [1, 2, 3, 64] {
            let error = errorOf { () throws(JSONError) in _ = try first(of: text, pieces: pieces) }
            #expect(error?.isTruncation == false, "in pieces of \(pieces)")
        }
    }
}
