import Kubeconfig
import Secrets
import Testing

@Suite("Configurations")
struct ConfigurationTests {
    private let serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount"
    private let pod = ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"]
    private let authority = "-----BEGIN CERTIFICATE-----\n"

    private func inPod(_ files: [String: String] = [:]) -> FakeWorld {
        let world = FakeWorld(files)
        world.write("pod-token\n", to: "\(serviceAccount)/token")
        world.write(authority, to: "\(serviceAccount)/ca.crt")
        world.write("shop\n", to: "\(serviceAccount)/namespace")
        return world
    }

    private func load(
        _ world: FakeWorld,
        _ environment: [String: String] = [:],
        _ change: (inout ConnectionOverrides) -> Void = { _ in }
    ) throws -> ClusterAccess {
        var overrides = ConnectionOverrides()
        change(&overrides)
        return try ClusterAccess.load(overrides, with: world.configuration(environment))
    }

    // MARK: Nothing

    @Test("Without any configuration the ways to one are named")
    func missing() {
        let error = #expect(throws: KubeconfigError.self) { try load(FakeWorld()) }
        #expect(error?.code == .missing)
        for word in ["--kubeconfig", "KUBECONFIG", "~/.kube/config"] {
            #expect(error?.remedy?.contains(word) == true)
        }
    }

    @Test("A cluster without a server is said so, where kubectl would try localhost:8080")
    func noServer() {
        let error = #expect(throws: KubeconfigError.self) { try load(FakeWorld(FakeWorld.kubeconfig("", cluster: ""))) }
        #expect(error?.messages == ["no server found for cluster \"k\""])
    }

    @Test("KUBERNETES_MASTER stands in for a server")
    func master() throws {
        let access = try load(FakeWorld(), ["KUBERNETES_MASTER": "http://localhost:8001"])
        #expect("\(access.server)" == "http://localhost:8001")
    }

    @Test("KUBECONFIG hides the home folder's file even where it names nothing that is there")
    func variable() {
        let world = FakeWorld(FakeWorld.kubeconfig("token: t"))
        let error = #expect(throws: KubeconfigError.self) { try load(world, ["KUBECONFIG": "/gone::/gone"]) }
        #expect(error?.code == .missing)
    }

    // MARK: In a pod

    @Test("In a pod the service account is used, with its authority, its token's file and its namespace")
    func serviceAccountAccess() async throws {
        let access = try load(inPod(), pod)
        #expect("\(access.server)" == "https://[fd00::1]")
        #expect(access.trust == .authority(Array(authority.utf8)))
        #expect(access.namespace == "shop")
        #expect(access.namespaceOrigin == .serviceAccount)
        #expect(access.origin == .serviceAccount)
        let credentials = try await CredentialSource(access, with: inPod().configuration(pod)).credentials()
        #expect(credentials.authorization?.revealText() == "Bearer pod-token")
    }

    @Test("A kubeconfig comes before the pod, but a namespace that it does not say is the pod's")
    func kubeconfigInPod() throws {
        let access = try load(inPod(FakeWorld.kubeconfig("token: t")), pod)
        #expect("\(access.server)" == "https://api.test")
        #expect(access.namespace == "shop")
        #expect(try load(inPod(FakeWorld.kubeconfig("token: t")), pod) { $0.namespace = "flag" }.namespace == "flag")
        let named = pod.merging(["POD_NAMESPACE": "other"]) { $1 }
        #expect(try load(inPod(), named).namespace == "other")
    }

    @Test("In a pod --server leaves the service account aside, --token replaces its token")
    func flagsInPod() throws {
        #expect(try load(inPod(), pod) { $0.server = "http://h:1" }.origin == .files([]))
        guard case .token(let token) = try load(inPod(), pod, { $0.token = Secret("x") }).authentication else {
            Issue.record("no token")
            return
        }
        #expect(token.revealText() == "x")
    }

    // MARK: Servers

    @Test(
        "Servers are read as kubectl reads them",
        arguments: [
            ("https://h", "https://h"), ("h", "http://h"), ("h:8080", "http://h:8080"),
            ("10.0.0.1:6443/", "http://10.0.0.1:6443"),
            ("https://h:443/", "https://h"), ("http://h:443", "http://h:443"),
            ("https://[::1]:6443", "https://[::1]:6443"),
            ("https://h/a/../b//c/", "https://h/b/c"), ("https://h/%7e%41", "https://h/~A"),
            ("https://h:/x", "https://h/x"),
            ("[fe80::1%25eth0]:1", "http://[fe80::1%eth0]:1"), ("https://h?x=/y", "https://h"),
        ])
    func servers(_ text: String, _ url: String) throws {
        #expect("\(try load(FakeWorld()) { $0.server = text }.server)" == url)
    }

    @Test(
        "What is no server is refused",
        arguments: [
            "h/x", "https://", "https://:1", "ftp://h", "https://h:0", "https://h:65536", "https://h:+1", "https://h h",
            "https://h\nX: y", "https://[::1", "https://[h]", "https://h/%", "https://h/%zz", "https://[::1]x",
            "https://h:1:2",
            "://h", "https://b\u{FC}cher.test",
        ])
    func badServers(_ text: String) {
        let error = #expect(throws: KubeconfigError.self) { try load(FakeWorld()) { $0.server = text } }
        #expect(error?.code == .invalid)
    }

