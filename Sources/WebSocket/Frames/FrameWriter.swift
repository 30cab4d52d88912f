/// Writes the frames that a client sends (RFC 6455 section 5): each a whole message, and masked.
///
/// A message never takes several frames, because API servers take each frame for a message.
package struct FrameWriter: Sendable {
    private var masks: any RandomNumberGenerator & Sendable

    /// - Parameter masks: gives the masks, which nobody may foresee (RFC 6455 section 5.3).
    package init(masks: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()) {
        self.masks = masks
    }

    /// Appends a binary message to `output`.
    ///
    /// - Parameter first: a byte of the message before `payload`.
    package mutating func binary(first: UInt8? = nil, _ payload: Span<UInt8>, to output: inout [UInt8]) {
        frame(.binary, first: first, payload, to: &output)
    }

    /// Appends a ping to `output`; of `payload` the first 125 bytes.
    package mutating func ping(_ payload: [UInt8], to output: inout [UInt8]) {
        control(.ping, payload, to: &output)
    }

    /// Appends a pong to `output`; of `payload` the first 125 bytes.
    package mutating func pong(_ payload: [UInt8], to output: inout [UInt8]) {
        control(.pong, payload, to: &output)
    }

    /// Appends a close frame without a reason to `output`.
    package mutating func close(code: UInt16 = 1000, to output: inout [UInt8]) {
        control(.close, [UInt8(code >> 8), UInt8(code & 0xFF)], to: &output)
    }

    private mutating func control(_ opcode: WebSocketOpcode, _ payload: [UInt8], to output: inout [UInt8]) {
        let payload = Array(payload.prefix(125))
        frame(opcode, first: nil, payload.span, to: &output)
    }

    private mutating func frame(
        _ opcode: WebSocketOpcode, first: UInt8?, _ payload: Span<UInt8>, to output: inout [UInt8]
    ) {
        let length = payload.count + (first == nil ? 0 : 1)
        output.reserveCapacity(output.count + length + 14)
        output.append(0x80 | opcode.rawValue)
        switch length {
        case 0..<126: output.append(0x80 | UInt8(length))
        case 126...0xFFFF:
            output.append(0x80 | 126)
            Self.append(UInt64(length), bytes: 2, to: &output)
        default:
            output.append(0x80 | 127)
            Self.append(UInt64(length), bytes: 8, to: &output)
        }
        var mask = UInt32(truncatingIfNeeded: masks.next())
        Self.append(UInt64(mask), bytes: 4, to: &output)
        if let first {
            output.append(first ^ UInt8(truncatingIfNeeded: mask >> 24))
            mask = mask << 8 | mask >> 24
        }
        for index in payload.indices {
            output.append(payload[index] ^ UInt8(truncatingIfNeeded: mask >> 24))
            mask = mask << 8 | mask >> 24
        }
    }

    /// The lowest bytes of a number, the highest of them first.
    private static func append(_ number: UInt64, bytes count: Int, to output: inout [UInt8]) {
        for place in (0..<count).reversed() { output.append(UInt8(truncatingIfNeeded: number >> (8 * UInt64(place)))) }
    }
}
