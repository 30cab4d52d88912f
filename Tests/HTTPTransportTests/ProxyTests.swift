import HTTPTransport
import Secrets
import TestSupport
import Testing

@Suite("A proxy")
struct ProxyTests {
    @Test("connects by name, with credentials where it wants them", arguments: [Proxy.Kind.http, .https, .socks5])
    func connects(_ kind: Proxy.Kind) async throws {
        try await withServer(certificate: "server") { server in
            try await withProxy(credentials: ["us er", "p:ss"], certificate: kind == .https ? "server" : nil) { proxy in
                let credentials = Proxy.Credentials(user: "us er", password: Secret("p:ss"))
                let settings = try await Certificates.shared().settings(
                    proxy: Proxy(kind, host: "127.0.0.1", port: proxy.port, credentials: credentials))
                let text = try await HTTPClient().text(
                    secureRequest(server.port, "/show", host: "api.example"), through: settings)
                #expect(text.hasPrefix("GET /show HTTP/1.1\r\nHost: api.example:\(server.port)\r\n"))
                #expect(!text.contains("Proxy-Authorization"))
                let verb = kind == .socks5 ? "SOCKS" : "CONNECT"
                #expect(proxy.events() == ["\(verb) api.example:\(server.port)"])
            }
        }
    }

    @Test("that wants other credentials, or cannot connect, is named in the error")
    func refuses() async throws {
        try await withProxy(credentials: ["user", "right"]) { proxy in
            func reason(_ kind: Proxy.Kind, _ password: String?, _ host: String) async -> HTTPError.Reason? {
                var settings = ConnectionSettings()
                settings.proxy = Proxy(kind, host: "127.0.0.1", port: proxy.port)
                if let password { settings.proxy?.credentials = .init(user: "user", password: Secret(password)) }
                return await failure { () throws(HTTPError) in
                    try await HTTPClient().text(secureRequest(443, host: host), through: settings)
                }?.reason
            }
            let endpoint = "127.0.0.1:\(proxy.port)"
            for password in [nil, "wrong"] {
                #expect(
                    await reason(.http, password, "api.example")
                        == .proxyRefused(proxy: endpoint, status: 407, detail: ""))
            }
            #expect(
                await reason(.http, "right", "refused.example")
                    == .proxyRefused(proxy: endpoint, status: 502, detail: ""))
            for (password, host) in [("wrong", "api.example"), ("right", "refused.example")] {
                guard case .proxyRefused(endpoint, nil, let detail)? = await reason(.socks5, password, host) else {
                    Issue.record("not refused: \(password) \(host)")
                    return
                }
                #expect(!detail.isEmpty)
            }
        }
    }

    @Test(
        "carries raw streams too, to servers with and without TLS by CONNECT",
        arguments: [(Proxy.Kind.http, false), (.http, true), (.https, false), (.https, true)])
    func streams(_ kind: Proxy.Kind, toTLS: Bool) async throws {
        try await withServer(certificate: toTLS ? "server" : nil) { server in
            try await withProxy(certificate: kind == .https ? "server" : nil) { proxy in
                let settings = try await Certificates.shared().settings(
                    proxy: Proxy(kind, host: "127.0.0.1", port: proxy.port))
                let host = "api.example"
                let stream = try await HTTPClient().upgrade(
                    toTLS
                        ? secureRequest(server.port, "/echo", host: host)
                        : request(.get, server.port, "/echo", host: host),
                    through: settings)
                try await stream.send(try echoRequest(server.port).headBytes())
                #expect(try await readHead(stream).hasPrefix("HTTP/1.1 101"))
                let bytes = [UInt8](repeating: 7, count: 300_000)
                async let sent: Void = stream.send(bytes)
                var count = 0
                while count < bytes.count, let piece = try await stream.receive() { count += piece.count }
                try await sent
                #expect(count == bytes.count)
                #expect(proxy.events() == ["CONNECT api.example:\(server.port)"])
            }
        }
    }

    @Test("that speaks TLS is trusted as the server is, and says so where it is not")
    func untrusted() async throws {
        try await withServer(certificate: "server") { server in
            try await withProxy(certificate: "stranger") { proxy in
                let settings = try await Certificates.shared().settings(
                    proxy: Proxy(.https, host: "127.0.0.1", port: proxy.port))
                let reason = await failure { () throws(HTTPError) in
                    try await HTTPClient().text(secureRequest(server.port, host: "api.example"), through: settings)
                }?.reason
                guard case .tls(_, let detail)? = reason else {
                    Issue.record("\(String(describing: reason))")
                    return
                }
                #expect(detail.contains("unable to get local issuer certificate"))
                #expect(proxy.events() == [])
            }
        }
    }

    @Test("of one password is not used by a request of another")
    func separate() async throws {
        try await withServer(certificate: "server") { server in
            try await withProxy(credentials: ["user", "right"]) { proxy in
                let client = HTTPClient()
                var settings = try await Certificates.shared().settings(
                    proxy: Proxy(.http, host: "127.0.0.1", port: proxy.port))
                settings.proxy?.credentials = .init(user: "user", password: Secret("right"))
                let request = secureRequest(server.port, "/show", host: "api.example")
                _ = try await client.text(request, through: settings)
                settings.proxy?.credentials = .init(user: "user", password: Secret("wrong"))
                #expect(
                    await failure { () throws(HTTPError) in try await client.text(request, through: settings) }?.reason
                        == .proxyRefused(proxy: "127.0.0.1:\(proxy.port)", status: 407, detail: ""))
            }
        }
    }
}
