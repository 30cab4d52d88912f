/// A method of RFC 9110 9, or of RFC 5789.
package enum HTTPMethod: String, Sendable, Hashable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"

    /// Whether sending it twice does no more than sending it once, RFC 9110 9.2.2.
    package var isIdempotent: Bool {
        switch self {
        case .get, .head, .put, .delete: true
        case .post, .patch: false
        }
    }
}

/// How long a request may take; nil is for ever. Connecting is limited by ``ConnectionSettings/connectTimeout``.
package struct HTTPDeadlines: Sendable, Hashable {
    /// From sending until the response's head is there, connecting included.
    package var head: Duration?
    /// Between two pieces of the body, while its reader waits for one.
    package var idle: Duration?
    /// From sending until the last byte of the body.
    package var whole: Duration?

    package init(head: Duration? = .seconds(60), idle: Duration? = nil, whole: Duration? = nil) {
        self.head = head
        self.idle = idle
        self.whole = whole
    }
}

/// One request. Redirects are not followed: a response of 3xx is a response.
package struct HTTPRequest: Sendable, Hashable {
    package enum Version: Sendable, Hashable {
        /// HTTP/2 where the server's TLS takes it, HTTP/1.1 otherwise. Requests share a connection then, and where
        /// the reader of one body falls behind, libcurl (7.88) holds up the others that are under way on it.
        case negotiated
        /// HTTP/1.1, with a connection of its own while it is under way: for watches, and for what is read slowly.
        case http1
    }

    package var method: HTTPMethod
    package var url: HTTPURL
    /// Host, Content-Length, Accept-Encoding and Connection are made by the transport.
    package var fields: [HTTPField]
    /// Nil for none.
    package var body: [UInt8]?
    package var deadlines: HTTPDeadlines
    package var version: Version
    /// Whether it may be sent again when nobody knows if it was received. What the method says, unless set.
    package var isIdempotent: Bool

    package init(
        _ method: HTTPMethod,
        _ url: HTTPURL,
        fields: [HTTPField] = [],
        body: [UInt8]? = nil,
        deadlines: HTTPDeadlines = HTTPDeadlines(),
        version: Version = .negotiated,
        isIdempotent: Bool? = nil
    ) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
        self.deadlines = deadlines
        self.version = version
        self.isIdempotent = isIdempotent ?? method.isIdempotent
    }

    /// Checks what would change the meaning of the request on the wire.
    /// - Throws: `HTTPError` of reason `invalidRequest`, which repeats no value.
    func validate() throws(HTTPError) {
        if let problem = url.problem { throw HTTPError(.invalidRequest(problem), endpoint: url.endpoint) }
        for field in fields {
            guard !field.name.isEmpty, field.name.utf8.allSatisfy(Self.isTokenCharacter) else {
                throw HTTPError(.invalidRequest("a header field's name is no token"), endpoint: url.endpoint)
            }
            // RFC 9110 5.5: CR, LF and NUL are dangerous; other control characters are not valid either.
            guard field.value.bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
                throw HTTPError(
                    .invalidRequest("the value of the header field \(field.name) holds a control character"),
                    endpoint: url.endpoint
                )
            }
        }
    }

    /// The request line and header fields as HTTP/1.1 sends them, up to and including the blank line, for a stream
    /// opened with ``HTTPClient/upgrade(_:through:)``. Host is put first unless it is among the fields.
    /// - Throws: `HTTPError` of reason `invalidRequest`.
    package func headBytes() throws(HTTPError) -> [UInt8] {
        try validate()
        var bytes = [UInt8]("\(method.rawValue) \(url.target) HTTP/1.1\r\n".utf8)
        if !fields.contains(where: { isEqualIgnoringCase($0.name, "Host") }) {
            bytes += "Host: \(url.authority)\r\n".utf8
        }
        for field in fields {
            bytes += "\(field.name): ".utf8
            bytes += field.value.bytes
            bytes += "\r\n".utf8
        }
        bytes += "\r\n".utf8
        return bytes
    }

    /// RFC 9110 5.6.2.
    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"),
            UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^")...UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
