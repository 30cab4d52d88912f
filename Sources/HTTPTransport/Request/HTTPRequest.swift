/// Where a server is: the part of a URL before its path.
package struct HTTPOrigin: Hashable, Sendable {
    /// `http` or `https`.
    package var scheme: String
    /// A name or an address, an IPv6 address without brackets.
    package var host: String
    package var port: UInt16

    package init(scheme: String, host: String, port: UInt16) {
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    package var isSecure: Bool { scheme == "https" }

    /// `host:port`, an IPv6 address in brackets.
    package var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// A request (RFC 9110).
package struct HTTPRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case patch = "PATCH"
        case delete = "DELETE"

        /// Whether a second one does no more than the first (RFC 9110 section 9.2.2).
        package var isIdempotent: Bool { self == .get || self == .delete }
    }

    package enum Version: Sendable {
        /// HTTP/2 where the server speaks it.
        case negotiated
        /// HTTP/1.1.
        case http1
    }

    /// How long is waited; nil is for ever.
    package struct Patience: Sendable, Hashable {
        /// Until the head of the answer is there.
        package var head: Duration?
        /// Between two pieces of the body. Time in which nobody takes what came does not count.
        package var silence: Duration?
        /// For all of it.
        package var whole: Duration?

        package init(head: Duration? = nil, silence: Duration? = nil, whole: Duration? = nil) {
            self.head = head
            self.silence = silence
            self.whole = whole
        }
    }

    package var method: Method
    package var origin: HTTPOrigin
    /// Path and query, percent-encoded, beginning with '/'.
    package var target: String
    package var fields: [HTTPField]
    package var body: [UInt8]?
    package var version: Version
    package var patience: Patience

    package init(
        _ method: Method,
        _ origin: HTTPOrigin,
        target: String,
        fields: [HTTPField] = [],
        body: [UInt8]? = nil,
        version: Version = .negotiated,
        patience: Patience = Patience()
    ) {
        self.method = method
        self.origin = origin
        self.target = target
        self.fields = fields
        self.body = body
        self.version = version
        self.patience = patience
    }

    /// The URL, as it may be shown: a query never holds credentials, since those are in fields.
    package var shownURL: String { "\(origin.scheme)://\(origin.authority)\(target)" }
}
