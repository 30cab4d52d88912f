/// Where a request goes. Path and query are percent-encoded already (``URLText``); there is no userinfo, for
/// credentials travel in header fields.
package struct HTTPURL: Sendable, Hashable {
    package enum Scheme: String, Sendable, Hashable {
        case http, https
    }

    package var scheme: Scheme
    /// A name or an address; an IPv6 address without brackets.
    package var host: String
    /// Nil for the scheme's own: 80 or 443.
    package var port: UInt16?
    /// Begins with `/`.
    package var path: String
    /// Without the `?`; empty for none.
    package var query: String

    package init(scheme: Scheme = .https, host: String, port: UInt16? = nil, path: String = "/", query: String = "") {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.query = query
    }

    /// The port that is connected to.
    package var effectivePort: UInt16 { port ?? (scheme == .https ? 443 : 80) }

    /// `host:port`, an IPv6 address in brackets, as in messages.
    package var endpoint: String { "\(Self.bracketed(host)):\(effectivePort)" }

    /// The host and, unless it is the scheme's own, the port: what a Host header field holds.
    package var authority: String {
        effectivePort == (scheme == .https ? 443 : 80) ? Self.bracketed(host) : endpoint
    }

    /// The path and the query: what a request line holds.
    package var target: String { query.isEmpty ? path : path + "?" + query }

    /// As text for a message or a log: values of query parameters that can hold a credential are `<redacted>`.
    package var redacted: String {
        scheme.rawValue + "://" + authority + path + (query.isEmpty ? "" : "?" + Self.redacted(query: query))
    }

    static func bracketed(_ host: String) -> String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
    }

    private static func redacted(query: String) -> String {
        query.split(separator: "&", omittingEmptySubsequences: false).map { item in
            let name = item.prefix { $0 != "=" }
            guard name.endIndex != item.endIndex, canHoldCredential(name) else { return String(item) }
            return name + "=<redacted>"
        }.joined(separator: "&")
    }

    private static func canHoldCredential(_ name: Substring) -> Bool {
        let lower = (URLText.decoded(name) ?? String(name)).lowercased()
        return [
            "token", "secret", "password", "passwd", "signature", "credential", "authorization", "apikey", "api_key",
        ]
        .contains { lower.contains($0) } || ["sig", "key", "code", "auth"].contains(lower)
    }
}

extension HTTPURL: CustomStringConvertible {
    package var description: String { redacted }
}

/// Why text is no URL that can be used. The text itself may hold a password and is not repeated.
package struct URLError: Error, Hashable, CustomStringConvertible {
    package let description: String
}

extension HTTPURL {
    /// Reads `http://` or `https://` URLs.
    /// - Throws: where the scheme is another, the host is missing, the port is no port, or there is userinfo.
    package init(parsing text: String) throws(URLError) {
        let parts = try URLParts(text)
        guard let scheme = Scheme(rawValue: parts.scheme) else {
            throw URLError(description: "the scheme is \"\(parts.scheme)\", not http or https")
        }
        guard parts.userInfo == nil else {
            throw URLError(description: "a user name or password in the URL is not supported")
        }
        let path = parts.rest.prefix { $0 != "?" && $0 != "#" }
        var query = parts.rest[path.endIndex...].prefix { $0 != "#" }
        if query.first == "?" { query = query.dropFirst() }
        self.init(
            scheme: scheme,
            host: parts.host,
            port: parts.port,
            path: path.isEmpty ? "/" : String(path),
            query: String(query)
        )
        if let problem { throw URLError(description: problem) }
    }

    /// What keeps this from being sent, in words; nil where nothing does. A request line must not be split by what a
    /// configuration or a server said.
    var problem: String? {
        if host.isEmpty { return "the URL has no host" }
        for byte in host.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: ":"), UInt8(ascii: "%"):
                continue
            default: return "the host of the URL holds a character that no host name has"
            }
        }
        if path.utf8.first != UInt8(ascii: "/") { return "the path does not begin with /" }
        for byte in target.utf8 where byte <= 0x20 || byte >= 0x7f || byte == UInt8(ascii: "#") {
            return "the path or query holds a character that is not percent-encoded"
        }
        return nil
    }
}

/// The pieces that URLs of servers and of proxies have in common.
struct URLParts {
    /// In lower case; empty where the text has none.
    let scheme: String
    /// What stands before the `@`, still encoded.
    let userInfo: String?
    /// Without brackets.
    let host: String
    let port: UInt16?
    /// What follows host and port.
    let rest: Substring

    init(_ text: String) throws(URLError) {
        var rest = text[...]
        if let range = Self.rangeOfSchemeEnd(rest) {
            scheme = rest[..<range.lowerBound].lowercased()
            rest = rest[range.upperBound...]
        } else {
            scheme = ""
        }
        var authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        self.rest = rest[authority.endIndex...]
        if let at = authority.lastIndex(of: "@") {
            userInfo = String(authority[..<at])
            authority = authority[authority.index(after: at)...]
        } else {
            userInfo = nil
        }
        let portText: Substring
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else {
                throw URLError(description: "the bracket of the IPv6 address is not closed")
            }
            host = String(authority[authority.index(after: authority.startIndex)..<end])
            portText = authority[authority.index(after: end)...]
        } else {
            let end = authority.firstIndex(of: ":") ?? authority.endIndex
            host = String(authority[..<end])
            portText = authority[end...]
        }
        if portText.isEmpty || portText == ":" {
            port = nil
        } else if portText.first == ":",
            portText.dropFirst().utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = UInt16(portText.dropFirst()), number > 0
        {
            port = number
        } else {
            throw URLError(description: "what follows the host is not a port from 1 to 65535")
        }
        guard !host.isEmpty else { throw URLError(description: "the URL has no host") }
    }

    private static func rangeOfSchemeEnd(_ text: Substring) -> Range<Substring.Index>? {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
        return colon..<text.index(colon, offsetBy: 3)
    }
}
