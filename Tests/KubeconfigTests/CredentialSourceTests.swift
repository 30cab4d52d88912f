import Kubeconfig
import Secrets
import Synchronization
import Testing

@Suite("Credentials")
struct CredentialSourceTests {
    private func source(
        _ world: FakeWorld,
        run: @escaping @Sendable (ProgramRun) async throws(ProgramTrouble) -> String = {
            _ async throws(ProgramTrouble) in throw .notStarted("no program runs here")
        }
    ) throws -> CredentialSource {
        let configuration = world.configuration(run: run)
        return CredentialSource(try ClusterAccess.load(ConnectionOverrides(), with: configuration), with: configuration)
    }

    private func authorization(_ source: CredentialSource) async throws -> String? {
        try await source.credentials().authorization?.revealText()
    }

    @Test("What is stated cannot be replaced by asking again")
    func stated() async throws {
        let source = try source(FakeWorld(FakeWorld.kubeconfig("token: t")))
        let credentials = try await source.credentials()
        #expect(credentials.authorization?.revealText() == "Bearer t")
        #expect(await source.refuse(generation: credentials.generation) == false)
    }

    // MARK: A token's file

    @Test("A token's file is read again after fifty seconds, and the last good token outlives it")
    func tokenFile() async throws {
        let world = FakeWorld(FakeWorld.kubeconfig("tokenFile: /token"))
        world.write(" one\n", to: "/token")
        let source = try source(world)
        let first = try await source.credentials()
        #expect(first.authorization?.revealText() == "Bearer one")
        world.write("two", to: "/token")
        world.pass(seconds: 49)
        #expect(try await source.credentials() == first)
        world.pass(seconds: 1)
        let second = try await source.credentials()
        #expect(second.authorization?.revealText() == "Bearer two")
        #expect(second.generation > first.generation)
        world.write("", to: "/token")
        world.pass(seconds: 60)
        #expect(try await source.credentials() == second)
    }

    @Test("A refused token is read again at once, and only a new one is worth another try")
    func refusedTokenFile() async throws {
        let world = FakeWorld(FakeWorld.kubeconfig("tokenFile: /token"))
        world.write("one", to: "/token")
        let source = try source(world)
        let first = try await source.credentials()
        #expect(await source.refuse(generation: first.generation) == false)
        world.write("two", to: "/token")
        #expect(await source.refuse(generation: first.generation))
        #expect(try await authorization(source) == "Bearer two")
    }

    @Test("A token's file that is missing or empty is an error", arguments: [nil, "", " \n"] as [String?])
    func badTokenFile(_ text: String?) throws {
        let world = FakeWorld(FakeWorld.kubeconfig("tokenFile: /token"))
        world.write(text, to: "/token")
        let error = #expect(throws: KubeconfigError.self) { try source(world) }
        #expect(error?.code == .credential)
        #expect(error?.description.contains("\"/token\"") == true)
    }

    // MARK: Plugins

