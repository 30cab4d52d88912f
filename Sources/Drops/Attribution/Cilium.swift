import FirewallRules

/// Cilium's chains; its policies are enforced in eBPF and not seen here.
enum CiliumRules: RuleWriter {
    static func owns(chain: String, table: String?) -> Bool {
        chain.utf8.starts(with: "CILIUM_".utf8) || chain.utf8.starts(with: "OLD_CILIUM_".utf8)
    }

    static func attribution(of place: DropPlace, pods: PodInterfaces) -> Attribution {
        Attribution(writer: .cilium)
    }
}
