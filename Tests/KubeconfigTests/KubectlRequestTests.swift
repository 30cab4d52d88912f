import TestSupport
import Testing

/// A kubeconfig that works, with the flags and variables it is read with. `@HTTPS@` and `@HTTP@` stand for the servers'
/// ports, `@CA@`, `@CERT@` and `@KEY@` for certificates in base64, `@DIR@` for the folder of their files.
struct WorkingConfiguration: Sendable, CustomTestStringConvertible {
    let name: String
    var files: [String: String]
    var flags: [String] = []
    var environment: [String: String] = [:]
    /// Whether the server is asked by way of the proxy.
    var usesProxy = false

    var testDescription: String { name }

    init(_ name: String, _ cluster: String, _ user: String, flags: [String] = [], context: String = "") {
        self.name = name
        self.flags = ["--kubeconfig=config"] + flags
        files = ["config": Self.text(cluster: cluster, user: user, context: context)]
    }

    /// A server that only the proxy can find, whose connections it carries.
    init(proxied name: String, _ cluster: String, environment: [String: String] = [:]) {
        let server = "server: 'https://api.test:@HTTPS@', certificate-authority-data: @CA@"
        self.init(name, server + cluster, "token: t")
        self.environment = environment
        usesProxy = true
    }

    init(_ name: String, files: [String: String], environment: [String: String]) {
        self.name = name
        self.files = files
        self.environment = environment
    }

    static func text(cluster: String, user: String, context: String = "") -> String {
        """
        apiVersion: v1
        kind: Config
        current-context: c
        contexts:
        - name: c
          context: {cluster: k, user: u\(context)}
        clusters:
        - name: k
          cluster: {\(cluster)}
        - name: other
          cluster: {server: 'https://127.0.0.1:@HTTPS@/other', certificate-authority-data: @CA@}
        users:
        - name: u
          user: {\(user)}
        - name: other
          user: {token: of-other}
        """
    }

    static let trusted = "server: 'https://127.0.0.1:@HTTPS@', certificate-authority-data: @CA@"

    static func exec(_ more: String, version: String = "v1") -> String {
        """
        exec: {command: ./plugin.sh, args: [one, 'two three'], env: [{name: VARIABLE, value: set}, \
        {name: VERSION, value: client.authentication.k8s.io/\(version)}], \
        apiVersion: client.authentication.k8s.io/\(version)\(more)}
        """
    }

