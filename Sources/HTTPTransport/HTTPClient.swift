/// Sends requests with libcurl: one thread and one multi handle for all of them, connections shared where their settings
/// are the same.
package final class HTTPClient: Sendable {
    private let loop: CurlLoop
    private let log: (@Sendable (RequestRecord) -> Void)?
    private let isRunning: Bool

    /// - Parameter log: told of every request when its head came, or its failure.
    package init(log: (@Sendable (RequestRecord) -> Void)? = nil) {
        loop = CurlLoop()
        self.log = log
        isRunning = loop.start()
    }

    deinit {
        loop.stop()
    }

    /// Sends a request, and returns when the head of its answer is there; whatever the status is.
    ///
    /// - Throws: when there is no answer.
    package func send(
        _ request: HTTPRequest,
        through settings: ConnectionSettings
    ) async throws(HTTPError) -> HTTPResponse {
        let transfer = Transfer(request, settings, on: loop)
        // Whoever gives up before it has the body ends the transfer with it.
        let body = HTTPBody(transfer)
        let head = try await logged(request, settings) { () async throws(HTTPError) in
            guard isRunning else { throw HTTPError(.other("libcurl cannot be started"), at: transfer.place) }
            loop.begin(transfer)
            return try await transfer.waitForHead()
        }
        return HTTPResponse(status: head.status, fields: head.fields, version: head.version, body: body)
    }

    /// The same, made again where a policy says so.
    ///
    /// - Parameter sleep: waits, and throws where the task was cancelled.
    package func send(
        _ request: HTTPRequest,
        through settings: ConnectionSettings,
        retrying policy: RetryPolicy,
        sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) async throws(HTTPError) -> HTTPResponse {
        var attempt = 1
        while true {
            let outcome: RetryPolicy.Outcome
            var answer: Result<HTTPResponse, HTTPError>
            do throws(HTTPError) {
                let response = try await send(request, through: settings)
                answer = .success(response)
                outcome = .answered(status: response.status, retryAfter: response.fields["Retry-After"])
            } catch {
                answer = .failure(error)
                outcome = .failed(error)
            }
            let isIdempotent = request.method.isIdempotent
            guard let wait = policy.wait(after: outcome, attempt: attempt, isIdempotent: isIdempotent) else {
                return try answer.get()
            }
            // Its connection is free for the next attempt when the rest was received.
            if case .success(let response) = answer { _ = try? await response.body.collect(limit: 1 << 16) }
            answer = .failure(HTTPError(.cancelled, at: request.origin.authority))
            guard (try? await sleep(wait)) != nil else { return try answer.get() }
            attempt += 1
        }
    }

    /// Connects, through proxy and TLS, for a protocol of the caller's own. Of the request only the origin counts.
    package func connect(
        _ request: HTTPRequest,
        through settings: ConnectionSettings
    ) async throws(HTTPError) -> UpgradedConnection {
        let transfer = Transfer(request, settings, on: loop)
        let stream = UpgradedStream(place: transfer.place, on: loop)
        let connection = UpgradedConnection(stream)
        guard isRunning else { throw HTTPError(.other("libcurl cannot be started"), at: transfer.place) }
        loop.connect(transfer, stream)
        _ = try await transfer.waitForHead()
        return connection
    }

    private func logged(
        _ request: HTTPRequest,
        _ settings: ConnectionSettings,
        _ body: () async throws(HTTPError) -> Transfer.Head
    ) async throws(HTTPError) -> Transfer.Head {
        guard let log else { return try await body() }
        let began = ContinuousClock.now
        var record = RequestRecord(
            method: request.method.rawValue,
            url: request.shownURL,
            fields: request.fields.map { ($0.name, $0.shownValue) },
            duration: .zero,
            proxy: settings.proxy?.shown
        )
        do throws(HTTPError) {
            let head = try await body()
            record.status = head.status
            record.version = head.version
            record.duration = .now - began
            log(record)
            return head
        } catch {
            record.failure = error
            record.duration = .now - began
            log(record)
            throw error
        }
    }
}
