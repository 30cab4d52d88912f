/// Sends requests and opens streams; everything happens on one thread of its own, over connections that are kept.
///
/// It ends with ``close()``, and what is under way then fails with `clientClosed`; or when nobody refers to it, to a
/// response or to a stream of it any more.
package final class HTTPClient: Sendable {
    private let lifetime = ClientLifetime()
    private let log: RequestLog?

    /// - Parameter log: is told about each attempt when it ends.
    package init(log: RequestLog? = nil) {
        self.log = log
        TransferThread.start(lifetime.mailbox, log)
    }

    /// Ends everything under way and the thread, and returns when it has ended.
    package func close() async {
        lifetime.mailbox.close()
        await lifetime.mailbox.ended()
    }

    /// Sends a request and returns when the head of its response is there. Any status is a response.
    ///
    /// When the task is cancelled, the transfer ends at once.
    package func send(
        _ request: HTTPRequest,
        through settings: ConnectionSettings
    ) async throws(HTTPError) -> HTTPResponse {
        try request.validate()
        let exchange = Exchange(request, settings, lifetime)
        return try await exchange.start().get()
    }

    /// Sends a request again as the policy says, and returns the first response that is not to be retried, or the
    /// last one.
    /// - Parameter clock: waits between the attempts.
    package func send(
        _ request: HTTPRequest,
        through settings: ConnectionSettings,
        retrying policy: RetryPolicy,
        clock: some Clock<Duration> = ContinuousClock()
    ) async throws(HTTPError) -> HTTPResponse {
        var attempt = 1
        while true {
            let outcome: Result<HTTPResponse, HTTPError>
            do throws(HTTPError) {
                outcome = .success(try await send(request, through: settings))
            } catch {
                outcome = .failure(error)
            }
            switch policy.decision(after: attempt, RetryPolicy.Outcome(outcome), isIdempotent: request.isIdempotent) {
            case .giveUp: return try outcome.get()
            case .wait(let duration):
                // The refused response's connection can be used again only when its body has been read.
                if case .success(let response) = outcome { _ = try? await response.body.collect(limit: 64 << 10) }
                do {
                    try await clock.sleep(for: duration)
                } catch {
                    throw HTTPError(.cancelled, endpoint: request.url.endpoint)
                }
            }
            attempt += 1
        }
    }

    /// Opens a raw stream of bytes to a request's host for a protocol that begins as HTTP/1.1: the TCP connection, the
    /// proxy and TLS (which offers http/1.1 alone) are done. Nothing is sent; ``HTTPRequest/headBytes()`` gives what
    /// the caller sends first, and reading the response is the caller's too.
    ///
    /// Of the request the scheme, host and port count, and `deadlines.head` beside the settings' connect timeout; method,
    /// path, query and fields are for the log, which is told of a stream that does not open, and of the answer by
    /// ``UpgradedConnection/tellAnswer(status:fields:)``.
    package func upgrade(
        _ request: HTTPRequest,
        through settings: ConnectionSettings
    ) async throws(HTTPError) -> UpgradedConnection {
        try request.validate()
        let started = ContinuousClock.now
        let stream = RawStream(request, settings, lifetime)
        try await stream.open().get()
        return UpgradedConnection(stream, log, started: started)
    }
}

/// Ends the thread when neither the client nor anything of it is referred to any more.
final class ClientLifetime: Sendable {
    let mailbox = Mailbox()

    deinit { mailbox.close() }
}
