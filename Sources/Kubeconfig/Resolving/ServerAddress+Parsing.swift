import Secrets

extension ServerAddress {
    /// What a `server` says: where, and possibly as whom.
    struct Parsed {
        let address: ServerAddress
        /// The user in the URL, which Go's client sends as basic authentication.
        let username: String?
        let password: Secret?
    }

    /// Reads an URL, a host, or a host with a port; the latter two mean HTTP, as kubectl decides before it looks at
    /// certificates.
    ///
    /// - Throws: why it is none; nothing of the text is in it.
    static func parse(_ text: String) throws(URLText.Trouble) -> Parsed {
        let isURL = text.contains("://")
        let url = try URLText(isURL ? text : "http://" + text)
        guard isURL || url.path.isEmpty || url.path == [UInt8(ascii: "/")] else {
            throw URLText.Trouble(reason: "host must be a URL or a host:port pair")
        }
        guard let scheme = Scheme(rawValue: url.scheme) else {
            throw URLText.Trouble(reason: "unsupported protocol scheme \(ShownText.quoted(url.scheme))")
        }
        let address = ServerAddress(
            scheme: scheme,
            host: url.host,
            port: url.port ?? (scheme == .https ? 443 : 80),
            pathPrefix: url.prefix
        )
        return Parsed(address: address, username: url.username, password: url.password)
    }
}

extension ProxyAddress {
    /// - Throws: why it is none; nothing of the text but its scheme is in it.
    static func parse(_ text: String) throws(URLText.Trouble) -> ProxyAddress {
        guard text.contains("://") else {
            throw URLText.Trouble(reason: "unsupported scheme \"\", must be http, https, or socks5")
        }
        let url = try URLText(text)
        guard let scheme = Scheme(rawValue: url.scheme) else {
            throw URLText.Trouble(
                reason: "unsupported scheme \(ShownText.quoted(url.scheme)), must be http, https, or socks5")
        }
        let standardPort: UInt16 =
            switch scheme {
            case .http: 80
            case .https: 443
            case .socks5: 1080
            }
        return ProxyAddress(
            scheme: scheme,
            host: url.host,
            port: url.port ?? standardPort,
            username: url.username,
            password: url.password
        )
    }
}
