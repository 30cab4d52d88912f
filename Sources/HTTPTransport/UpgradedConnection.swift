/// A connection to a server, after proxies and TLS, on which the caller speaks for itself: bytes there and back.
package final class UpgradedConnection: Sendable {
    private let stream: UpgradedStream

    init(_ stream: UpgradedStream) {
        self.stream = stream
    }

    deinit {
        stream.close()
    }

    /// Sends all of it, and returns when the system took it.
    ///
    /// - Throws: when the connection broke; what the server sent before can still be received.
    package func send(_ bytes: [UInt8]) async throws(HTTPError) {
        try await stream.send(bytes)
    }

    /// What came next; nil where the server ended the connection in order. Nothing is read while nobody asks.
    ///
    /// - Throws: `cutOff` where it broke, or ended without TLS saying so.
    package func receive() async throws(HTTPError) -> [UInt8]? {
        try await stream.receive()
    }

    /// Ends it at once. Once more does nothing.
    package func close() {
        stream.close()
    }
}
