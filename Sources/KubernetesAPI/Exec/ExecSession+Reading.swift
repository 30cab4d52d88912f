import WebSocket

extension ExecSession {
    /// The next event in the bytes received, from `position` on, which moves behind it; nil where all bytes are read.
    /// The ranges in events are of `bytes`.
    package mutating func next(in bytes: Span<UInt8>, from position: inout Int) -> ExecEvent? {
        if position < bytes.count { clock.heard() }
        while true {
            switch stage {
            case .upgrading(var reader):
                do throws(UpgradeError) {
                    let step = try reader.read(bytes, from: &position)
                    stage = .upgrading(reader)
                    switch step {
                    case .more: return nil
                    case .switched(let head):
                        self.answer = head
                        return try open(head)
                    case .answered(let answer):
                        self.answer = answer.head
                        return finish(.refused(ExecRefusal(answer, to: request)))
                    }
                } catch {
                    position = bytes.count
                    return finish(.lost(.upgrade(error)))
                }
            case .open:
                do throws(WebSocketError) {
                    guard let event = try frames.next(in: bytes, from: &position) else { return nil }
                    if let event = take(event, in: bytes) { return event }
                } catch {
                    position = bytes.count
                    return finish(result(otherwise: .malformed(error)))
                }
            case .finished:
                position = bytes.count
                return nil
            }
        }
    }

    /// The other side ended the connection, after all bytes received were read.
    ///
    /// - Returns: how the exec ended; nil where that was told before.
    package mutating func end(_ end: ConnectionEnd) -> ExecEvent? {
        switch stage {
        case .upgrading(var reader):
            do throws(UpgradeError) {
                let answer = try reader.end()
                self.answer = answer.head
                return finish(.refused(ExecRefusal(answer, to: request)))
            } catch {
                return finish(.lost(.upgrade(error)))
            }
        case .open:
            // The server waits for a close frame as long as its runtime can hold on to the session.
            sendClose()
            return finish(result(otherwise: .ended(end)))
        case .finished: return nil
        }
    }

    private mutating func open(_ head: HTTPHead) throws(UpgradeError) -> ExecEvent {
        guard let name = try upgrade.chosenProtocol(in: head), let chosen = ExecProtocol(rawValue: name) else {
            throw .unexpectedProtocol("")
        }
        stage = .open(chosen)
        return .opened(chosen)
    }

    /// What is left to tell of a frame.
    private mutating func take(_ event: WebSocketEvent, in bytes: Span<UInt8>) -> ExecEvent? {
        switch event {
        case .data(let data): return take(data, in: bytes)
        case .ping(let payload):
            if maySend { pendingPong = payload }
        case .pong: clock.answered()
        case .close(let close):
            serverClose = close
            // Behind a Status our close frame waits for the end of the connection.
            if !status.isWhole { sendClose() }
            clock.beginEnd()
        }
        return nil
    }

    private mutating func take(_ data: WebSocketData, in bytes: Span<UInt8>) -> ExecEvent? {
        if data.beginsMessage { channel = nil }
        var range = data.range
        if channel == nil, let first = range.popFirst() { channel = bytes[first] }
        switch channel.flatMap(ExecChannel.init(rawValue:)) {
        case .stdout: return range.isEmpty ? nil : .stdout(range)
        case .stderr: return range.isEmpty ? nil : .stderr(range)
        case .error:
            status.append(bytes, range)
            if data.endsMessage {
                status.endMessage()
                if status.isWhole {
                    pendingPong = nil
                    clock.beginEnd()
                }
            }
        case .stdin, .resize, .close, nil: break
        }
        return nil
    }

    /// How it ended, if it ends now.
    func result(otherwise loss: ExecLoss) -> ExecResult {
        if let status = status.parsed { return status.execResult(of: request) }
        if let text = status.unreadable { return .lost(.unreadableStatus(text)) }
        if isGivenUp { return .lost(.closedByClient) }
        if let serverClose { return .lost(.closed(serverClose)) }
        return .lost(loss)
    }

    mutating func finish(_ result: ExecResult) -> ExecEvent {
        stage = .finished
        self.result = result
        return .finished(result)
    }
}

extension Range<Int> {
    /// The first, which the range loses.
    fileprivate mutating func popFirst() -> Int? {
        guard !isEmpty else { return nil }
        defer { self = (lowerBound + 1)..<upperBound }
        return lowerBound
    }
}
