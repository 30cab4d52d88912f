/// One field of a message: its number, and its value as the wire has it.
@usableFromInline
package struct ProtobufField: Hashable, Sendable {
    /// How a value is encoded (protobuf.dev/programming-guides/encoding). Groups are refused before they become a field.
    @usableFromInline
    package enum WireType: UInt8, Hashable, Sendable {
        case varint = 0
        case fixed64 = 1
        case bytes = 2
        case fixed32 = 5

        /// For messages.
        package var phrase: String {
            switch self {
            case .varint: "a variable-length integer"
            case .fixed64: "eight bytes"
            case .bytes: "bytes with a length"
            case .fixed32: "four bytes"
            }
        }
    }

    /// From 1 to 2^29 - 1.
    @usableFromInline package let number: UInt32
    @usableFromInline package let wireType: WireType
    /// The value of a variable-length integer; 0 for all else.
    @usableFromInline let word: UInt64
    /// Where the value lies in the bytes that are read, for bytes without their length.
    @usableFromInline package let range: Range<Int>
    /// Where the field begins, counted as the reader's `base` says.
    @usableFromInline package let offset: Int

    @usableFromInline
    init(number: UInt32, wireType: WireType, word: UInt64, range: Range<Int>, offset: Int) {
        self.number = number
        self.wireType = wireType
        self.word = word
        self.range = range
        self.offset = offset
    }

    @usableFromInline
    func unexpectedType() -> ProtobufError {
        ProtobufError(.unexpectedType(wireType, field: number), offset: offset)
    }

    // MARK: Values

    /// An `int64`, or an `int32`, whose negative values fill 64 bits too.
    @inlinable
    package func integer() throws(ProtobufError) -> Int64 {
        guard wireType == .varint else { throw unexpectedType() }
        return Int64(bitPattern: word)
    }

    /// A `bool`.
    @inlinable
    package func boolean() throws(ProtobufError) -> Bool {
        guard wireType == .varint else { throw unexpectedType() }
        return word != 0
    }

    /// Where the bytes of a `string`, `bytes` or message lie in what is read.
    @inlinable
    package func bytes() throws(ProtobufError) -> Range<Int> {
        guard wireType == .bytes else { throw unexpectedType() }
        return range
    }

    /// A `string`, which is checked for valid UTF-8.
    ///
    /// - Parameter bytes: those that the field was found in.
    package func string(in bytes: Span<UInt8>) throws(ProtobufError) -> String {
        let range = try self.bytes()
        guard let text = try? UTF8Span(validating: bytes.extracting(range)) else {
            throw ProtobufError(.invalidUnicode(field: number), offset: offset)
        }
        return String(copying: text)
    }

    /// A message within the message.
    ///
    /// - Parameter fields: the reader that found the field.
    @inlinable
    package func message(of fields: ProtobufFields) throws(ProtobufError) -> ProtobufFields {
        ProtobufFields(try bytes(), base: fields.base)
    }
}