    static let all: [WorkingConfiguration] = [
        WorkingConfiguration("a token", trusted, "token: t"),
        WorkingConfiguration("a password", trusted, "username: jane, password: 'p:w'"),
        WorkingConfiguration("a password alone with a token", trusted, "token: t", flags: ["--token=given"]),
        WorkingConfiguration(
            "a certificate as data", trusted, "client-certificate-data: @CERT@, client-key-data: @KEY@"),
        WorkingConfiguration(
            "a certificate in files beside the kubeconfig", trusted,
            "client-certificate: client.pem, client-key: ./client-key.pem"),
        WorkingConfiguration(
            "a certificate and a token", trusted, "token: t, client-certificate: client.pem, client-key: client-key.pem"
        ),
        WorkingConfiguration("a token's file", trusted, "tokenFile: token"),
        WorkingConfiguration("a token and its file", trusted, "token: t, tokenFile: token"),
        WorkingConfiguration("a token and a file that is not there", trusted, "token: t, tokenFile: gone"),
        WorkingConfiguration(
            "an authority in a file", "server: 'https://localhost:@HTTPS@', certificate-authority: server.pem",
            "token: t"),
        WorkingConfiguration(
            "insecure, as YAML 1.1 says it",
            "server: 'https://localhost:@HTTPS@', insecure-skip-tls-verify: on", "token: t"),
        WorkingConfiguration(
            "--insecure-skip-tls-verify instead of an authority", trusted, "token: t",
            flags: ["--insecure-skip-tls-verify"]),
        WorkingConfiguration(
            "--certificate-authority instead of insecure",
            "server: 'https://localhost:@HTTPS@', insecure-skip-tls-verify: true", "token: t",
            flags: ["--certificate-authority=server.pem"]),
        WorkingConfiguration("a server's name", trusted + ", tls-server-name: api.test", "token: t"),
        WorkingConfiguration(
            "--server takes the server's name away", trusted + ", tls-server-name: gone.test", "token: t",
            flags: ["--server=https://127.0.0.1:@HTTPS@"]),
        WorkingConfiguration(
            "--server and --tls-server-name", trusted + ", tls-server-name: gone.test", "token: t",
            flags: ["-s", "https://127.0.0.1:@HTTPS@/p", "--tls-server-name=api.test"]),
        WorkingConfiguration(
            "a path before all",
            "server: 'https://127.0.0.1:@HTTPS@/k8s//clusters/c-1/?a=b#c', certificate-authority-data: @CA@",
            "token: t"),
        WorkingConfiguration(
            "a path with escapes", "server: 'https://127.0.0.1:@HTTPS@/a%20b/(c)', certificate-authority-data: @CA@",
            "token: t"),
        WorkingConfiguration(
            "a query without a path", "server: 'https://127.0.0.1:@HTTPS@?a=b', certificate-authority-data: @CA@",
            "token: t"),
        WorkingConfiguration(
            "a scheme in capitals", "server: 'HTTPS://127.0.0.1:@HTTPS@', certificate-authority-data: @CA@", "token: t"),
        WorkingConfiguration(
            "no credentials over http", "server: 'http://127.0.0.1:@HTTP@'", "token: t, as: jane"),
        WorkingConfiguration("a host and a port are http", "server: '127.0.0.1:@HTTP@'", "token: t"),
        WorkingConfiguration("a name and a port are http", "server: 'localhost:@HTTP@'", "username: a, password: b"),
        WorkingConfiguration(
            "a user in the server's URL",
            "server: 'https://a:b%20c@127.0.0.1:@HTTPS@', certificate-authority-data: @CA@",
            "token: t"),
        WorkingConfiguration("no compression", trusted + ", disable-compression: yes", "token: t"),
        WorkingConfiguration("--disable-compression=true", trusted, "token: t", flags: ["--disable-compression=true"]),
        WorkingConfiguration(
            "acting as somebody", trusted,
            "token: t, as: jane, as-uid: u-1, as-groups: [a, 'b,c'], as-user-extra: {acme.com/x y: [1a, 2b], n: [z]}"),
        WorkingConfiguration(
            "--as over the kubeconfig's", trusted, "token: t, as: jane, as-groups: [a]",
            flags: ["--as=joe", "--as-group", "x", "--as-group=y,z"]),
        WorkingConfiguration("another user", trusted, "token: t", flags: ["--user=other"]),
        WorkingConfiguration("another cluster", trusted, "token: t", flags: ["--cluster", "other"]),
        WorkingConfiguration("a user that is not there, and a token", trusted, "token: t", flags: ["--token=x"]),
        WorkingConfiguration("a plugin", trusted, exec(", interactiveMode: Never")),
        WorkingConfiguration("a plugin of the older version", trusted, exec("", version: "v1beta1")),
        WorkingConfiguration(
            "a plugin that is told of the cluster",
            "server: 'https://127.0.0.1:@HTTPS@/p?q', certificate-authority: server.pem, tls-server-name: api.test, "
                + "disable-compression: true, extensions: [{name: x, extension: 1}, "
                + "{name: client.authentication.k8s.io/exec, extension: {audience: a, n: [1, 2.5, no, ~]}}]",
            exec(", interactiveMode: IfAvailable, provideClusterInfo: true")),
        WorkingConfiguration(
            "a plugin that is told of a cluster without an extension", trusted,
            exec(", interactiveMode: IfAvailable, provideClusterInfo: true")),
        WorkingConfiguration(
            "a token silences the plugin", trusted, exec(", interactiveMode: Never"), flags: ["--token=x"]),
        WorkingConfiguration(
            "a certificate silences the plugin", trusted,
            exec(", interactiveMode: Never") + ", client-certificate: client.pem, client-key: client-key.pem"),
        WorkingConfiguration(
            "a plugin is not run over http", "server: 'http://127.0.0.1:@HTTP@'", exec(", interactiveMode: Never")),
        WorkingConfiguration(
            "an OpenID Connect token", trusted,
            "auth-provider: {name: oidc, config: {idp-issuer-url: 'https://i.test', client-id: c, id-token: @JWT@}}"),
        WorkingConfiguration(
            "several files, of which the first counts",
            files: [
                "one": "users: [{name: u, user: {token: first}}]\n", "two": "",
                "three": text(cluster: trusted, user: "token: t, as: jane"),
                "four": "current-context: other\nusers: [{name: u, user: {as: joe}}, {name: v}]\n",
            ],
            environment: ["KUBECONFIG": "one::gone:two:three:one:four"]),
        WorkingConfiguration(
            "relative to the file that has them",
            files: [
                "one": "users: [{name: u, user: {tokenFile: token}}]\n",
                "below/two": text(
                    cluster: "server: 'https://127.0.0.1:@HTTPS@', certificate-authority: ../server.pem",
                    user: "token: unused"),
            ],
            environment: ["KUBECONFIG": "@DIR@/one:below/two"]),
        WorkingConfiguration(
            "the home folder's",
            files: [".kube/config": text(cluster: trusted, user: "tokenFile: ../token")], environment: [:]),
        WorkingConfiguration(proxied: "a proxy", ", proxy-url: 'http://@PROXY@'"),
        WorkingConfiguration(proxied: "a SOCKS proxy", ", proxy-url: 'socks5://@PROXY@'"),
        WorkingConfiguration(proxied: "a proxy of the environment", "", environment: ["HTTPS_PROXY": "http://@PROXY@"]),
        WorkingConfiguration(
            proxied: "a proxy of the environment, in small letters and without a scheme", "",
            environment: ["https_proxy": "@PROXY@"]),
        WorkingConfiguration(
            proxied: "the kubeconfig's proxy and another of the environment", ", proxy-url: 'http://@PROXY@'",
            environment: ["HTTPS_PROXY": "http://127.0.0.1:1", "NO_PROXY": "api.test"]),
        WorkingConfiguration(
            proxied: "a proxy and another server's name", ", proxy-url: 'http://@PROXY@', tls-server-name: localhost"),
        WorkingConfiguration(
            "a proxy of the environment is for no address of this machine",
            files: [".kube/config": text(cluster: trusted, user: "token: t")],
            environment: ["HTTPS_PROXY": "http://127.0.0.1:1"]),
        WorkingConfiguration(
            "a proxy of the environment for other servers alone",
            files: [".kube/config": text(cluster: trusted, user: "token: t")],
            environment: ["HTTPS_PROXY": "http://127.0.0.1:1", "NO_PROXY": "10.0.0.0/8,127.0.0.0/8"]),
        WorkingConfiguration(
            "HTTP_PROXY is for servers without TLS alone",
            files: [".kube/config": text(cluster: trusted, user: "token: t")],
            environment: ["HTTP_PROXY": "http://127.0.0.1:1"]),
    ]
}

