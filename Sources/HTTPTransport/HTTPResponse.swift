/// A response whose head has come; its body is still under way.
package struct HTTPResponse: Sendable {
    /// From 200 to 599 and beyond; responses of 1xx are skipped.
    package let status: Int
    package let fields: HTTPFields
    package let version: HTTPProtocolVersion
    /// Dropping the last reference to it ends the transfer.
    package let body: HTTPBody
}

/// The protocol that carried a response.
package enum HTTPProtocolVersion: String, Sendable, Hashable {
    case http10 = "HTTP/1.0"
    case http11 = "HTTP/1.1"
    case http2 = "HTTP/2"
}
