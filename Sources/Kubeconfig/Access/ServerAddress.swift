/// Where an API server is: the pieces of a kubeconfig's `server`, or of `--server`.
package struct ServerAddress: Sendable, Hashable {
    package enum Scheme: String, Sendable {
        case http, https
    }

    package let scheme: Scheme
    /// A name or an address; an IPv6 address without its brackets.
    package let host: String
    package let port: UInt16
    /// What stands before every path, as `/k8s/clusters/c-1`, percent-encoded, without a slash at its end; often empty.
    package let pathPrefix: String

    package init(scheme: Scheme, host: String, port: UInt16, pathPrefix: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.pathPrefix = pathPrefix
    }

    /// The host and the port as an URL or a `Host` header has them, brackets around an IPv6 address; the port is left out
    /// where it is the scheme's own.
    package var authority: String {
        port == (scheme == .https ? 443 : 80) ? bracketedHost : "\(bracketedHost):\(port)"
    }

    private var bracketedHost: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host }
}

extension ServerAddress: CustomStringConvertible {
    /// The URL without a slash at its end.
    package var description: String { "\(scheme.rawValue)://\(authority)\(pathPrefix)" }
}
