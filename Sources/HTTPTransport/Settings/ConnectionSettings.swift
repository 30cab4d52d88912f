package import Secrets

/// How a server is reached. Requests share a connection only where all of this is the same.
package struct ConnectionSettings: Hashable, Sendable {
    /// Whose certificates a server is believed by.
    package enum Trust: Hashable, Sendable {
        /// The system's authorities.
        case system
        /// These alone: certificates in PEM form.
        case authorities([UInt8])
        /// Anybody's: the connection is encrypted, and nobody knows to whom.
        case anything
    }

    /// What the client shows of itself (TLS client authentication).
    package struct ClientCertificate: Hashable, Sendable {
        /// The certificate, and the chain behind it, in PEM form.
        package var certificate: [UInt8]
        /// The key in PEM form.
        package var key: Secret

        package init(certificate: [UInt8], key: Secret) {
            self.certificate = certificate
            self.key = key
        }
    }

    package var trust: Trust
    package var clientCertificate: ClientCertificate?
    /// The name that the server's certificate must bear, and that is asked for (SNI); nil for the host's own. The `Host`
    /// field stays the host's.
    package var serverName: String?
    /// Nil for none. The environment is never asked: whoever makes these settings did.
    package var proxy: ProxyAddress?
    /// Whether the server may compress what it sends.
    package var allowsCompression: Bool
    /// For the name, the connection and its TLS handshake together.
    package var connectPatience: Duration

    package init(
        trust: Trust = .system,
        clientCertificate: ClientCertificate? = nil,
        serverName: String? = nil,
        proxy: ProxyAddress? = nil,
        allowsCompression: Bool = true,
        connectPatience: Duration = .seconds(30)
    ) {
        self.trust = trust
        self.clientCertificate = clientCertificate
        self.serverName = serverName
        self.proxy = proxy
        self.allowsCompression = allowsCompression
        self.connectPatience = connectPatience
    }
}

/// A proxy that connections go through.
package struct ProxyAddress: Hashable, Sendable {
    package enum Scheme: String, Hashable, Sendable, CaseIterable {
        case http, https
        /// Names are resolved by the proxy, as Go's do.
        case socks5
    }

    package var scheme: Scheme
    /// An IPv6 address without brackets.
    package var host: String
    package var port: UInt16
    package var user: String?
    package var password: Secret?

    package init(scheme: Scheme, host: String, port: UInt16, user: String? = nil, password: Secret? = nil) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.user = user
        self.password = password
    }

    /// Reads `scheme://[user[:password]@]host[:port]`; without a scheme it is `http`, as Go reads proxies in the
    /// environment. The standard ports are 80, 443 and 1080.
    ///
    /// - Returns: nil where the text is no such URL.
    package init?(_ text: String) {
        var rest = Substring(text)
        if let mark = rest.range(of: "://") {
            guard let scheme = Scheme(rawValue: rest[..<mark.lowerBound].lowercased()) else { return nil }
            self.scheme = scheme
            rest = rest[mark.upperBound...]
        } else {
            scheme = .http
        }
        rest = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if let at = rest.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = parts.first.map { Self.decoded($0) }
            password = parts.count > 1 ? Secret(Self.decoded(parts[1])) : nil
            rest = rest[rest.index(after: at)...]
        }
        let standard: UInt16 =
            switch scheme {
            case .http: 80
            case .https: 443
            case .socks5: 1080
            }
        guard let (host, port) = HostAndPort.split(rest, standardPort: standard) else { return nil }
        self.host = host
        self.port = port
    }

    /// As it may be shown.
    package var shown: String {
        let host = host.contains(":") ? "[\(host)]" : host
        return "\(scheme.rawValue)://\(host):\(port)"
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Substring {
    /// The first place of a text.
    func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}

/// `host`, `host:port` and `[v6]:port`.
enum HostAndPort {
    static func split(_ text: Substring, standardPort: UInt16) -> (host: String, port: UInt16)? {
        guard !text.isEmpty else { return nil }
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            if rest.isEmpty { return (String(host), standardPort) }
            guard rest.first == ":", let port = UInt16(rest.dropFirst()) else { return nil }
            return (String(host), port)
        }
        guard let colon = text.lastIndex(of: ":") else { return (String(text), standardPort) }
        let host = text[..<colon]
        guard !host.contains(":") else { return (String(text), standardPort) }
        let tail = text[text.index(after: colon)...]
        guard !host.isEmpty else { return nil }
        if tail.isEmpty { return (String(host), standardPort) }
        guard let port = UInt16(tail) else { return nil }
        return (String(host), port)
    }
}
