import NetModel

/// Which proxy the environment names for a server, by the rules of Go's `net/http`, which kubectl follows: HTTPS_PROXY
/// and HTTP_PROXY and their lower-case forms, but not ALL_PROXY; this machine itself is never reached by proxy.
package enum ProxyEnvironment {
    /// What was found.
    package enum Choice: Hashable, Sendable {
        case none
        case proxy(ProxyAddress)
        /// The variable's value is no URL of a proxy.
        case invalid(variable: String)
    }

    /// - Parameter environment: gives a variable's value, nil where it is not set.
    package static func proxy(for origin: HTTPOrigin, environment: (String) -> String?) -> Choice {
        let names = origin.isSecure ? ["HTTPS_PROXY", "https_proxy"] : ["HTTP_PROXY", "http_proxy"]
        guard let (name, text) = first(of: names, environment) else { return .none }
        guard !isThisMachine(origin.host) else { return .none }
        let exceptions = first(of: ["NO_PROXY", "no_proxy"], environment)?.value ?? ""
        guard !exceptions.split(separator: ",").contains(where: { excludes($0, origin) }) else { return .none }
        return ProxyAddress(text).map { .proxy($0) } ?? .invalid(variable: name)
    }

    private static func first(
        of names: [String],
        _ environment: (String) -> String?
    ) -> (name: String, value: String)? {
        for name in names {
            if let value = environment(name), !value.isEmpty { return (name, value) }
        }
        return nil
    }

    private static func isThisMachine(_ host: String) -> Bool {
        if host.lowercased() == "localhost" { return true }
        return IPAddress(host)?.isLoopback ?? false
    }

    /// Whether one entry of NO_PROXY names a server.
    private static func excludes(_ entry: Substring, _ origin: HTTPOrigin) -> Bool {
        let entry = entry.lowercased().trimmed
        guard !entry.isEmpty else { return false }
        if entry == "*" { return true }
        let host = origin.host.lowercased()
        if entry.contains("/") {
            guard let network = IPPrefix(entry), let address = IPAddress(host) else { return false }
            return network.contains(address)
        }
        // "host:port" holds for that port only.
        guard let (name, port) = HostAndPort.split(Substring(entry), standardPort: 0) else { return false }
        guard port == 0 || port == origin.port else { return false }
        if let address = IPAddress(name) { return IPAddress(host) == address }
        if name.hasPrefix("*.") { return host.hasSuffix(name.dropFirst()) }
        if name.hasPrefix(".") { return host.hasSuffix(name) }
        return host == name || host.hasSuffix("." + name)
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace ?? false { text.removeFirst() }
        while text.last?.isWhitespace ?? false { text.removeLast() }
        return String(text)
    }
}
