internal import Synchronization

/// A raw stream between the tasks that use it and the transfer thread.
final class RawStream: Sendable {
    /// So many bytes are read ahead of the reader.
    static let readAhead = 4 << 10

    typealias Waiter = CheckedContinuation<Result<Void, HTTPError>, Never>

    /// Bytes that shall be sent, and who waits until they are.
    struct Outgoing: Sendable {
        let bytes: [UInt8]
        let waiter: Waiter
    }

    let request: HTTPRequest
    let settings: ConnectionSettings
    private let client: ClientLifetime
    private let incoming = ReceiveBuffer(capacity: readAhead)
    private let state = Mutex(State())

    private struct State: ~Copyable {
        var openWaiter: Waiter?
        var outgoing: [Outgoing] = []
        /// Set with the first error in sending; further bytes are not taken.
        var sendFailure: HTTPError?
        var isClosed = false
    }

    init(_ request: HTTPRequest, _ settings: ConnectionSettings, _ client: ClientLifetime) {
        self.request = request
        self.settings = settings
        self.client = client
    }

    // For tasks:

    func open() async -> Result<Void, HTTPError> {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isClosed = state.withLock { state in
                    if !state.isClosed { state.openWaiter = continuation }
                    return state.isClosed
                }
                if isClosed {
                    continuation.resume(returning: .failure(failure(.cancelled)))
                } else if !client.mailbox.post(.open(self)) {
                    fail(failure(.clientClosed))
                }
            }
        } onCancel: {
            close()
        }
    }

    func send(_ bytes: [UInt8]) async -> Result<Void, HTTPError> {
        if bytes.isEmpty { return .success(()) }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let failure = state.withLock { state in
                    if state.sendFailure == nil {
                        state.outgoing.append(Outgoing(bytes: bytes, waiter: continuation))
                    }
                    return state.sendFailure
                }
                if let failure {
                    continuation.resume(returning: .failure(failure))
                } else if !client.mailbox.post(.serve(self)) {
                    fail(self.failure(.clientClosed))
                }
            }
        } onCancel: {
            close()
        }
    }

    func receive(atMost count: Int) async -> Result<[UInt8]?, HTTPError> {
        await withTaskCancellationHandler {
            await incoming.next(atMost: count, endpoint: request.url.endpoint) { client.mailbox.post(.serve(self)) }
        } onCancel: {
            close()
        }
    }

    /// Ends it unless it has ended; what was not read is thrown away.
    func close() {
        let isFirst = state.withLock { state in
            let isFirst = !state.isClosed
            state.isClosed = true
            return isFirst
        }
        guard isFirst else { return }
        incoming.discard(failure(.cancelled))
        failSending(failure(.cancelled))
        client.mailbox.post(.close(self))
    }

    // For the transfer thread:

    var isClosed: Bool { state.withLock { $0.isClosed } }

    func opened() {
        let waiter = state.withLock { state in
            let waiter = state.openWaiter
            state.openWaiter = nil
            return waiter
        }
        waiter?.resume(returning: .success(()))
    }

    /// Bytes whose waiters are the thread's from now on.
    func takeOutgoing() -> [Outgoing] {
        state.withLock { state in
            let outgoing = state.outgoing
            state.outgoing = []
            return outgoing
        }
    }

    /// How many bytes may be read now; where it is none, ``TransferCommand/serve(_:)`` comes when there is room.
    func room() -> Int { incoming.room() }

    func append(_ bytes: UnsafeRawBufferPointer) { _ = unsafe incoming.append(bytes) }

    /// Nothing more will be received.
    func finishReceiving(_ end: Result<Void, HTTPError>) { incoming.finish(end) }

    /// Nothing more will be sent.
    func failSending(_ error: HTTPError) {
        let (openWaiter, outgoing) = state.withLock { state in
            if state.sendFailure == nil { state.sendFailure = error }
            let taken = (state.openWaiter, state.outgoing)
            state.openWaiter = nil
            state.outgoing = []
            return taken
        }
        openWaiter?.resume(returning: .failure(error))
        for entry in outgoing { entry.waiter.resume(returning: .failure(error)) }
    }

    /// It did not open, or its client was closed.
    func fail(_ error: HTTPError) {
        failSending(error)
        incoming.finish(.failure(error))
    }

    /// What is told about the request that was sent on it, or that could not be.
    func record(
        since started: ContinuousClock.Instant,
        status: Int? = nil,
        responseFields: HTTPFields = HTTPFields(),
        error: HTTPError? = nil
    ) -> RequestRecord {
        RequestRecord(
            method: request.method.rawValue,
            url: request.url.redacted,
            status: status,
            duration: started.duration(to: .now),
            bytesSent: 0,
            bytesReceived: 0,
            proxy: settings.proxy?.description,
            version: status == nil ? nil : .http11,
            requestFields: RequestRecord.shown(request.fields),
            responseFields: RequestRecord.shown(responseFields),
            error: error
        )
    }

    func failure(_ reason: HTTPError.Reason) -> HTTPError { HTTPError(reason, endpoint: request.url.endpoint) }
}
