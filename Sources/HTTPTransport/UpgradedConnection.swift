/// A raw stream of bytes to a server, in both directions.
///
/// It is closed when the last reference goes, or with ``close()``.
package final class UpgradedConnection: Sendable {
    private let stream: RawStream
    private let log: RequestLog?
    private let started: ContinuousClock.Instant

    init(_ stream: RawStream, _ log: RequestLog?, started: ContinuousClock.Instant) {
        self.stream = stream
        self.log = log
        self.started = started
    }

    deinit { stream.close() }

    /// Sends bytes and returns when the system has taken all of them; the order of calls is the order on the wire.
    ///
    /// Where the task is cancelled before, the connection is closed, for half a message may have been sent.
    /// What can be received can still be received after an error.
    package func send(_ bytes: [UInt8]) async throws(HTTPError) {
        try await stream.send(bytes).get()
    }

    /// The next bytes, from one to `atMost`; nil at the end that the server made: TLS's close_notify, or without TLS
    /// the end of the TCP stream. No more than 64 KiB is read ahead. Only one may wait at a time.
    ///
    /// Where the task is cancelled, the connection is closed.
    /// - Throws: of reason `reset` or `closedEarly` where the connection was torn, with the bytes received so far.
    package func receive(atMost count: Int = 64 << 10) async throws(HTTPError) -> [UInt8]? {
        try await stream.receive(atMost: count).get()
    }

    /// Tells the client's log how the server answered the request that the caller sent, with the caller's reading of it.
    ///
    /// - Parameter status: nil where no answer came that can be read.
    package func tellAnswer(status: Int?, fields: HTTPFields = HTTPFields()) {
        let error = status == nil ? stream.failure(.closedEarly(bytesReceived: 0)) : nil
        log?(stream.record(since: started, status: status, responseFields: fields, error: error))
    }

    /// Closes it; who waits on it fails with `cancelled`.
    package func close() { stream.close() }
}