@Suite("Requests against kubectl's")
struct KubectlRequestTests {
    @Test(
        "All requests of doctor have what kubectl's has: name, path, certificate, authorization, impersonation, proxy")
    func requests() async throws {
        try await withTemporaryDirectory { folder in
            let server = try await FakeAPIServer.prepare(in: folder)
            try await server.serving { server in
                for configuration in WorkingConfiguration.all {
                    try await compare(configuration, on: server)
                }
            }
        }
    }

    private func compare(_ configuration: WorkingConfiguration, on server: FakeAPIServer) async throws {
        for (name, text) in configuration.files {
            try writeFile(server.filled(text).utf8, to: "\(server.folder)/\(name)")
        }
        let judge = Judge(server.folder, environment: configuration.environment.mapValues(server.filled))
        let flags = configuration.flags.map(server.filled)
        let judged = try await asked(of: server) {
            let result = try await judge.kubectl(["version", "-o", "json"] + flags)
            #expect(result.succeeded, "\(configuration.name): \(result.errorText)")
        }
        let ours = try await asked(of: server) { _ = try await judge.netviz(["doctor"] + flags) }
        // Some builds of kubectl ask twice.
        guard let wanted = judged.requests.last, ours.requests.count > 1 else {
            Issue.record("\(configuration.name): \(judged.requests.count) and \(ours.requests.count) requests")
            return
        }
        let prefix = wanted.path.dropLast("/version".count)
        #expect(ours.requests.contains(wanted), "\(configuration.name)")
        for request in ours.requests {
            #expect(request.path.hasPrefix(prefix))
            #expect(request.asking(for: wanted.path) == wanted, "\(configuration.name)")
        }
        #expect(Set(ours.proxied) == Set(judged.proxied), "\(configuration.name)")
        #expect(ours.proxied.isEmpty == !configuration.usesProxy, "\(configuration.name)")
        for name in configuration.files.keys { try writeFile([], to: "\(server.folder)/\(name)") }
    }

    /// What the server, and the proxy before it, are asked while `body` runs.
    private func asked(
        of server: FakeAPIServer,
        _ body: () async throws -> Void
    ) async throws -> (requests: [AskedRequest], proxied: [String]) {
        let before = (try server.requests().count, try server.proxied().count)
        try await body()
        return (Array(try server.requests().dropFirst(before.0)), Array(try server.proxied().dropFirst(before.1)))
    }
}
