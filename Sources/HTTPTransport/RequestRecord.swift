/// What is told about one attempt of a request, or about one stream, when it has ended. Nothing in it is a credential.
package struct RequestRecord: Sendable, Hashable {
    package var method: String
    /// Credentials in the query are redacted.
    package var url: String
    /// Nil where no response came.
    package var status: Int?
    /// From the start until the end of the body; of a raw stream, until its request was answered.
    package var duration: Duration
    /// Bytes of the request's body.
    package var bytesSent: UInt64
    /// Bytes of the response's body as they came, compressed where it was compressed.
    package var bytesReceived: UInt64
    /// The proxy without its credentials; nil for none.
    package var proxy: String?
    package var version: HTTPProtocolVersion?
    /// Names and values of the request's fields, those of credentials replaced by `<redacted>`.
    package var requestFields: [HTTPFields.Field]
    package var responseFields: [HTTPFields.Field]
    /// Why there was no whole response.
    package var error: HTTPError?
}

/// Called at the end of each attempt on the transport's own thread: it must return soon, and not wait.
package typealias RequestLog = @Sendable (RequestRecord) -> Void

extension RequestRecord {
    /// The fields as a log may show them.
    static func shown(_ fields: [HTTPField]) -> [HTTPFields.Field] {
        fields.map { field in
            switch field.value {
            case .secret: HTTPFields.Field(name: field.name, value: "<redacted>")
            case .plain(let value): HTTPFields.Field(name: field.name, value: shown(field.name, value))
            }
        }
    }

    static func shown(_ fields: HTTPFields) -> [HTTPFields.Field] {
        fields.all.map { HTTPFields.Field(name: $0.name, value: shown($0.name, $0.value)) }
    }

    /// What is a credential by its name is not shown even where nobody said so.
    private static func shown(_ name: String, _ value: String) -> String {
        let credentials = ["authorization", "proxy-authorization", "cookie", "set-cookie"]
        return credentials.contains { isEqualIgnoringCase($0, name) } ? "<redacted>" : value
    }
}
