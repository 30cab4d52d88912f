/// What a frame is for (RFC 6455 section 5.2).
package enum WebSocketOpcode: UInt8, Hashable, Sendable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    /// Whether the frame is of the connection, not of a message; it may stand between the frames of one.
    package var isControl: Bool { rawValue & 0x8 != 0 }
}
