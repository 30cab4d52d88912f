/// Which proxy the environment asks for, by the rules of Go's net/http (`ProxyFromEnvironment`), which kubectl follows.
package enum ProxyEnvironment {
    /// The proxy for a URL; nil for none.
    ///
    /// `HTTPS_PROXY` or `https_proxy` counts for https, `HTTP_PROXY` or `http_proxy` for http, upper case first;
    /// `ALL_PROXY` does not count. Localhost and loopback addresses are never proxied. `NO_PROXY` or `no_proxy` lists
    /// what is not: `*`, addresses, CIDR prefixes, and names with all below them (`.name` without the name itself),
    /// each but prefixes with or without a port.
    /// - Throws: `URLError` where the variable that counts is no proxy's URL.
    package static func proxy(for url: HTTPURL, environment: [String: String]) throws(URLError) -> Proxy? {
        let names = url.scheme == .https ? ["HTTPS_PROXY", "https_proxy"] : ["HTTP_PROXY", "http_proxy"]
        guard let value = first(of: names, environment) else { return nil }
        // A web server running this as CGI turns a client's "Proxy:" field into HTTP_PROXY.
        if url.scheme == .http, environment["REQUEST_METHOD"]?.isEmpty == false {
            throw URLError(description: "HTTP_PROXY is not used where REQUEST_METHOD is set")
        }
        let host = String(url.host.lowercased().drop { $0 == "[" }.prefix { $0 != "%" && $0 != "]" })
        guard !isLoopback(host),
            !isExcluded(host, url.effectivePort, by: first(of: ["NO_PROXY", "no_proxy"], environment) ?? "")
        else { return nil }
        // Without a scheme it is an http proxy.
        let schemes = ["http://", "https://", "socks5://", "socks5h://"]
        return try Proxy(parsing: schemes.contains { value.lowercased().hasPrefix($0) } ? value : "http://" + value)
    }

    private static func first(of names: [String], _ environment: [String: String]) -> String? {
        names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    }

    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" { return true }
        guard let address = AddressBytes(host) else { return false }
        return address.isLoopback
    }

    private static func isExcluded(_ host: String, _ port: UInt16, by list: String) -> Bool {
        let address = AddressBytes(host)
        for item in list.split(separator: ",") {
            let entry = trimmed(item.lowercased())
            if entry.isEmpty { continue }
            if entry == "*" { return true }
            if let slash = entry.firstIndex(of: "/"), let prefix = AddressBytes(String(entry[..<slash])),
                let length = Int(entry[entry.index(after: slash)...])
            {
                if let address, address.isWithin(prefix, length) { return true }
                continue
            }
            let (name, wantedPort) = split(entry)
            if let wantedPort, wantedPort != port { continue }
            if let excluded = AddressBytes(name) {
                if address == excluded { return true }
                continue
            }
            if address == nil, matches(host, name) { return true }
        }
        return false
    }

    /// `name` and all below it; `.name` and `*.name` all below it.
    private static func matches(_ host: String, _ name: String) -> Bool {
        let suffix = name.hasPrefix("*.") ? String(name.dropFirst()) : name
        if suffix.isEmpty || suffix == "." { return false }
        if suffix.hasPrefix(".") { return host.hasSuffix(suffix) }
        return host == suffix || host.hasSuffix("." + suffix)
    }

    private static func split(_ entry: String) -> (name: String, port: UInt16?) {
        if entry.hasPrefix("["), let end = entry.firstIndex(of: "]") {
            let name = String(entry[entry.index(after: entry.startIndex)..<end])
            return (name, UInt16(entry[entry.index(after: end)...].dropFirst()))
        }
        guard let colon = entry.lastIndex(of: ":"), entry.firstIndex(of: ":") == colon,
            let port = UInt16(entry[entry.index(after: colon)...])
        else { return (entry, nil) }
        return (String(entry[..<colon]), port)
    }

    private static func trimmed(_ text: String) -> String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var rest = text.drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return String(rest)
    }
}
