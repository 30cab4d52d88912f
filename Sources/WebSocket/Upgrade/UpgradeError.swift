import TerminalText

/// Why a connection did not become a WebSocket connection, where that was not the server's answer.
package enum UpgradeError: Error, Hashable, Sendable {
    /// The connection ended within the head of the answer, after so many bytes of it.
    case ended(received: Int)
    /// What came is no HTTP/1.1.
    case notHTTP
    /// A line of the head that no header is in; the offset counts from the first byte that was received.
    case malformedHeader(offset: Int)
    /// The head is longer than this many bytes.
    case headTooLong(limit: Int)
    case notSwitched(code: Int)
    /// The answer lacks a header that it must have.
    case missing(header: String)
    /// `Sec-WebSocket-Accept` is not made of our key: the answer is somebody else's, or to somebody else.
    case wrongAccept
    /// The server chose a sub-protocol that it was not offered, or none, which is empty.
    case unexpectedProtocol(String)
    /// The server wants an extension that it was not offered.
    case unexpectedExtension(String)
}

extension UpgradeError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .ended(received: 0): "the server closed the connection without an answer"
        case .ended(let received): "the connection ended within the server's answer, after \(received) bytes"
        case .notHTTP: "what answered does not speak HTTP/1.1"
        case .malformedHeader(let offset): "the server's answer has a malformed header at byte \(offset)"
        case .headTooLong(let limit): "the head of the server's answer is longer than \(limit) bytes"
        case .notSwitched(let code): "the server answered with the status \(code), not 101"
        case .missing(let header): "the server's answer lacks '\(header)'"
        case .wrongAccept: "the server's answer does not belong to our request (Sec-WebSocket-Accept)"
        case .unexpectedProtocol(""): "the server chose none of the sub-protocols that it was offered"
        case .unexpectedProtocol(let name):
            "the server chose the sub-protocol '\(PrintableText.escaped(name))', which it was not offered"
        case .unexpectedExtension(let name):
            "the server wants the extension '\(PrintableText.escaped(name))', which it was not offered"
        }
    }
}
