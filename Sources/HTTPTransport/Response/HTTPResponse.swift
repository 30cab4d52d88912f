/// The head of an answer, and the way to its body.
package struct HTTPResponse: Sendable {
    package let status: Int
    package let fields: HTTPFields
    /// `1.1` or `2`.
    package let version: String
    package let body: HTTPBody

    /// The media type without its parameters, in lower case; empty where none is told.
    package var mediaType: String {
        let value = fields["Content-Type"] ?? ""
        return value.prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }
    }
}

/// The body of an answer, in the pieces in which it comes. A server is not read from while nobody takes what came.
///
/// Whoever lets go of it, or is cancelled while it waits, ends the transfer.
package final class HTTPBody: Sendable {
    private let transfer: Transfer

    init(_ transfer: Transfer) {
        self.transfer = transfer
    }

    deinit {
        transfer.abandon()
    }

    /// The next piece, never empty; nil at the end. One caller at a time.
    ///
    /// - Throws: when the body does not come to its end, and when the task is cancelled.
    package func next() async throws(HTTPError) -> [UInt8]? {
        try await transfer.nextPiece()
    }

    /// All of the body.
    ///
    /// - Parameter limit: bytes beyond which it is refused.
    package func collect(limit: Int) async throws(HTTPError) -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await next() {
            guard bytes.count + piece.count <= limit else {
                throw HTTPError(.tooLong(limit: limit), at: transfer.place)
            }
            if bytes.isEmpty { bytes = piece } else { bytes += piece }
        }
        return bytes
    }
}
