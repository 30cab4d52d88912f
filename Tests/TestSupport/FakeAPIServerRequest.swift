/// A request that a fake API server has seen.
package struct FakeAPIServerRequest: Hashable, Sendable {
    package let method: String
    /// As it was sent, without the query.
    package let path: String
    /// The query's parameters in their order, decoded.
    package let query: [Parameter]
    /// The header lines in their order, names as they were sent; the value of Authorization replaced by a hash.
    package let headers: [Parameter]
    /// The body of a POST, PUT, PATCH or DELETE; nil for others, and where there was none.
    package let body: String?
    /// The number of the connection that it came over, from 1.
    package let connection: Int
    /// What the TLS client said; nil over plain HTTP.
    package let tls: TLSGreeting?
    /// The status that was answered; nil where there was none, as after a cut.
    package let status: Int?
    /// Seconds since the server started.
    package let time: Double

    /// A name with its value.
    package struct Parameter: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What a TLS client's first message asked for, and who it is.
    package struct TLSGreeting: Hashable, Sendable {
        /// The server's name (SNI, RFC 6066); nil where it gave none, as for an address.
        package let serverName: String?
        /// The protocols that it offered (ALPN, RFC 7301).
        package let offeredProtocols: [String]
        /// The common name of its certificate; nil where it presented none.
        package let clientName: String?
    }

    init(_ entry: JSONValue) throws {
        func pairs(_ name: String) -> [Parameter] {
            (entry[name]?.array ?? []).compactMap { pair in
                guard let name = pair[0]?.string, let value = pair[1]?.string else { return nil }
                return Parameter(name, value)
            }
        }
        guard let method = entry["method"]?.string, let path = entry["path"]?.string,
            let connection = entry["connection"]?.integer, let time = entry["time"]?.double
        else { throw FakeAPIServerError.refused(path: "/_log", reason: "an entry without method, path or time") }
        self.method = method
        self.path = path
        self.connection = connection
        self.time = time
        query = pairs("query")
        headers = pairs("headers")
        body = entry["body"]?.string
        status = entry["status"]?.integer
        if let greeting = entry["tls"], greeting.object != nil {
            tls = TLSGreeting(
                serverName: greeting["sni"]?.string,
                offeredProtocols: (greeting["alpn_offered"]?.array ?? []).compactMap(\.string),
                clientName: greeting["client"]?.string
            )
        } else {
            tls = nil
        }
    }

    /// The first value of a header, whatever the case of its name.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The values of a query parameter.
    package func parameters(_ name: String) -> [String] {
        query.filter { $0.name == name }.map(\.value)
    }
}
