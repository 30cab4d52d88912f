/// What stands before a field's value: enough to wait for a field, or to pass over one, whose bytes did not all arrive.
package struct ProtobufHeader: Hashable, Sendable {
    /// From 1 to 2^29 - 1.
    package let number: UInt32
    package let wireType: ProtobufField.WireType
    /// Bytes of the tag and, before bytes, of the length.
    package let length: Int
    /// Bytes of the value, which follow.
    package let valueLength: Int

    /// Bytes of a value that a header may promise.
    private static let maximumValueLength: UInt64 = 1 << 40

    /// Reads the header that `bytes` begin with; nil where more bytes are needed, one more at least.
    ///
    /// - Throws: what makes all that follows unreadable. Offsets count from the beginning of `bytes`.
    package init?(_ bytes: Span<UInt8>) throws(ProtobufError) {
        guard let (tag, end) = try ProtobufVarint.read(in: bytes, from: 0, to: bytes.count) else { return nil }
        let (number, wireType) = try ProtobufFields.split(tag, offset: 0)
        self.number = number
        self.wireType = wireType
        switch wireType {
        case .varint:
            guard let value = try ProtobufVarint.read(in: bytes, from: end, to: bytes.count) else { return nil }
            (length, valueLength) = (end, value.end - end)
        case .fixed64: (length, valueLength) = (end, 8)
        case .fixed32: (length, valueLength) = (end, 4)
        case .bytes:
            guard let count = try ProtobufVarint.read(in: bytes, from: end, to: bytes.count) else { return nil }
            guard count.value < Self.maximumValueLength else { throw ProtobufError(.truncated, offset: 0) }
            (length, valueLength) = (count.end, Int(count.value))
        }
    }
}
