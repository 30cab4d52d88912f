package import Secrets

/// How a request says who sends it, besides a client certificate.
package enum Authentication: Sendable {
    /// Not at all.
    case none
    /// A bearer token, from the kubeconfig or the command line.
    case token(Secret)
    /// A bearer token in a file that is read again and again, as whoever issues tokens replaces it. `known` is used where
    /// the file cannot be read.
    case tokenFile(path: String, known: Secret?)
    /// A user's name and password (RFC 7617).
    case basic(username: String, password: Secret)
    /// What a program prints: a bearer token, a client certificate or both.
    case exec(ExecPlugin)
    /// The OpenID Connect token that kubectl keeps in the kubeconfig. `expires` is in nanoseconds since 1970.
    case idToken(Secret, expires: Int64)
}

extension Authentication: CustomStringConvertible {
    package var description: String {
        switch self {
        case .none: "none"
        case .token: "token"
        case .tokenFile(let path, _): "token in \(path)"
        case .basic(let username, _): "password of \(username)"
        case .exec(let plugin): "credential plugin \(plugin.command)"
        case .idToken: "OpenID Connect token"
        }
    }
}
