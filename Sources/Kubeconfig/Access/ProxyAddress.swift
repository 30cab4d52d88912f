package import Secrets

/// The proxy that a kubeconfig's `proxy-url` names.
package struct ProxyAddress: Sendable, Hashable {
    package enum Scheme: String, Sendable {
        case http, https
        /// The proxy resolves names itself, as with Go's client.
        case socks5
    }

    package let scheme: Scheme
    /// A name or an address; an IPv6 address without its brackets.
    package let host: String
    package let port: UInt16
    /// Percent-decoded; nil where the URL names none.
    package let username: String?
    package let password: Secret?

    package init(scheme: Scheme, host: String, port: UInt16, username: String?, password: Secret?) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.username = username
        self.password = password
    }
}

extension ProxyAddress: CustomStringConvertible {
    /// Without the user.
    package var description: String {
        let host = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return "\(scheme.rawValue)://\(host):\(port)"
    }
}
