import HTTPTransport
import Secrets
import TestSupport
import Testing

@Suite("A request that fails")
struct FailureTests {
    private func reason(_ request: HTTPRequest, _ settings: ConnectionSettings = .init()) async -> HTTPError.Reason? {
        await failure { () throws(HTTPError) in try await HTTPClient().text(request, through: settings) }?.reason
    }

    @Test("says that nothing listens, and where")
    func refused() async throws {
        let port = try await withServer { $0.port }
        let error = await failure { () throws(HTTPError) in try await HTTPClient().text(request(.get, port)) }
        #expect(error == HTTPError(.refused, endpoint: "127.0.0.1:\(port)"))
        #expect(error?.description.hasPrefix("127.0.0.1:\(port): connection refused") == true)
        #expect(error?.mayHaveBeenReceived == false)
    }

    @Test("says that there is no such host")
    func unresolved() async throws {
        #expect(await reason(request(.get, 80, host: "no-such-host.invalid")) == .unresolvedHost)
    }

    @Test(
        "says how much came before the connection ended",
        arguments: [
            ("/cut", HTTPError.Reason.closedEarly(bytesReceived: 50)),
            ("/reset-in-body", .reset(bytesReceived: 50)),
            ("/close", .closedEarly(bytesReceived: 0)),
            ("/reset", .reset(bytesReceived: 0)),
        ])
    func cut(_ path: String, _ expected: HTTPError.Reason) async throws {
        try await withServer { server in
            #expect(await reason(request(.get, server.port, path)) == expected)
        }
    }

    @Test("says that what came is not HTTP")
    func garbage() async throws {
        try await withServer { server in
            let error = await failure { () throws(HTTPError) in
                try await HTTPClient().text(request(.get, server.port, "/garbage"))
            }
            guard case .malformedResponse = error?.reason else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("refuses a head that does not end")
    func endlessHead() async throws {
        try await withServer { server in
            #expect(
                await reason(request(.get, server.port, "/endless-head"))
                    == .malformedResponse("its head is longer than 262144 bytes"))
        }
    }

    @Test("is over when its deadline is, and says what it waited for")
    func deadlines() async throws {
        try await withServer { server in
            var silent = request(.get, server.port, "/silent")
            silent.deadlines.head = .milliseconds(300)
            #expect(await reason(silent) == .timedOut(.head, after: .milliseconds(300)))
            var pausing = request(.get, server.port, "/pause")
            pausing.deadlines.idle = .milliseconds(300)
            #expect(await reason(pausing) == .timedOut(.body, after: .milliseconds(300)))
            var long = request(.get, server.port, "/pause")
            long.deadlines.whole = .milliseconds(300)
            #expect(await reason(long) == .timedOut(.body, after: .milliseconds(300)))
            try await server.expectEvent { $0 == "closed /pause" }
        }
    }

    @Test("waits for a connection and its TLS handshake no longer than its settings say")
    func connectTimeout() async throws {
        // Without TLS this server waits for a request, and answers no handshake.
        try await withServer { server in
            var settings = ConnectionSettings()
            settings.connectTimeout = .milliseconds(300)
            let reason = await reason(secureRequest(server.port), settings)
            #expect(reason == .timedOut(.handshake, after: .milliseconds(300)))
        }
    }

    @Test("says what is wrong with the server's certificate")
    func certificates() async throws {
        let certificates = try await Certificates.shared()
        func failureOfTLS(_ certificate: String, _ settings: ConnectionSettings, host: String = "127.0.0.1")
            async throws -> HTTPError.TLSFailure?
        {
            try await withServer(certificate: certificate) { server in
                let reason = await reason(secureRequest(server.port, "/show", host: host), settings)
                guard case .tls(let failure, let detail)? = reason else { return nil }
                #expect(!detail.isEmpty)
                return failure
            }
        }
        let trusting = try certificates.settings()
        #expect(try await failureOfTLS("server", trusting) == nil)
        #expect(try await failureOfTLS("server", ConnectionSettings()) == .unknownAuthority)
        var others = trusting
        others.trust = .authorities(try certificates.bytes("other-ca.pem"))
        #expect(try await failureOfTLS("server", others) == .unknownAuthority)
        #expect(try await failureOfTLS("server", trusting, host: "localhost") == .nameMismatch)
        #expect(try await failureOfTLS("expired", trusting) == .expired)
        others.trust = .authorities([UInt8]("not PEM".utf8))
        #expect(try await failureOfTLS("server", others) == .authorities)
        others.trust = .none
        #expect(try await failureOfTLS("expired", others, host: "localhost") == nil)
    }

    @Test("says that a server does not speak TLS")
    func plainServer() async throws {
        try await withNginx { nginx in
            let reason = await reason(secureRequest(nginx.plainPort))
            guard case .tls(.handshake, _)? = reason else {
                Issue.record("\(String(describing: reason))")
                return
            }
        }
    }

    @Test("leaves no credential in its error")
    func noCredential() async throws {
        let port = try await withServer { $0.port }
        var settings = ConnectionSettings()
        settings.proxy = try Proxy(parsing: "http://user:hunter2@127.0.0.1:\(port)")
        var get = secureRequest(443, "/x", host: "api.example")
        get.url.query = "token=hunter2"
        get.fields = [HTTPField("Authorization", .secret(Secret("hunter2")))]
        let error = await failure { () throws(HTTPError) in try await HTTPClient().text(get, through: settings) }
        #expect(
            error?.reason
                == .proxyRefused(proxy: "127.0.0.1:\(port)", status: nil, detail: "connection refused"))
        #expect(!"\(String(describing: error)) \(get) \(settings)".contains("hunter2"))
    }

    @Test("of a closed client says so, and what is under way ends")
    func closed() async throws {
        try await withServer { server in
            let client = HTTPClient()
            let silent = Task {
                await failure { () throws(HTTPError) in try await client.text(request(.get, server.port, "/silent")) }
            }
            try await server.expectEvent { $0.hasPrefix("GET /silent") }
            await client.close()
            #expect(await silent.value?.reason == .clientClosed)
            #expect(
                await failure { () throws(HTTPError) in try await client.text(request(.get, server.port)) }?.reason
                    == .clientClosed)
        }
    }
}
