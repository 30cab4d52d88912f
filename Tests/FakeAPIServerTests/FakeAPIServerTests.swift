import TestSupport
import Testing

@Suite struct FakeAPIServerTests {
    @Test("It serves a generated cluster, and shows its objects")
    func servesGeneratedCluster() async throws {
        let options = FakeAPIServerOptions(["--nodes", "3", "--pods", "12", "--services", "2"])
        try await withFakeAPIServer(options) { server in
            let state = try server.state()
            #expect(state["nodes"]?.array?.count == 3)
            #expect(state["pods"]?.array?.count == 12)
            #expect(state["endpointslices.discovery.k8s.io"]?.array?.count == 2)
            #expect(try server.processorSeconds() > 0)
        }
    }

    @Test("Its log tells what was asked, with parameters, headers and the answer's status, and no credentials")
    func logsRequests() async throws {
        try await withFakeAPIServer { server in
            _ = try await runSuccessfully(
                "curl",
                ["-sS", "-H", "Authorization: Bearer sesame", "\(server.url)/api/v1/pods?limit=5&labelSelector=a%3Db"]
            )
            let requests = try server.log()
            let request = try #require(requests.first)
            #expect(requests.count == 1)
            #expect(request.method == "GET")
            #expect(request.path == "/api/v1/pods")
            #expect(request.parameters("labelSelector") == ["a=b"])
            #expect(request.status == 200)
            let authorization = try #require(request.header("authorization"))
            #expect(authorization.hasPrefix("Bearer sha256:"))
            #expect(request.tls == nil)
        }
    }

    @Test("A fault that a test adds decides what the next request gets")
    func addsFaults() async throws {
        try await withFakeAPIServer { server in
            try server.control(
                "faults", #"[{"match": {"path": "^/version$", "nth": 1}, "do": {"status": 503, "body": "x"}}]"#)
            let status = ["-sS", "-o", "/dev/null", "-w", "%{http_code}", "\(server.url)/version"]
            #expect(try await runSuccessfully("curl", status) == "503")
            #expect(try await runSuccessfully("curl", status) == "200")
        }
    }

    @Test("What it does not understand is refused in words")
    func refusesNonsense() async throws {
        try await withFakeAPIServer { server in
            #expect(throws: FakeAPIServerError.self) { try server.control("faults", #"[{"do": {"cut": "nowhere"}}]"#) }
            #expect(throws: FakeAPIServerError.self) { try server.control("nothing") }
        }
    }

    @Test("It ends with its test, also when the test throws")
    func endsWithItsTest() async throws {
        struct Enough: Error {}
        var url = ""
        await #expect(throws: Enough.self) {
            try await withFakeAPIServer { server in
                url = server.url
                throw Enough()
            }
        }
        let result = try await run("curl", ["-sS", "\(url)/version"])
        #expect(result.status == .exited(7))
    }

    @Test("A server that cannot start says why")
    func saysWhyItDoesNotStart() async throws {
        do {
            try await withFakeAPIServer(FakeAPIServerOptions(["--no-such-option"])) { _ in }
            Issue.record("it started")
        } catch let error as FakeAPIServerError {
            #expect(error.description.contains("--no-such-option"))
        }
    }

    @Test("The kubeconfig leads to it")
    func kubeconfigLeadsToIt() async throws {
        try await withFakeAPIServer { server in
            let text = server.kubeconfig(
                cluster: ["insecure-skip-tls-verify: true"], user: ["token: abc"], namespace: "shop")
            #expect(
                text == """
                    apiVersion: v1
                    kind: Config
                    current-context: fake
                    clusters:
                    - name: fake
                      cluster:
                        server: \(server.url)
                        insecure-skip-tls-verify: true
                    users:
                    - name: fake
                      user:
                        token: abc
                    contexts:
                    - name: fake
                      context: {cluster: fake, user: fake, namespace: shop}

                    """)
        }
    }
}
