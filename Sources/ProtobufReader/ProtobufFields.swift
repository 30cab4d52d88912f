/// Goes through the fields of one message in the protobuf wire format (protobuf.dev/programming-guides/encoding), in the
/// order they come.
///
/// It holds no bytes: every call is given those that it was made for. A message within the message is another such value,
/// so how deep messages lie within one another is bounded by who asks, and a field that nobody asks for is passed over
/// without a look at its bytes. Nothing is allocated.
@usableFromInline
package struct ProtobufFields: Sendable {
    /// The next byte.
    @usableFromInline package internal(set) var position: Int
    @usableFromInline package let end: Int
    /// What is added to a position for `offset`: how many bytes came before those at hand.
    @usableFromInline package let base: Int

    /// Reads the message that lies in `range` of the bytes.
    @inlinable
    package init(_ range: Range<Int>, base: Int = 0) {
        position = range.lowerBound
        end = range.upperBound
        self.base = base
    }

    /// The next field; nil at the end of the message. After an error the reader must not be asked again.
    ///
    /// - Throws: what makes the rest of the message unreadable.
    @inlinable
    package mutating func next(in bytes: Span<UInt8>) throws(ProtobufError) -> ProtobufField? {
        guard position < end else { return nil }
        let start = position
        let tag = try varint(in: bytes)
        let (field, wireType) = try Self.split(tag, offset: base + start)
        var length = 0
        switch wireType {
        case .varint:
            let first = position
            let word = try varint(in: bytes)
            return ProtobufField(
                number: field, wireType: .varint, word: word, range: first..<position, offset: base + start)
        case .bytes:
            let count = try varint(in: bytes)
            guard count <= UInt64(end - position) else { throw error(.truncated, at: start) }
            length = Int(count)
        case .fixed64: length = 8
        case .fixed32: length = 4
        }
        guard length <= end - position else { throw error(.truncated, at: start) }
        let range = position..<position + length
        position += length
        return ProtobufField(number: field, wireType: wireType, word: 0, range: range, offset: base + start)
    }

    /// The next field that `Name` has a case for, past all others; nil at the end of the message.
    @inlinable
    package mutating func next<Name: RawRepresentable<UInt32>>(
        _ name: Name.Type,
        in bytes: Span<UInt8>
    ) throws(ProtobufError) -> (name: Name, field: ProtobufField)? {
        while let field = try next(in: bytes) {
            if let name = Name(rawValue: field.number) { return (name, field) }
        }
        return nil
    }

    /// A base-128 integer. Tags and lengths are nearly all of one byte.
    @inlinable
    @inline(__always)
    mutating func varint(in bytes: Span<UInt8>) throws(ProtobufError) -> UInt64 {
        if position < end {
            let byte = bytes[position]
            if byte < 0x80 {
                position += 1
                return UInt64(byte)
            }
        }
        return try longVarint(in: bytes)
    }

    @usableFromInline
    mutating func longVarint(in bytes: Span<UInt8>) throws(ProtobufError) -> UInt64 {
        let found: (value: UInt64, end: Int)?
        do throws(ProtobufError) {
            found = try ProtobufVarint.read(in: bytes, from: position, to: end)
        } catch {
            throw self.error(error.reason, at: error.offset)
        }
        guard let found else { throw error(.truncated, at: position) }
        position = found.end
        return found.value
    }

    /// The number and the wire type that a tag holds.
    @inlinable
    @inline(__always)
    static func split(_ tag: UInt64, offset: Int) throws(ProtobufError) -> (UInt32, ProtobufField.WireType) {
        let number = tag >> 3
        guard number > 0, number < 1 << 29 else { throw ProtobufError(.fieldNumber(number), offset: offset) }
        let field = UInt32(truncatingIfNeeded: number)
        let type = UInt8(truncatingIfNeeded: tag & 7)
        guard let wireType = ProtobufField.WireType(rawValue: type) else {
            throw ProtobufError(.wireType(type, field: field), offset: offset)
        }
        return (field, wireType)
    }

    @usableFromInline
    func error(_ reason: ProtobufError.Reason, at position: Int) -> ProtobufError {
        ProtobufError(reason, offset: base + position)
    }
}
