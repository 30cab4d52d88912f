import Kubeconfig
import Testing

@Suite("The policy on plugins")
struct PluginPolicyTests {
    private func load(
        _ policy: String?,
        command: String = "/bin/p.sh",
        environment: [String: String] = [:]
    ) throws {
        let user = FakeWorld.plugin.replacing("/bin/p.sh", with: command)
        let world = FakeWorld(FakeWorld.kubeconfig(user))
        if let policy {
            let head = "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n"
            world.write(head + policy, to: "/home/me/.kube/kuberc")
        }
        let path = ["PATH": "bin:/bin:/usr/bin"].merging(environment) { $1 }
        _ = try ClusterAccess.load(ConnectionOverrides(), with: world.configuration(path))
    }

    @Test(
        "A plugin that the policy allows may run",
        arguments: [
            nil, "", "credentialPluginPolicy: AllowAll",
            "credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{command: /bin/p.sh}]",
            "credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{name: other}, {name: p.sh}]",
        ] as [String?])
    func allowed(_ policy: String?) throws {
        try load(policy)
        try load(policy, command: "p.sh")
    }

    @Test(
        "One that it does not allow is refused, and so is a policy that cannot be understood",
        arguments: [
            ("credentialPluginPolicy: DenyAll", "not allowed"),
            ("credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{command: /usr/bin/p.sh}]", "not allowed"),
            ("credentialPluginPolicy: Allowlist", "it is empty"),
            (
                "credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{}]",
                "an entry is a clean path or a name"
            ),
            ("credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{command: /a/../b}]", "clean path"),
            ("credentialPluginAllowlist: [{command: p}]", "with credentialPluginPolicy \"Allowlist\" only"),
            ("credentialPluginPolicy: Sometimes", "is none of"),
            ("credentialPluginPolicy: [", "kuberc\": line 4"),
        ])
    func refused(_ policy: String, _ words: String) {
        let error = #expect(throws: KubeconfigError.self) { try load(policy) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test("KUBERC and KUBECTL_KUBERC switch it off, and a file that KUBERC names must be there")
    func switches() throws {
        try load("credentialPluginPolicy: DenyAll", environment: ["KUBERC": "off"])
        try load("credentialPluginPolicy: DenyAll", environment: ["KUBECTL_KUBERC": "false"])
        #expect(throws: KubeconfigError.self) { try load(nil, environment: ["KUBERC": "/gone"]) }
    }
}
