/// Reads the frames that a server sends (RFC 6455 section 5), as they arrive.
///
/// The bytes of messages are neither kept nor copied: an event tells where they lie in the bytes at hand, and a message
/// that arrives in pieces gives as many events. So memory does not grow with what a server sends.
package struct FrameReader: Sendable {
    /// The longest frame that is taken; API servers send at most 32 KiB and one byte.
    package static let longestFrame = 64 << 20

    /// The head of the frame that is being read, at most 10 bytes.
    private var head: [UInt8] = []
    /// Of a control frame, at most 125 bytes.
    private var control: [UInt8] = []
    private var opcode = WebSocketOpcode.continuation
    private var isFinal = true
    /// Whether the head is read and the payload is being read, of which `left` bytes are to come.
    private var isInPayload = false
    private var left = 0
    /// The kind of the message whose frames are being read.
    private var message: WebSocketOpcode?
    private var beginsMessage = false
    /// Nothing counts behind a close frame.
    private var isClosed = false
    private var failure: WebSocketError?
    private var frameOffset = 0
    private let limit: Int

    /// - Parameter limit: the longest frame that is taken.
    package init(limit: Int = Self.longestFrame) {
        self.limit = limit
    }

    /// How many bytes were read.
    package private(set) var offset = 0

    /// The next event from `position` on, which moves behind it; nil where all bytes are read.
    ///
    /// - Throws: what makes the rest of the stream unreadable; the same again whenever it is asked.
    package mutating func next(
        in bytes: Span<UInt8>, from position: inout Int
    ) throws(WebSocketError) -> WebSocketEvent? {
        if let failure { throw failure }
        do throws(WebSocketError) {
            let start = position
            defer { offset &+= position - start }
            guard !isClosed else {
                position = bytes.count
                return nil
            }
            if !isInPayload {
                guard try readHead(bytes, from: &position) else { return nil }
            }
            return opcode.isControl
                ? try readControl(bytes, from: &position) : readData(bytes, from: &position)
        } catch {
            failure = error
            throw error
        }
    }

    /// - Returns: whether the head is complete.
    private mutating func readHead(_ bytes: Span<UInt8>, from position: inout Int) throws(WebSocketError) -> Bool {
        if head.isEmpty { frameOffset = offset }
        while head.count < headLength {
            guard position < bytes.count else { return false }
            head.append(bytes[position])
            position += 1
        }
        try takeHead()
        head.removeAll(keepingCapacity: true)
        isInPayload = true
        return true
    }

    /// As far as it is known.
    private var headLength: Int {
        guard head.count >= 2 else { return 2 }
        return switch head[1] & 0x7F {
        case 126: 4
        case 127: 10
        default: 2
        }
    }

    private mutating func takeHead() throws(WebSocketError) {
        guard head[0] & 0x70 == 0 else { throw error(.reservedBits) }
        guard let opcode = WebSocketOpcode(rawValue: head[0] & 0x0F) else {
            throw error(.reservedOpcode(head[0] & 0x0F))
        }
        guard head[1] & 0x80 == 0 else { throw error(.masked) }
        self.opcode = opcode
        isFinal = head[0] & 0x80 != 0
        let length = head.count == 2 ? UInt64(head[1] & 0x7F) : head[2...].reduce(0) { $0 << 8 | UInt64($1) }
        if opcode.isControl {
            guard isFinal else { throw error(.fragmentedControl) }
            guard length <= 125 else { throw error(.controlTooLong) }
        } else if opcode == .continuation {
            guard message != nil else { throw error(.nothingToContinue) }
        } else {
            guard message == nil else { throw error(.unfinishedMessage) }
            message = opcode
            beginsMessage = true
        }
        guard length <= UInt64(limit) else { throw error(.frameTooLong(length, limit: limit)) }
        left = Int(length)
    }

    private mutating func readControl(
        _ bytes: Span<UInt8>, from position: inout Int
    ) throws(WebSocketError) -> WebSocketEvent? {
        let end = position + min(left, bytes.count - position)
        left -= end - position
        while position < end {
            control.append(bytes[position])
            position += 1
        }
        guard left == 0 else { return nil }
        isInPayload = false
        let payload = control
        control = []
        switch opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong(payload)
        default:
            guard payload.count != 1 else { throw error(.closeTooShort) }
            isClosed = true
            let code = payload.isEmpty ? 1005 : UInt16(payload[0]) << 8 | UInt16(payload[1])
            return .close(WebSocketClose(code: code, reason: String(decoding: payload.dropFirst(2), as: UTF8.self)))
        }
    }

    private mutating func readData(_ bytes: Span<UInt8>, from position: inout Int) -> WebSocketEvent? {
        let range = position..<position + min(left, bytes.count - position)
        guard !range.isEmpty || left == 0 else { return nil }
        left -= range.count
        position = range.upperBound
        let data = WebSocketData(
            opcode: message ?? .binary,
            range: range,
            beginsMessage: beginsMessage,
            endsMessage: left == 0 && isFinal
        )
        beginsMessage = false
        if left == 0 {
            isInPayload = false
            if isFinal { message = nil }
        }
        return .data(data)
    }

    private func error(_ reason: WebSocketError.Reason) -> WebSocketError {
        WebSocketError(reason, offset: frameOffset)
    }
}
