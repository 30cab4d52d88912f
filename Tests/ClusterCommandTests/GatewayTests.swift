import TestSupport
import Testing

@Suite("What stands between a run and the API server")
struct GatewayTests {
    @Test(
        "may end a connection after each request, in order or with a GOAWAY",
        arguments: [(true, 1), (true, 3), (false, 1), (false, 3)])
    func endedConnections(isHTTP2: Bool, requestsOfConnection: Int) async throws {
        try await withSmallCluster(user: ["token: t"], usesTLS: true) { cluster in
            try await Gateway.with(
                cluster, isHTTP2: isHTTP2, requestsOfConnection: requestsOfConnection
            ) { gateway in
                let result = try await cluster.flows()

                #expect(result.status == .exited(0))
                #expect(result.pairs == smallClusterPairs)
                #expect(result.errorLines.count == 1, "\(result.errorText)")
                #expect(result.errorText.hasPrefix("3 of 3 nodes, "))
                let log = gateway.log()
                #expect(log.contains { $0.contains(isHTTP2 ? " HTTP/2.0 200 " : " HTTP/1.1 200 ") })
                #expect(log.contains { $0.contains(" HTTP/1.1 101 ") && $0.hasSuffix("/exec") })
                #expect(gateway.connectionCount >= log.count / requestsOfConnection)
                // None was sent twice.
                #expect(try cluster.requests("POST", "/jobs").count == 1)
                #expect(try cluster.nodesOfCreatedPods().sorted() == ["n1", "n2", "n3"])
                #expect(try await cluster.leftovers() == [])
            }
        }
    }

    @Test(
        "may compress, which is asked for unless the kubeconfig says otherwise", arguments: [true, false],
        [true, false])
    func compression(isHTTP2: Bool, isAllowed: Bool) async throws {
        try await withSmallCluster(user: ["token: t"], usesTLS: true) { cluster in
            try await Gateway.with(cluster, isHTTP2: isHTTP2, isCompressing: true) { gateway in
                let result = try await cluster.flows(isAllowed ? [] : ["--disable-compression"])

                #expect(result.status == .exited(0))
                #expect(result.pairs == smallClusterPairs)
                #expect(result.errorText.hasPrefix("3 of 3 nodes, "), "\(result.errorText)")
                let list = try #require(gateway.log().first { $0.hasSuffix(" GET /api/v1/nodes") })
                #expect(list.contains(isHTTP2 ? " HTTP/2.0 200 " : " HTTP/1.1 200 "))
                #expect(list.contains(" gzip. ") == isAllowed)
                #expect(gateway.log().contains { $0.contains(" gzip. ") } == isAllowed)
                #expect(try await cluster.leftovers() == [])
            }
        }
    }

    @Test("may be a proxy that speaks TLS itself and wants a password, for execs too")
    func secureProxy() async throws {
        try await withSmallCluster(user: ["token: t"], usesTLS: true) { cluster in
            let folder = cluster.folder + "/proxy"
            try makeDirectory(folder)
            let program = Repository.path("Tests/HTTPTransportTests/Programs/proxy.py")
            _ = try await withBackgroundCommand(
                "python3",
                [
                    program, folder, "api.example", "jane", "p:ss", "--tls", cluster.folder + "/server.pem",
                    cluster.folder + "/server-key.pem",
                ]
            ) { _ in
                for _ in 0..<500 where !fileExists(folder + "/port") {
                    try await Task.sleep(for: .milliseconds(20))
                }
                let proxy = "https://jane:p%3Ass@127.0.0.1:\(try readText(folder + "/port"))"
                let kubeconfig = try readText(cluster.kubeconfig)
                try writeFile(
                    kubeconfig.replacing(
                        "certificate-authority:", with: "proxy-url: \(proxy)\n    certificate-authority:"
                    ).utf8, to: cluster.kubeconfig)

                let result = try await cluster.flows(["-v", "6"])

                #expect(result.status == .exited(0))
                #expect(result.pairs == smallClusterPairs)
                #expect(result.errorText.contains("\n3 of 3 nodes, "), "\(result.errorText)")
                #expect(!result.errorText.contains("p:ss"))
                #expect(!result.errorText.contains("p%3Ass"))
                let events = try readText(folder + "/events").split(separator: "\n")
                #expect(Set(events) == ["CONNECT 127.0.0.1:\(cluster.server.port)"])
                // Nothing went past it.
                #expect(events.count >= Set(try cluster.server.log().map(\.connection)).count)
                #expect(try await cluster.leftovers() == [])
            }
        }
    }
}
