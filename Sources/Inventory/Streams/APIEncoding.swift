/// How the API server writes the bodies of its answers.
package enum APIEncoding: Hashable, Sendable {
    case json, protobuf

    /// The `Accept` value of protobuf.
    package static let protobufMediaType = "application/vnd.kubernetes.protobuf"

    /// The encoding that a `Content-Type` names, whatever its parameters; nil for all else, such as a proxy's page.
    package init?(contentType: String) {
        let type = contentType.prefix { $0 != ";" && $0 != " " }.lowercased()
        switch type {
        case "application/json": self = .json
        case Self.protobufMediaType: self = .protobuf
        default: return nil
        }
    }
}