    @Test("A hundred tasks that ask at once run the plugin once")
    func singleFlight() async throws {
        let world = FakeWorld(FakeWorld.kubeconfig(FakeWorld.plugin))
        let source = try source(world) { _ in
            try? await Task.sleep(for: .milliseconds(50))
            return FakeWorld.credential(#""token":"t""#)
        }
        let answers = try await withThrowingTaskGroup(of: Credentials.self) { group in
            for _ in 0..<100 { group.addTask { try await source.credentials() } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(answers.map { $0.authorization?.revealText() } == ["Bearer t"])
        #expect(world.runs == 1)
    }

    @Test("A plugin runs again when its credentials are over, and not before")
    func expiry() async throws {
        let world = FakeWorld(FakeWorld.kubeconfig(FakeWorld.plugin))
        let source = try source(world) { _ in
            FakeWorld.credential(#""token":"t","expirationTimestamp":"2027-01-15T08:01:00Z""#)
        }
        _ = try await source.credentials()
        world.pass(seconds: 60)
        _ = try await source.credentials()
        #expect(world.runs == 1)
        world.pass(seconds: 1)
        _ = try await source.credentials()
        #expect(world.runs == 2)
    }

    @Test(
        "Credentials without an end, or with one beyond all calendars, are kept",
        arguments: ["", #","expirationTimestamp":null"#, #","expirationTimestamp":"9999-12-31T23:59:59Z""#])
    func endless(_ end: String) async throws {
        let world = FakeWorld(FakeWorld.kubeconfig(FakeWorld.plugin))
        let source = try source(world) { _ in FakeWorld.credential(#""token":"t""# + end) }
        _ = try await source.credentials()
        world.pass(seconds: 1_000_000)
        _ = try await source.credentials()
        #expect(world.runs == 1)
    }

    @Test("After a refusal the plugin runs once again, however many were refused, and not a third time")
    func refusal() async throws {
        let world = FakeWorld(FakeWorld.kubeconfig(FakeWorld.plugin))
        let source = try source(world) { _ in FakeWorld.credential(#""token":"t""#) }
        let first = try await source.credentials()
        for _ in 0..<3 { #expect(await source.refuse(generation: first.generation)) }
        let second = try await source.credentials()
        #expect(second.generation > first.generation)
        #expect(await source.refuse(generation: first.generation))
        #expect(world.runs == 2)
        #expect(await source.refuse(generation: second.generation) == false)
        _ = try await source.credentials()
        #expect(world.runs == 2)
        world.pass(seconds: 61)
        #expect(await source.refuse(generation: second.generation))
        _ = try await source.credentials()
        #expect(world.runs == 3)
    }

    @Test("A plugin that fails is run again by whoever asks next")
    func failure() async throws {
        let world = FakeWorld(FakeWorld.kubeconfig(FakeWorld.plugin))
        let source = try source(world) { _ async throws(ProgramTrouble) in throw .tooMuchOutput }
        for _ in 0..<2 { await #expect(throws: KubeconfigError.self) { try await source.credentials() } }
        #expect(world.runs == 2)
    }

    @Test("A certificate from a plugin is shown with a token or without")
    func pluginCertificate() async throws {
        let pem = "-----BEGIN CERTIFICATE-----\\nQQ==\\n-----END CERTIFICATE-----\\n"
        let key = "-----BEGIN PRIVATE KEY-----\\nQQ==\\n-----END PRIVATE KEY-----\\n"
        let world = FakeWorld(FakeWorld.kubeconfig(FakeWorld.plugin))
        let source = try source(world) { _ in
            FakeWorld.credential(#""clientCertificateData":"\#(pem)","clientKeyData":"\#(key)""#)
        }
        let credentials = try await source.credentials()
        #expect(credentials.authorization == nil)
        #expect(credentials.clientCertificate?.key.revealText() == key.replacing("\\n", with: "\n"))
    }

    @Test(
        "What a plugin must not print is refused in client-go's words",
        arguments: [
            ("", "kind: this is no ExecCredential"),
            ("x: [", "line 2"),
            (
                #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1"}"#,
                "plugin returned version"
            ),
            (
                #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1"}"#,
                "didn't return a status field"
            ),
            (FakeWorld.credential(""), "didn't return a token or cert/key pair"),
            (FakeWorld.credential(#""clientKeyData":"k""#), "only certificate or key, not both"),
            (FakeWorld.credential(#""token":"a\nb""#), "control characters"),
            (FakeWorld.credential(#""token":5"#), "status.token: a number where a string is expected"),
            (FakeWorld.credential(#""token":"t","expirationTimestamp":"soon""#), "RFC 3339"),
        ])
    func badOutput(_ output: String, _ words: String) async throws {
        let source = try source(FakeWorld(FakeWorld.kubeconfig(FakeWorld.plugin))) { _ in output }
        let error = await #expect(throws: KubeconfigError.self) { try await source.credentials() }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    // MARK: Cancellation

    @Test("One of two who wait can go at once; the plugin goes on for the other")
    func oneGoes() async throws {
        let world = FakeWorld(FakeWorld.kubeconfig(FakeWorld.plugin))
        let gate = Mutex(false)
        let source = try source(world) { _ in
            while !gate.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(5)) }
            return FakeWorld.credential(#""token":"t""#)
        }
        let stays = Task { try await source.credentials() }
        while world.runs == 0 { await Task.yield() }
        let goes = Task { try await source.credentials() }
        try await Task.sleep(for: .milliseconds(50))
        goes.cancel()
        let error = await #expect(throws: KubeconfigError.self) { try await goes.value }
        #expect(error?.code == .cancelled)
        gate.withLock { $0 = true }
        #expect(try await stays.value.authorization?.revealText() == "Bearer t")
        #expect(world.runs == 1)
    }

    @Test("Who comes while a plugin is being ended gets a run of his own")
    func newcomer() async throws {
        let world = FakeWorld(FakeWorld.kubeconfig(FakeWorld.plugin))
        let source = try source(world) { _ async throws(ProgramTrouble) in
            guard world.runs == 1 else { return FakeWorld.credential(#""token":"t""#) }
            while !Task.isCancelled { await Task.yield() }
            try? await Task.sleep(for: .milliseconds(1))
            // As long as a program takes to die.
            for _ in 0..<1000 { await Task.yield() }
            throw .cancelled
        }
        let goes = Task { try await source.credentials() }
        while world.runs == 0 { await Task.yield() }
        goes.cancel()
        let comes = Task { try await source.credentials() }
        await #expect(throws: KubeconfigError.self) { try await goes.value }
        #expect(try await comes.value.authorization?.revealText() == "Bearer t")
    }
}
