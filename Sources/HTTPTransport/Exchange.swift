internal import Synchronization

/// One attempt of a request, between the task that waits for it and the transfer thread.
final class Exchange: Sendable {
    /// So many bytes of a body are held for a slow reader before the transfer stops.
    static let bodyCapacity = 256 << 10
    /// Over HTTP/2 a transfer that stops holds up others on its connection, so that it may run further ahead.
    static let sharedBodyCapacity = 2 << 20

    let request: HTTPRequest
    let settings: ConnectionSettings
    private let client: ClientLifetime
    private let body = ReceiveBuffer(capacity: bodyCapacity)
    private let head = Mutex(Head())

    private struct Head: ~Copyable {
        var result: Result<HTTPResponse, HTTPError>?
        var waiter: CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>?
        var isCancelled = false
    }

    init(_ request: HTTPRequest, _ settings: ConnectionSettings, _ client: ClientLifetime) {
        self.request = request
        self.settings = settings
        self.client = client
    }

    // For tasks:

    func start() async -> Result<HTTPResponse, HTTPError> {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = head.withLock { head in
                    if !head.isCancelled { head.waiter = continuation }
                    return head.isCancelled
                }
                if isCancelled {
                    continuation.resume(returning: .failure(failure(.cancelled)))
                } else if !client.mailbox.post(.start(self)) {
                    fail(failure(.clientClosed))
                }
            }
        } onCancel: {
            cancel()
        }
    }

    func nextPiece() async -> Result<[UInt8]?, HTTPError> {
        await withTaskCancellationHandler {
            await body.next(atMost: .max, endpoint: request.url.endpoint) { client.mailbox.post(.resume(self)) }
        } onCancel: {
            cancel()
        }
    }

    /// Ends the transfer unless it has ended; what was not read is thrown away.
    func cancel() {
        let (isFirst, waiter) = head.withLock { head in
            let isFirst = !head.isCancelled
            head.isCancelled = true
            let waiter = head.waiter
            head.waiter = nil
            return (isFirst, waiter)
        }
        guard isFirst else { return }
        body.discard(failure(.cancelled))
        client.mailbox.post(.cancel(self))
        waiter?.resume(returning: .failure(failure(.cancelled)))
    }

    // For the transfer thread:

    var isCancelled: Bool { head.withLock { $0.isCancelled } }

    var isReaderWaiting: Bool { body.isReaderWaiting }

    /// The head is there. Dropping the response ends the transfer, also where nobody waits for it any more.
    func respond(_ status: Int, _ fields: HTTPFields, _ version: HTTPProtocolVersion) {
        if version == .http2 { body.setCapacity(Self.sharedBodyCapacity) }
        let response = HTTPResponse(status: status, fields: fields, version: version, body: HTTPBody(self))
        let waiter = head.withLock { head in
            let waiter = head.waiter
            head.waiter = nil
            return waiter
        }
        waiter?.resume(returning: .success(response))
    }

    /// False where the reader is behind; ``TransferCommand/resume(_:)`` comes when it has caught up.
    func append(_ bytes: UnsafeRawBufferPointer) -> Bool { unsafe body.append(bytes) }

    func finish() { body.finish(.success(())) }

    func fail(_ error: HTTPError) {
        let waiter = head.withLock { head in
            let waiter = head.waiter
            head.waiter = nil
            return waiter
        }
        body.finish(.failure(error))
        waiter?.resume(returning: .failure(error))
    }

    func failure(_ reason: HTTPError.Reason) -> HTTPError { HTTPError(reason, endpoint: request.url.endpoint) }
}
