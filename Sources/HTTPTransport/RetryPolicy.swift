/// Decides whether a request is sent again, and when. It waits for nothing and knows no clock.
///
/// As client-go: a response of 429 or 5xx is retried where the server says when (Retry-After), and a connection that
/// broke before the first byte of a response where the request may be sent twice. Stricter than client-go is that of
/// 5xx only 503, which says that nothing was done, is retried for requests that are not idempotent.
package struct RetryPolicy: Sendable, Hashable {
    /// How often a request is sent again, at most.
    package var maximumRetries: Int
    /// Longer than this nobody waits for a server that names a time.
    package var maximumWait: Duration

    package init(maximumRetries: Int = 10, maximumWait: Duration = .seconds(60)) {
        self.maximumRetries = maximumRetries
        self.maximumWait = maximumWait
    }

    /// What an attempt came to.
    package enum Outcome: Sendable, Hashable {
        /// A response; the wait is what its Retry-After asks for.
        case response(status: Int, retryAfter: Duration?)
        case failure(HTTPError)

        package init(_ result: Result<HTTPResponse, HTTPError>) {
            switch result {
            case .success(let response):
                self = .response(
                    status: response.status,
                    retryAfter: RetryPolicy.wait(
                        retryAfter: response.fields["Retry-After"], date: response.fields["Date"])
                )
            case .failure(let error): self = .failure(error)
            }
        }
    }

    package enum Decision: Sendable, Hashable {
        /// Send it again after this long.
        case wait(Duration)
        case giveUp
    }

    /// - Parameter attempt: how often the request has been sent, from 1.
    package func decision(after attempt: Int, _ outcome: Outcome, isIdempotent: Bool) -> Decision {
        guard attempt <= maximumRetries else { return .giveUp }
        switch outcome {
        case .response(let status, let retryAfter?):
            guard status == 429 || status == 503 || ((500...599).contains(status) && isIdempotent) else {
                return .giveUp
            }
            return retryAfter <= maximumWait ? .wait(retryAfter) : .giveUp
        case .response: return .giveUp
        case .failure(let error):
            switch error.reason {
            case .goneAway: return .wait(Self.backOff(attempt))
            case .reset(bytesReceived: 0), .closedEarly(bytesReceived: 0):
                return isIdempotent ? .wait(Self.backOff(attempt)) : .giveUp
            default: return .giveUp
            }
        }
    }

    /// What a Retry-After field asks for, RFC 9110 10.2.3: seconds, or a date, which is compared with the response's
    /// own Date, so that this machine's clock does not matter. Nil where it says nothing that can be used.
    package static func wait(retryAfter: String?, date: String?) -> Duration? {
        guard let retryAfter else { return nil }
        let digits = retryAfter.utf8
        if !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            // More than a day is no retry; it also keeps hostile numbers small.
            return .seconds(min(Int64(retryAfter) ?? .max, 86_400))
        }
        guard let then = HTTPDate.seconds(parsing: retryAfter),
            let now = date.flatMap({ HTTPDate.seconds(parsing: $0) })
        else { return nil }
        return .seconds(max(0, min(then - now, 86_400)))
    }

    /// 100 ms, doubled each time, at most 5 s.
    private static func backOff(_ attempt: Int) -> Duration {
        .milliseconds(min(100 << min(max(attempt, 1) - 1, 10), 5000))
    }
}
