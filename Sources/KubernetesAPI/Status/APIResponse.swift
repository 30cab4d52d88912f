/// An answer of the API server, or of whatever stands before it, that is not what was hoped for.
package struct APIResponse: Hashable, Sendable {
    /// The HTTP status.
    package let code: Int
    /// `Content-Type` with its parameters; empty without one.
    package let contentType: String
    /// `Retry-After`; empty without one.
    package let retryAfter: String
    /// The body, or the beginning of a long one.
    package let body: [UInt8]

    package init(code: Int, contentType: String = "", retryAfter: String = "", body: [UInt8]) {
        self.code = code
        self.contentType = contentType
        self.retryAfter = retryAfter
        self.body = body
    }

    /// `Content-Type` in small letters, without its parameters.
    package var mediaType: String {
        let type = contentType.prefix { $0 != ";" }.lowercased()
        return String(type.filter { $0 != " " && $0 != "\t" })
    }

    /// `Retry-After` in seconds; nil where it tells a date or nothing.
    package var retryAfterSeconds: Int? {
        Int(retryAfter.filter { $0 != " " }).flatMap { $0 >= 0 ? $0 : nil }
    }

    /// Whether the body is a page for people, which no API server sends.
    package var isHTML: Bool {
        if mediaType == "text/html" || mediaType == "application/xhtml+xml" { return true }
        guard mediaType.isEmpty || mediaType == "text/plain" else { return false }
        let start = String(decoding: body.prefix(256), as: UTF8.self).drop { $0.isWhitespace }.lowercased()
        return start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
    }

    /// Whether the body is a message of protobuf (`application/vnd.kubernetes.protobuf`).
    package var isProtobuf: Bool { mediaType == "application/vnd.kubernetes.protobuf" }
}
