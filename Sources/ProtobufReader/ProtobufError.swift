/// What is wrong with the bytes of a message, and where.
@usableFromInline
package struct ProtobufError: Error, Hashable, Sendable {
    /// What is wrong.
    @usableFromInline
    package enum Reason: Hashable, Sendable {
        /// The message ends within a tag, a number or what a length promises.
        case truncated
        /// A variable-length integer of more than ten bytes, or of more than 64 bits.
        case overlongInteger
        /// A field's number is 0, or above 2^29 - 1.
        case fieldNumber(UInt64)
        /// A field of a wire type that no message of proto2 without groups has: 3 and 4 are a group's ends.
        case wireType(UInt8, field: UInt32)
        /// A known field that has another wire type than its declaration says.
        case unexpectedType(ProtobufField.WireType, field: UInt32)
        /// A string that is not valid UTF-8.
        case invalidUnicode(field: UInt32)
    }

    package let reason: Reason
    /// Bytes before the field or number that is wrong, counted as the reader's `base` says.
    package let offset: Int

    @usableFromInline
    package init(_ reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension ProtobufError: CustomStringConvertible {
    @usableFromInline package var description: String { "byte \(offset): \(reason)" }
}

extension ProtobufError.Reason: CustomStringConvertible {
    @usableFromInline package var description: String {
        switch self {
        case .truncated: "the message ends within a field"
        case .overlongInteger: "an integer of more than 64 bits"
        case .fieldNumber(let number): "\(number) is not the number of a field"
        case .wireType(let type, let field): "field \(field) has wire type \(type)"
        case .unexpectedType(let type, let field): "field \(field) is \(type.phrase), not what it is declared as"
        case .invalidUnicode(let field): "field \(field) is not valid Unicode"
        }
    }
}
