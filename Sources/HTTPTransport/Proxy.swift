package import Secrets

/// A server that connects on the client's behalf.
package struct Proxy: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        /// CONNECT over plain TCP, RFC 9110 9.3.6.
        case http
        /// CONNECT over TLS.
        case https
        /// SOCKS 5, RFC 1928; names are resolved by the proxy.
        case socks5
    }

    package struct Credentials: Sendable, Hashable {
        package var user: String
        package var password: Secret

        package init(user: String, password: Secret) {
            self.user = user
            self.password = password
        }
    }

    package var kind: Kind
    /// A name or an address; an IPv6 address without brackets.
    package var host: String
    package var port: UInt16
    package var credentials: Credentials?

    package init(_ kind: Kind, host: String, port: UInt16, credentials: Credentials? = nil) {
        self.kind = kind
        self.host = host
        self.port = port
        self.credentials = credentials
    }

    /// Reads a proxy's URL as Go does: `http`, `https`, `socks5` or `socks5h`; the ports default to 80, 443 and 1080.
    /// - Throws: `URLError`, which does not repeat the text.
    package init(parsing text: String) throws(URLError) {
        let parts = try URLParts(text)
        let kind: Kind
        switch parts.scheme {
        case "http": kind = .http
        case "https": kind = .https
        case "socks5", "socks5h": kind = .socks5
        default: throw URLError(description: "the proxy's scheme is \"\(parts.scheme)\", not http, https or socks5")
        }
        let ownPort: UInt16 =
            switch kind {
            case .http: 80
            case .https: 443
            case .socks5: 1080
            }
        var credentials: Credentials?
        if let userInfo = parts.userInfo {
            let user = userInfo.prefix { $0 != ":" }
            let password = userInfo[user.endIndex...].dropFirst()
            guard let user = URLText.decoded(user), let password = URLText.decoded(password) else {
                throw URLError(description: "the proxy's user name or password is not percent-encoded")
            }
            credentials = Credentials(user: user, password: Secret(password))
        }
        self.init(kind, host: parts.host, port: parts.port ?? ownPort, credentials: credentials)
        if let problem = HTTPURL(host: host).problem { throw URLError(description: problem) }
    }

    /// `host:port`, an IPv6 address in brackets.
    package var endpoint: String { "\(HTTPURL.bracketed(host)):\(port)" }
}

extension Proxy: CustomStringConvertible {
    /// Its URL without credentials.
    package var description: String { "\(kind.rawValue)://\(endpoint)" }
}
