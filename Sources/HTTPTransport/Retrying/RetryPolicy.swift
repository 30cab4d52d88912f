/// Whether, and after how long, a request is made again: the rules of Kubernetes' own clients, as a pure function.
package struct RetryPolicy: Sendable {
    /// How many attempts there are at the most.
    package var attempts: Int
    /// The longest wait that is obeyed; a server that asks for more is not waited for.
    package var longestWait: Duration

    package init(attempts: Int = 10, longestWait: Duration = .seconds(60)) {
        self.attempts = attempts
        self.longestWait = longestWait
    }

    /// One attempt only.
    package static let never = RetryPolicy(attempts: 1)

    /// What became of an attempt.
    package enum Outcome: Sendable {
        /// An answer, with its `Retry-After`.
        case answered(status: Int, retryAfter: String?)
        case failed(HTTPError)
    }

    /// How long to wait before the next attempt; nil where there is to be none.
    ///
    /// - Parameters:
    ///   - attempt: of what `outcome` is, counted from 1.
    ///   - isIdempotent: whether the server may be asked twice.
    package func wait(after outcome: Outcome, attempt: Int, isIdempotent: Bool) -> Duration? {
        guard attempt < attempts else { return nil }
        switch outcome {
        case .answered(let status, let retryAfter):
            // Such an answer says that the request was not carried out, so that it may be sent again whatever it is.
            guard status == 429 || status >= 500, let text = retryAfter, let wait = Self.seconds(text) else {
                return nil
            }
            return wait <= longestWait ? wait : nil
        case .failed(let error):
            guard error.isTransient, isIdempotent, attempt < 4 else { return nil }
            return .milliseconds(50 << (2 * (attempt - 1)))
        }
    }

    /// `Retry-After` in seconds; Kubernetes never sends a date (RFC 9110 section 10.2.3).
    private static func seconds(_ text: String) -> Duration? {
        guard let value = Int64(text.filter { !$0.isWhitespace }), value >= 0 else { return nil }
        return .seconds(value)
    }
}
