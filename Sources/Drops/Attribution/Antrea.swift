import FirewallRules

/// Antrea's chains of the host; its policies are enforced in Open vSwitch and not seen here.
enum AntreaRules: RuleWriter {
    static func owns(chain: String, table: String?) -> Bool {
        chain.utf8.starts(with: "ANTREA-".utf8) || table == "antrea"
    }

    static func attribution(of place: DropPlace, pods: PodInterfaces) -> Attribution {
        Attribution(writer: .antrea)
    }
}
