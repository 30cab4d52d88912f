import FirewallRules

/// firewalld: the chains of zones and policies, "IN_public_deny", and in nftables "filter_IN_public_deny".
enum FirewalldRules: RuleWriter {
    private static let directions = ["IN_", "FWDI_", "FWDO_", "FWD_", "OUT_"]
    private static let parts = ["_deny", "_allow", "_log", "_pre", "_post"]

    static func owns(chain: String, table: String?) -> Bool {
        if table == "firewalld" { return true }
        switch chain {
        case "INPUT_direct", "FORWARD_direct", "OUTPUT_direct", "INPUT_ZONES", "FORWARD_IN_ZONES", "FORWARD_OUT_ZONES":
            return true
        default:
            // Others may call a chain "IN_SSH": only a part that firewalld makes of each zone tells.
            return directions.contains { chain.utf8.starts(with: $0.utf8) }
                && parts.contains { chain.before($0) != nil }
        }
    }

    static func attribution(of place: DropPlace, pods: PodInterfaces) -> Attribution {
        Attribution(writer: .firewalld, subject: subject(ofChain: place.chain.name))
    }

    private static func subject(ofChain chain: String) -> Attribution.Subject? {
        let name = chain.after("filter_") ?? chain[...]
        guard var rest = directions.lazy.compactMap({ name.after($0) }).first, !rest.isEmpty else { return nil }
        if let part = parts.lazy.compactMap({ rest.before($0) }).first { rest = part }
        if let policy = rest.after("policy_") { return Attribution.Subject(kind: "Policy", name: String(policy)) }
        return rest == "ZONES" || rest == "POLICIES" ? nil : Attribution.Subject(kind: "Zone", name: String(rest))
    }
}
