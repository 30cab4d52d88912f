/// What ``FrameReader`` found.
package enum WebSocketEvent: Hashable, Sendable {
    case data(WebSocketData)
    /// To be answered with a pong that has the same bytes, of which there are at most 125.
    case ping([UInt8])
    case pong([UInt8])
    case close(WebSocketClose)
}

/// Some bytes of a message, as many as have arrived.
package struct WebSocketData: Hashable, Sendable {
    /// `text` or `binary`, the whole message's.
    package let opcode: WebSocketOpcode
    /// Where they lie in the bytes that the reader was given. It may be empty.
    package let range: Range<Int>
    package let beginsMessage: Bool
    package let endsMessage: Bool

    package init(opcode: WebSocketOpcode, range: Range<Int>, beginsMessage: Bool, endsMessage: Bool) {
        self.opcode = opcode
        self.range = range
        self.beginsMessage = beginsMessage
        self.endsMessage = endsMessage
    }
}
