import HTTPTransport
package import KubernetesAPI
import WebSocket

/// A command that runs in a container, over a connection of its own. Its output is not received faster than it is taken.
package actor RunningExec {
    /// What came of it.
    package enum Output: Sendable {
        case stdout([UInt8])
        case stderr([UInt8])
        /// Nothing follows.
        case ended(ExecResult)
    }

    private let connection: UpgradedConnection
    private var session: ExecSession
    private var waiting: [Output] = []
    private var isOver = false
    private var isOpen = false
    private var ticker: Task<Void, Never>?
    /// The moment that the ticker waits for.
    private var armed: Duration?
    private let began = ContinuousClock.now

    init(_ connection: UpgradedConnection, _ session: ExecSession) {
        self.connection = connection
        self.session = session
    }

    deinit {
        ticker?.cancel()
        connection.close()
    }

    /// Waits until the server took the upgrade.
    ///
    /// - Returns: how it ended where it did not; nil where it did.
    func open() async -> ExecResult? {
        take(session.tick(at: ContinuousClock.now - began), [])
        arm()
        await sendOutput()
        while !isOpen, !isOver { await receive() }
        tellAnswer()
        if case .ended(let result)? = waiting.first, !isOpen { return result }
        return nil
    }

    @inline(never)
    private func tellAnswer() {
        var fields = HTTPFields()
        for header in session.answer?.headers ?? [] { fields.append(header.name, header.value) }
        connection.tellAnswer(status: session.answer?.code, fields: fields)
    }

    /// What came next; nil after the end. One caller at a time.
    package func next() async -> Output? {
        while waiting.isEmpty, !isOver { await receive() }
        return waiting.isEmpty ? nil : waiting.removeFirst()
    }

    /// Writes to the command's standard input, which must be read there.
    package func write(_ bytes: [UInt8]) async {
        session.write(stdin: bytes.span)
        await sendOutput()
    }

    /// Writes the last words, after which the command ends by itself.
    package func acknowledge(_ bytes: [UInt8]) async {
        session.acknowledge(bytes.span)
        arm()
        await sendOutput()
    }

    /// Ends the connection at once, whatever the command does then. Once more does nothing.
    package func close() async {
        ticker?.cancel()
        guard !isOver else { return connection.close() }
        session.close()
        // The server is told, if it takes it at once; it is not waited for.
        let bytes = session.takeOutput()
        if !bytes.isEmpty {
            let connection = connection
            let sending = Task { try? await connection.send(bytes) }
            let timeout = Task {
                try? await Task.sleep(for: .milliseconds(200))
                connection.close()
            }
            await sending.value
            timeout.cancel()
        }
        connection.close()
    }

    // MARK: The session

    // What waits for bytes keeps its frame as long as it waits: what is done with them has frames of its own.

    private func receive() async {
        do {
            guard let bytes = try await connection.receive() else { return end(.clean) }
            take(bytes)
        } catch {
            end(.torn)
        }
        await sendOutput()
    }

    @inline(never)
    private func take(_ bytes: [UInt8]) {
        guard !isOver else { return }
        session.tell(ContinuousClock.now - began)
        var position = 0
        while let event = session.next(in: bytes.span, from: &position) { take(event, bytes) }
        arm()
    }

    @inline(never)
    private func end(_ end: ConnectionEnd) {
        take(session.end(end), [])
        isOver = true
        ticker?.cancel()
    }

    @inline(never)
    private func take(_ event: ExecEvent?, _ bytes: [UInt8]) {
        switch event {
        case .opened: isOpen = true
        case .stdout(let range): if !range.isEmpty { waiting.append(.stdout(Array(bytes[range]))) }
        case .stderr(let range): if !range.isEmpty { waiting.append(.stderr(Array(bytes[range]))) }
        case .finished(let result):
            waiting.append(.ended(result))
            isOver = true
            ticker?.cancel()
        case nil: break
        }
    }

    private func sendOutput() async {
        guard session.hasOutput else { return }
        let bytes = session.takeOutput()
        // What the server said before the connection broke can still be received, so that its end tells the reason.
        try? await connection.send(bytes)
        if isOver { connection.close() }
    }

    // MARK: Time

    /// Sees to it that the session is told the time when it next wants to know it.
    @inline(never)
    private func arm() {
        guard !isOver, let moment = session.nextTick else { return }
        if let armed, armed <= moment { return }
        ticker?.cancel()
        armed = moment
        let wait = max(.milliseconds(10), moment - (ContinuousClock.now - began))
        ticker = Task { [weak self] in
            guard (try? await Task.sleep(for: wait)) != nil else { return }
            await self?.tick()
        }
    }

    private func tick() async {
        // This is the ticker itself, and what it sends would be cancelled with it.
        ticker = nil
        armed = nil
        guard !isOver else { return }
        take(session.tick(at: ContinuousClock.now - began), [])
        // What cannot be sent must not keep the time from going on.
        arm()
        await sendOutput()
        // Whoever waits for what comes is told that nothing does.
        if isOver { connection.close() }
    }
}
