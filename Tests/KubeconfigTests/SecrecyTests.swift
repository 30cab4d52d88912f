import Kubeconfig
import Secrets
import Testing

/// Credentials of every kind, all with the word SECRET in them, on every way to an error.
@Suite("Secrets")
struct SecrecyTests {
    private static let pem = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t"

    /// Users and clusters; each is read, asked for credentials and described.
    static let entries: [(user: String, cluster: String)] = [
        ("token: SECRET", "server: 'https://api.test'"),
        ("token: \"SECRET\\n\"", "server: 'https://api.test'"),
        ("token: [SECRET]", "server: 'https://api.test'"),
        ("token: {SECRET: SECRET}", "server: 'https://api.test'"),
        ("token: 'SECRET", "server: 'https://api.test'"),
        ("token: *SECRET", "server: 'https://api.test'"),
        ("token: !!int SECRET", "server: 'https://api.test'"),
        ("username: me, password: SECRET", "server: 'https://api.test'"),
        ("token: SECRET, username: me, password: SECRET", "server: 'https://api.test'"),
        ("password: {a: SECRET}", "server: 'https://api.test'"),
        ("client-key-data: SECRET!", "server: 'https://api.test'"),
        ("client-certificate-data: \(pem), client-key-data: U0VDUkVU", "server: 'https://api.test'"),
        ("client-certificate-data: \(pem), client-key-data: U0VDUkVU, client-key: gone", "server: 'https://api.test'"),
        ("tokenFile: /token", "server: 'https://api.test'"),
        ("tokenFile: /bad-token", "server: 'https://api.test'"),
        ("tokenFile: /token, username: me", "server: 'https://api.test'"),
        (
            "auth-provider: {name: oidc, config: {id-token: SECRET, refresh-token: SECRET}}",
            "server: 'https://api.test'"
        ),
        ("auth-provider: {name: oidc, config: {id-token: e30.eyJleHAiOjF9.SECRET}}", "server: 'https://api.test'"),
        ("auth-provider: {name: gcp, config: {access-token: SECRET}}", "server: 'https://api.test'"),
        (FakeWorld.plugin, "server: 'https://api.test'"),
        (FakeWorld.plugin.replacing("/v1,", with: "/v9,"), "server: 'https://api.test'"),
        (FakeWorld.plugin.replacing("/bin/p.sh", with: "gone"), "server: 'https://api.test'"),
        ("exec: {env: [{value: SECRET}], args: [SECRET]}", "server: 'https://api.test'"),
        ("exec: {env: {SECRET: SECRET}}", "server: 'https://api.test'"),
        ("token: t", "server: 'https://me:SECRET@api.test'"),
        ("token: t", "server: 'https://me:SECRET@api.test:port/?SECRET#SECRET'"),
        ("token: t", "server: 'ftp://SECRET@api.test'"),
        ("token: t", "server: 'me:SECRET@api.test'"),
        ("token: t", "server: 'https://api.test', proxy-url: 'http://me:SECRET@proxy.test'"),
        ("token: t", "server: 'https://api.test', proxy-url: 'ftp://me:SECRET@proxy.test'"),
        ("token: t", "server: 'https://api.test', proxy-url: 'me:SECRET@proxy.test'"),
        ("token: t", "server: 'https://api.test', proxy-url: 'http://me:SECRET@proxy.test:x'"),
    ]

    /// What a plugin that is given secrets does.
    static let outputs = [
        "SECRET", "token: SECRET", #"{"SECRET": SECRET"#, FakeWorld.credential(#""token":"SECRET""#),
        FakeWorld.credential(#""token":["SECRET"]"#), FakeWorld.credential(#""token":"SECRET\n""#),
        FakeWorld.credential(#""clientKeyData":"SECRET""#),
        FakeWorld.credential(#""clientKeyData":"SECRET","clientCertificateData":"SECRET""#),
        FakeWorld.credential(#""token":"SECRET","expirationTimestamp":"SECRET""#),
    ]

    @Test("No error and no description shows a credential", arguments: entries)
    func silent(_ entry: (user: String, cluster: String)) async {
        for output in Self.outputs {
            let world = FakeWorld(FakeWorld.kubeconfig(entry.user, cluster: entry.cluster))
            world.write("SECRET", to: "/token")
            world.write("SECRET\u{1}SECRET", to: "/bad-token")
            for text in await texts(world, output) { #expect(!text.contains("SECRET")) }
        }
    }

    /// All that could be printed of what happens.
    private func texts(_ world: FakeWorld, _ output: String) async -> [String] {
        let configuration = world.configuration { _ in output }
        var texts: [String] = []
        func note(_ value: some Any) {
            texts += ["\(value)", String(reflecting: value)]
            var dumped = ""
            dump(value, to: &dumped)
            texts.append(dumped)
        }
        do {
            let access = try ClusterAccess.load(ConnectionOverrides(), with: configuration)
            note(access)
            note(access.authentication)
            note(access.proxy)
            note(access.clientCertificate)
            note(try await CredentialSource(access, with: configuration).credentials())
        } catch {
            note(error)
            texts += [error.description, error.remedy ?? ""]
        }
        return texts
    }

    @Test("The flags' secrets are not shown either")
    func overrides() {
        var overrides = ConnectionOverrides()
        overrides.token = Secret("SECRET")
        overrides.password = Secret("SECRET")
        var dumped = ""
        dump(overrides, to: &dumped)
        #expect(!("\(overrides)" + dumped).contains("SECRET"))
    }

    @Test("The hint of a plugin that is missing cannot work a terminal")
    func hint() async throws {
        let hint = #", installHint: "a\e[31mb\e]0;title\ac\x9b2Jd\ne\rf""#
        let user = FakeWorld.plugin.replacing("/bin/p.sh", with: "gone").replacing("}]}", with: "}]\(hint)}")
        let configuration = FakeWorld(FakeWorld.kubeconfig(user)).configuration()
        let access = try ClusterAccess.load(ConnectionOverrides(), with: configuration)
        let error = await #expect(throws: KubeconfigError.self) {
            try await CredentialSource(access, with: configuration).credentials()
        }
        #expect(error?.remedy?.hasSuffix("\n\nabcd\nef") == true)
    }
}
