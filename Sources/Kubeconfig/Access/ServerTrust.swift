/// Whom the API server's certificate is held against.
package enum ServerTrust: Sendable, Hashable {
    /// The system's certificate authorities.
    case system
    /// These alone, one or more certificates in PEM form, and none of the system's.
    case authority([UInt8])
    /// Nobody: the certificate is not looked at.
    case insecure
}

extension ServerTrust: CustomStringConvertible {
    package var description: String {
        switch self {
        case .system: "the system's authorities"
        case .authority: "the kubeconfig's authority"
        case .insecure: "none, the server's certificate is not verified"
        }
    }
}
