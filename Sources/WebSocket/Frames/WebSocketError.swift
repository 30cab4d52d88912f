/// What made a stream of frames unreadable (RFC 6455 sections 5.2 to 5.5).
package struct WebSocketError: Error, Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        /// A bit that only extensions use is set.
        case reservedBits
        case reservedOpcode(UInt8)
        /// Servers do not mask.
        case masked
        case fragmentedControl
        /// A control frame has at most 125 bytes.
        case controlTooLong
        /// The next frame of a message that has not begun.
        case nothingToContinue
        /// A message begins within another.
        case unfinishedMessage
        /// The frame says that it is longer than the limit.
        case frameTooLong(UInt64, limit: Int)
        /// The status of a close frame takes two bytes.
        case closeTooShort
    }

    package let reason: Reason
    /// Where the frame begins, counted from the first byte behind the head of the server's answer.
    package let offset: Int

    package init(_ reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension WebSocketError: CustomStringConvertible {
    package var description: String { "malformed WebSocket frame at byte \(offset): \(reason)" }
}

extension WebSocketError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .reservedBits: "reserved bits are set"
        case .reservedOpcode(let opcode): "the opcode \(opcode) is reserved"
        case .masked: "it is masked, which servers must not do"
        case .fragmentedControl: "a control frame is fragmented"
        case .controlTooLong: "a control frame is longer than 125 bytes"
        case .nothingToContinue: "it continues a message that has not begun"
        case .unfinishedMessage: "it begins a message within another"
        case .frameTooLong(let length, let limit): "it has \(length) bytes, and at most \(limit) are taken"
        case .closeTooShort: "a close frame has half a status"
        }
    }
}
