import Kubeconfig
import Secrets
import TestSupport
import Testing

/// A kubeconfig that is wrong, and the flags it is read with.
struct WrongConfiguration: Sendable, CustomTestStringConvertible {
    let name: String
    let cluster: String
    let user: String
    var flags: [String] = []
    var currentContext = "c"

    var testDescription: String { name }

    var text: String {
        """
        current-context: \(currentContext)
        contexts: [{name: c, context: {cluster: k, user: u}}]
        clusters: [{name: k, cluster: {\(cluster)}}]
        users: [{name: u, user: {\(user)}}]
        """
    }

    init(_ name: String, cluster: String = Self.server, user: String = "token: t", flags: [String] = []) {
        self.name = name
        self.cluster = cluster
        self.user = user
        self.flags = flags
    }

    static let server = "server: 'https://127.0.0.1:1'"

    static func exec(_ fields: String) -> String { "exec: {\(fields)}" }
    static let version = "apiVersion: client.authentication.k8s.io/v1"

    static var all: [WrongConfiguration] {
        var wrongContext = WrongConfiguration("a current context that is not there")
        wrongContext.currentContext = "gone"
        return [
            wrongContext,
            WrongConfiguration("--context that is not there", flags: ["--context=gone"]),
            WrongConfiguration("--user that is not there", flags: ["--user", "gone"]),
            WrongConfiguration("--cluster that is not there", flags: ["--cluster", "gone", "--context", "gone"]),
            WrongConfiguration("a proxy of an unknown scheme", cluster: server + ", proxy-url: 'ftp://x'"),
            WrongConfiguration("a proxy without a scheme", cluster: server + ", proxy-url: 'x'"),
            WrongConfiguration(
                "authority as file and data",
                cluster: server + ", certificate-authority: /dev/null, certificate-authority-data: QQ=="),
            WrongConfiguration("an authority that is not there", cluster: server + ", certificate-authority: gone"),
            WrongConfiguration("a token and a password", user: "token: t, username: b, password: c"),
            WrongConfiguration("a certificate without a key", user: "client-certificate-data: QQ=="),
            WrongConfiguration(
                "certificate and key as file and data",
                user:
                    "client-certificate: gone, client-certificate-data: QQ==, client-key: gone, client-key-data: QQ=="),
            WrongConfiguration("groups without a user", user: "token: t, as-groups: [g]"),
            WrongConfiguration("--as-uid without --as", flags: ["--as-uid", "1"]),
            WrongConfiguration("exec without anything", user: exec("env: [{name: '', value: v}]")),
            WrongConfiguration(
                "exec beside auth-provider",
                user: exec("command: x, \(version), interactiveMode: Sometimes") + ", auth-provider: {name: oidc}"),
            WrongConfiguration(
                "exec of an old version",
                user: exec("command: x, apiVersion: client.authentication.k8s.io/v1alpha1, interactiveMode: Never")),
            WrongConfiguration("v1 without interactiveMode", user: exec("command: x, \(version)")),
            WrongConfiguration(
                "a plugin that fails", user: exec("command: 'false', \(version), interactiveMode: Never")),
            WrongConfiguration(
                "a plugin that needs a terminal", user: exec("command: 'false', \(version), interactiveMode: Always")),
            WrongConfiguration("a provider that is not known", user: "auth-provider: {name: foo}"),
            WrongConfiguration("a token's file and a password", user: "tokenFile: /etc/hostname, username: b"),
            WrongConfiguration(
                "insecure and an authority",
                cluster: server + ", insecure-skip-tls-verify: yes, certificate-authority-data: QQ=="),
            WrongConfiguration("a timeout that is none", flags: ["--request-timeout=soon"]),
            WrongConfiguration(
                "all at once",
                cluster: "server: 'https://127.0.0.1:1', proxy-url: 'ftp://x', certificate-authority: gone",
                user: "token: t, username: b, client-certificate: gone, client-key: gone, as-uid: x"),
        ]
    }
}

@Suite("Errors against kubectl's")
struct KubectlErrorTests {
    @Test("What kubectl objects to is objected to in its words", arguments: WrongConfiguration.all)
    func words(_ wrong: WrongConfiguration) async throws {
        try await withTemporaryDirectory { folder in
            try writeFile(wrong.text.utf8, to: "\(folder)/config")
            let judge = Judge(folder)
            let flags = ["--kubeconfig", "\(folder)/config"] + wrong.flags
            let judged = try await judge.kubectl(["get", "--raw", "/"] + flags)
            #expect(!judged.succeeded)
            let error = await #expect(throws: KubeconfigError.self) {
                let (access, configuration) = try judge.access(flags)
                _ = try await CredentialSource(access, with: configuration).credentials()
            }
            #expect(error?.messages == Judge.messages(judged.errorText))
        }
    }
}
