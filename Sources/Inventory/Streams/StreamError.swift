/// Why no more of a list or watch can be read. What came before it was given out.
package enum StreamError: Error, Hashable, Sendable {
    /// Bytes that are not of the encoding, or not a list or watch.
    case malformed(offset: Int, String)
    /// The body ends before the list or event does.
    case truncated(offset: Int)
    /// An object of more bytes than are kept at a time.
    case tooLarge(offset: Int, limit: Int)
    /// A body of another kind than was asked for.
    case unexpectedKind(String, expected: String)
    /// The API server's error, in place of a list.
    case status(APIStatus)
}

extension StreamError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let offset, let message): "byte \(offset): \(message)"
        case .truncated(let offset): "cut off at byte \(offset)"
        case .tooLarge(let offset, let limit): "byte \(offset): an object of more than \(limit >> 20) MiB"
        case .unexpectedKind(let kind, let expected):
            kind.isEmpty ? "a body without a kind, not a \(expected)" : "a \(kind), not a \(expected)"
        case .status(let status): "\(status.reason) (\(status.code)): \(status.message)"
        }
    }
}
