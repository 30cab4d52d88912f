/// Why there is no answer, or not all of one. It never holds a credential.
package struct HTTPError: Error, Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        /// The host's name is not known.
        case unresolvable(host: String)
        /// Nobody listens there.
        case refused
        /// No connection, with the system's or libcurl's words.
        case unreachable(String)
        /// The server's certificate is not believed, with the TLS library's words.
        case untrusted(String)
        /// The certificate is not the named host's.
        case wrongName(String)
        /// TLS failed otherwise.
        case tls(String)
        /// The client's own certificate or key cannot be used.
        case clientCertificate(String)
        /// The authorities' certificates cannot be read.
        case authorities(String)
        /// The proxy cannot be reached, or does not let pass.
        case proxy(String)
        case timedOut(Stage, Duration)
        /// The connection ended before the head of an answer.
        case closedEarly
        /// The connection broke within the body.
        case cutOff(received: Int)
        /// The answer cannot be understood.
        case malformed(String)
        case tooLong(limit: Int)
        /// The task was cancelled, or the client closed.
        case cancelled
        /// What was asked cannot be sent.
        case unsendable(String)
        case other(String)
    }

    /// What was waited for.
    package enum Stage: String, Hashable, Sendable {
        case connection = "a connection"
        case head = "an answer"
        case body = "more of the answer"
        case whole = "the whole answer"
    }

    package let reason: Reason
    /// `host:port`.
    package let place: String

    package init(_ reason: Reason, at place: String) {
        self.reason = reason
        self.place = place
    }

    /// Whether the server cannot have begun to carry out what was asked.
    package var wasNeverSent: Bool {
        switch reason {
        case .unresolvable, .refused, .unreachable, .untrusted, .wrongName, .tls, .clientCertificate, .authorities,
            .proxy, .timedOut(.connection, _), .unsendable:
            true
        default: false
        }
    }

    /// Whether the same request may succeed a moment later.
    package var isTransient: Bool {
        switch reason {
        case .closedEarly, .cutOff: true
        default: false
        }
    }
}

extension HTTPError: CustomStringConvertible {
    package var description: String {
        switch reason {
        case .unresolvable(let host): "lookup \(host): no such host"
        case .refused: "dial \(place): connection refused"
        case .unreachable(let text): "dial \(place): \(text)"
        case .untrusted(let text): "\(place): the server's certificate is not trusted: \(text)"
        case .wrongName(let text): "\(place): the server's certificate is for another name: \(text)"
        case .tls(let text): "\(place): TLS: \(text)"
        case .clientCertificate(let text): "\(place): the client certificate cannot be used: \(text)"
        case .authorities(let text): "\(place): the certificate authorities cannot be used: \(text)"
        case .proxy(let text): "\(place): proxy: \(text)"
        case .timedOut(let stage, let time): "\(place): no \(stage.rawValue.droppingArticle) within \(time.shown)"
        case .closedEarly: "\(place): the connection was closed before an answer came"
        case .cutOff(let received): "\(place): the connection broke after \(received) bytes of the answer"
        case .malformed(let text): "\(place): the answer cannot be understood: \(text)"
        case .tooLong(let limit): "\(place): the answer is longer than \(limit) bytes"
        case .cancelled: "\(place): cancelled"
        case .unsendable(let text): "\(place): the request cannot be sent: \(text)"
        case .other(let text): "\(place): \(text)"
        }
    }

    /// What helps; nil where nobody knows.
    package var remedy: String? {
        switch reason {
        case .untrusted:
            "Give the authority that signed it with --certificate-authority, or in the kubeconfig's cluster."
        case .wrongName: "Give the name that the certificate bears with --tls-server-name."
        case .refused, .unreachable, .timedOut(.connection, _): "Is the server address right, and reachable from here?"
        default: nil
        }
    }
}

extension String {
    fileprivate var droppingArticle: String {
        for article in ["an ", "a ", "the "] where hasPrefix(article) { return String(dropFirst(article.count)) }
        return self
    }
}

extension Duration {
    /// "30 s", "0.25 s".
    fileprivate var shown: String {
        let (seconds, attoseconds) = components
        guard attoseconds != 0 else { return "\(seconds) s" }
        return "\(Double(seconds) + Double(attoseconds) / 1e18) s"
    }
}