    @Test("A proxy's user is decoded and its port is the scheme's own")
    func proxy() throws {
        let cluster = "server: 'https://h', proxy-url: 'socks5://me%40x:p%3Aw@[::1]'"
        let proxy = try load(FakeWorld(FakeWorld.kubeconfig("token: t", cluster: cluster))).proxy
        #expect(proxy?.description == "socks5://[::1]:1080")
        #expect(proxy?.username == "me@x")
        #expect(proxy?.password?.revealText() == "p:w")
    }

    @Test(
        "Timeouts are whole seconds or Go's durations",
        arguments: [
            ("", nil), ("0", nil), ("0s", nil), ("90", .seconds(90)), ("1m30s", .seconds(90)), ("1.5h", .seconds(5400)),
            (".5s", .milliseconds(500)), ("99999999999999999", nil),
        ] as [(String, Duration?)])
    func timeouts(_ text: String, _ timeout: Duration?) throws {
        #expect(try load(FakeWorld()) { ($0.server, $0.requestTimeout) = ("http://h", text) }.requestTimeout == timeout)
    }

    @Test("Timeouts that are none are refused", arguments: ["-1", "1x", "s", "1s2", "1..5s", "999999999h", " 1"])
    func badTimeouts(_ text: String) {
        #expect(throws: KubeconfigError.self) {
            try load(FakeWorld()) { ($0.server, $0.requestTimeout) = ("http://h", text) }
        }
    }

    // MARK: Files

    @Test(
        "A file that cannot be understood is named with the line and the field",
        arguments: [
            (
                "clusters:\n- name: a\n  cluster:\n    server: 1",
                "line 4: clusters[0].cluster.server: a number where a string"
            ),
            ("users:\n- name: a\n  user: {token: no}", "line 3: users[0].user.token: true or false where a string"),
            ("users: {}", "line 1: users: an object where an array"),
            ("contexts:\n- name: a\n- name: a", "line 3: contexts: duplicate name \"a\""),
            ("kind: Pod", "line 1: kind: \"Pod\" where a kubeconfig has \"Config\""),
            ("apiVersion: v2", "apiVersion: \"v2\""),
            ("a: [", "line 2: did not find expected node content"),
            ("[]", "line 1: an array where an object is expected"),
            ("users: [{name: a, user: {client-key-data: '%'}}]", "users[0].user.client-key-data: this is not base64"),
            ("a: &a [*a]", "line 1: an anchor that contains itself"),
            ("a: \u{1}", "line 1: control characters are not allowed"),
        ])
    func badFile(_ text: String, _ words: String) {
        let error = #expect(throws: KubeconfigError.self) { try load(FakeWorld(["/home/me/.kube/config": text])) }
        #expect(error?.code == .file)
        #expect(error?.description.hasPrefix("error loading config file \"/home/me/.kube/config\": ") == true)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test("All files that cannot be read are named together")
    func badFiles() {
        let world = FakeWorld(["/a": "[", "/b": "kind: X", "/c": ""])
        let error = #expect(throws: KubeconfigError.self) { try load(world, ["KUBECONFIG": "/a:/b:/c:/d"]) }
        #expect(error?.messages.count == 2)
    }

    @Test("--token takes the place of a token's file")
    func tokenOverFile() throws {
        let access = try load(FakeWorld(FakeWorld.kubeconfig("tokenFile: /gone"))) { $0.token = Secret("x") }
        #expect("\(access.authentication)" == "token")
    }

    @Test("An OpenID Connect token that is over sends to kubectl, which can get another")
    func expiredToken() {
        // {"exp":1}
        let user = "auth-provider: {name: oidc, config: {id-token: e30.eyJleHAiOjF9.c2ln}}"
        let error = #expect(throws: KubeconfigError.self) { try load(FakeWorld(FakeWorld.kubeconfig(user))) }
        #expect(error?.messages == ["the OpenID Connect token in the kubeconfig has expired"])
        #expect(error?.remedy == "Run any kubectl command to refresh it.")
    }

    @Test("A header cannot be smuggled in with a name to act as", arguments: ["a\\r\\nX: y", "a\\0"])
    func headers(_ name: String) {
        let user = "token: t, as: \"\(name)\""
        let error = #expect(throws: KubeconfigError.self) { try load(FakeWorld(FakeWorld.kubeconfig(user))) }
        #expect(error?.messages == ["Impersonate-User: control characters cannot be in a header"])
    }

    @Test("A key under a password is refused, as a TLS library would ask for it")
    func encryptedKey() {
        // "-----BEGIN CERTIFICATE-----", "-----BEGIN ENCRYPTED PRIVATE KEY-----"
        let user =
            "client-certificate-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t, client-key-data: LS0tLS1CRUdJTiBFTkNSWVBURUQgUFJJVkFURSBLRVktLS0tLQ=="
        let error = #expect(throws: KubeconfigError.self) { try load(FakeWorld(FakeWorld.kubeconfig(user))) }
        #expect(error?.description.contains("encrypted") == true)
    }

    @Test("The description says what is used and from where")
    func description() throws {
        let access = try load(
            FakeWorld(FakeWorld.kubeconfig("token: t, as: jane", cluster: "server: 'https://h:6443/p'")))
        #expect(
            "\(access)"
                == "server https://h:6443/p, trust: the system's authorities, authentication: token, acting as jane, context c, cluster k, user u, namespace default"
        )
    }
}
