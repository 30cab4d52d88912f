/// The body of a response, piece by piece as it comes, decompressed.
///
/// When its reader falls behind, the transfer stops until it has caught up. When the last reference is dropped, or the
/// reading task is cancelled, the transfer ends at once. Only one reader may wait at a time.
package struct HTTPBody: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = HTTPError

    private let owner: Owner

    init(_ exchange: Exchange) {
        owner = Owner(exchange)
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let owner: Owner

        package mutating func next() async throws(HTTPError) -> [UInt8]? {
            try await owner.exchange.nextPiece().get()
        }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(HTTPError) -> [UInt8]? {
            try await owner.exchange.nextPiece().get()
        }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(owner: owner) }

    /// The whole body.
    /// - Throws: `HTTPError`; of reason `bodyOverLimit`, after which the transfer has ended, where it has more than
    ///   `limit` bytes.
    package func collect(limit: Int) async throws(HTTPError) -> [UInt8] {
        var whole: [UInt8] = []
        var iterator = makeAsyncIterator()
        while let piece = try await iterator.next() {
            guard whole.count + piece.count <= limit else {
                owner.exchange.cancel()
                throw HTTPError(.bodyOverLimit(limit), endpoint: owner.exchange.request.url.endpoint)
            }
            if whole.isEmpty { whole = piece } else { whole += piece }
        }
        return whole
    }

    /// Ends the transfer when the last reference goes.
    fileprivate final class Owner: Sendable {
        let exchange: Exchange

        init(_ exchange: Exchange) { self.exchange = exchange }

        deinit { exchange.cancel() }
    }
}
