import WebSocket

extension ExecSession {
    /// Whether the session is open and bytes do no harm.
    var maySend: Bool {
        guard case .open = stage else { return false }
        return !isQuiet && !isCloseSent && serverClose == nil && !status.isWhole
    }

    /// Writes to the process's stdin. The process must read it: what it leaves unread holds up pings, and from 160 KiB on
    /// also the word of how it ended.
    ///
    /// - Returns: false where the session is not open, or is ending, so that nothing is written.
    @discardableResult
    package mutating func write(stdin bytes: Span<UInt8>) -> Bool {
        guard maySend, request.stdin, !isStdinClosed else { return false }
        var rest = bytes
        while !rest.isEmpty {
            let piece = rest.extracting(first: Self.longestMessage - 1)
            writer.binary(first: ExecChannel.stdin.rawValue, piece, to: &output)
            rest = rest.extracting(droppingFirst: piece.count)
            clock.wroteStdin()
        }
        return true
    }

    /// Ends the process's stdin.
    ///
    /// - Returns: false where that cannot be: v4 has no word for it, so that only ``close()`` ends stdin.
    @discardableResult
    package mutating func closeStdin() -> Bool {
        guard maySend, request.stdin, !isStdinClosed, case .open(let version) = stage, version.closesStreams else {
            return false
        }
        sendStdinEnd()
        return true
    }

    /// Writes the last words to the process's stdin, upon which it is going to end. From then on nothing is sent, no ping
    /// either, until the connection ends: it could cost the end of what the process wrote.
    ///
    /// - Returns: false where the session is not open, or is ending, so that nothing is written.
    @discardableResult
    package mutating func acknowledge(_ bytes: Span<UInt8>) -> Bool {
        guard write(stdin: bytes) else { return false }
        pendingPong = nil
        isQuiet = true
        return true
    }

    /// Gives up: closes stdin and the session. What the server still sends is read until it ends the connection.
    package mutating func close() {
        guard case .open(let version) = stage, !isCloseSent else { return }
        if maySend, request.stdin, !isStdinClosed, version.closesStreams { sendStdinEnd() }
        isGivenUp = serverClose == nil
        sendClose()
        clock.beginEnd()
    }

    mutating func sendClose() {
        guard !isCloseSent else { return }
        isCloseSent = true
        pendingPong = nil
        writer.close(to: &output)
    }

    private mutating func sendStdinEnd() {
        isStdinClosed = true
        let stream: [UInt8] = [ExecChannel.stdin.rawValue]
        writer.binary(first: ExecChannel.close.rawValue, stream.span, to: &output)
    }
}
