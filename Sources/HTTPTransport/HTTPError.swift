/// Why a request or a stream failed. It never holds a credential.
package struct HTTPError: Error, Sendable, Hashable {
    /// How far a connection was.
    package enum Stage: String, Sendable, Hashable {
        case resolving = "resolving the name"
        case connecting = "connecting"
        case proxy = "waiting for the proxy"
        case handshake = "the TLS handshake"
        case head = "waiting for the response"
        case body = "reading the response's body"
    }

    /// What was wrong with TLS.
    package enum TLSFailure: Sendable, Hashable {
        /// No authority that is trusted signed the server's certificate.
        case unknownAuthority
        /// The server's certificate is for other names.
        case nameMismatch
        case expired
        case notYetValid
        /// The server's certificate was refused for another reason.
        case notVerified
        /// The server refused the client: its certificate, or the lack of one.
        case refusedByServer
        /// The client's certificate or key cannot be used.
        case clientCertificate
        /// The trusted authorities cannot be read.
        case authorities
        /// No handshake came about, for example with a server that does not speak TLS.
        case handshake
    }

    package enum Reason: Sendable, Hashable {
        /// No address for the server's name.
        case unresolvedHost
        /// No address for the proxy's name.
        case unresolvedProxy(String)
        /// Nothing listens there.
        case refused
        /// No way there, or another error of the system, in its words.
        case unreachable(String)
        case timedOut(Stage, after: Duration)
        case tls(TLSFailure, detail: String)
        /// The proxy did not connect: with an HTTP status, 407 where it wants credentials, or in words.
        case proxyRefused(proxy: String, status: Int?, detail: String)
        /// The connection was reset after so many bytes of the body or stream.
        case reset(bytesReceived: UInt64)
        /// It ended before the response or the stream was whole, after so many bytes of the body or stream.
        case closedEarly(bytesReceived: UInt64)
        /// The server takes no more requests on this HTTP/2 connection, and did not handle this one.
        case goneAway
        case cancelled
        /// The body is longer than was asked for, in bytes.
        case bodyOverLimit(Int)
        /// What came is not HTTP, or more than a response's head may hold.
        case malformedResponse(String)
        /// What was to be sent cannot be.
        case invalidRequest(String)
        /// The client was closed.
        case clientClosed
        /// Another error of libcurl: its CURLcode, and in its words.
        case other(code: Int, String)
    }

    package let reason: Reason
    /// `host:port` of the server that was meant.
    package let endpoint: String

    package init(_ reason: Reason, endpoint: String) {
        self.reason = reason
        self.endpoint = endpoint
    }

    /// Whether the server may have received the request, so that sending it again could do it twice.
    package var mayHaveBeenReceived: Bool {
        switch reason {
        case .unresolvedHost, .unresolvedProxy, .refused, .unreachable, .proxyRefused, .goneAway, .invalidRequest:
            false
        case .tls(let failure, _): failure == .refusedByServer
        case .timedOut(let stage, _): stage == .head || stage == .body
        case .reset, .closedEarly, .cancelled, .bodyOverLimit, .malformedResponse, .clientClosed, .other: true
        }
    }
}

extension HTTPError: CustomStringConvertible {
    package var description: String { "\(endpoint): \(explanation)" }

    private var explanation: String {
        switch reason {
        case .unresolvedHost: "no such host"
        case .unresolvedProxy(let proxy): "no address for the proxy \(proxy)"
        case .refused: "connection refused; is the server running, and are host and port right?"
        case .unreachable(let detail): "cannot be reached: \(detail)"
        case .timedOut(let stage, let limit): "timed out after \(limit) \(Self.preposition(stage)) \(stage.rawValue)"
        case .tls(let failure, let detail): Self.explanation(failure) + (detail.isEmpty ? "" : " (\(detail))")
        case .proxyRefused(let proxy, 407, _):
            "the proxy \(proxy) wants a user name and a password (407); give them in its URL"
        case .proxyRefused(let proxy, let status?, _): "the proxy \(proxy) refused to connect: status \(status)"
        case .proxyRefused(let proxy, nil, let detail): "the proxy \(proxy) did not connect: \(detail)"
        case .reset(let bytes): "connection reset by the server after \(bytes) bytes"
        case .closedEarly(let bytes): "connection closed by the server before the end, after \(bytes) bytes"
        case .goneAway: "the server ended the HTTP/2 connection before it handled the request"
        case .cancelled: "cancelled"
        case .bodyOverLimit(let limit): "the response's body is longer than \(limit) bytes"
        case .malformedResponse(let detail): "not a valid HTTP response: \(detail)"
        case .invalidRequest(let detail): "the request cannot be sent: \(detail)"
        case .clientClosed: "the HTTP client was closed"
        case .other(let code, let detail): "\(detail) (libcurl \(code))"
        }
    }

    private static func preposition(_ stage: Stage) -> String {
        stage == .handshake ? "in" : "while"
    }

    private static func explanation(_ failure: TLSFailure) -> String {
        switch failure {
        case .unknownAuthority:
            "its certificate is signed by an unknown authority; set certificate-authority of the cluster in the "
                + "kubeconfig"
        case .nameMismatch:
            "its certificate is not for this name; set tls-server-name of the cluster in the kubeconfig to a name it "
                + "is for"
        case .expired: "its certificate has expired; renew it, and see that this machine's clock is right"
        case .notYetValid: "its certificate is not valid yet; see that this machine's clock is right"
        case .notVerified: "its certificate cannot be verified"
        case .refusedByServer: "it refused the client's certificate, or asks for one"
        case .clientCertificate: "the client certificate or its key cannot be used"
        case .authorities: "the certificate authorities cannot be read"
        case .handshake: "no TLS handshake; does the server speak TLS on this port?"
        }
    }
}
