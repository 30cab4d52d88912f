import FirewallRules

/// ufw(8), the "uncomplicated firewall".
enum UFWRules: RuleWriter {
    static func owns(chain: String, table: String?) -> Bool {
        chain.utf8.starts(with: "ufw-".utf8) || chain.utf8.starts(with: "ufw6-".utf8)
    }

    static func attribution(of place: DropPlace, pods: PodInterfaces) -> Attribution {
        Attribution(writer: .ufw)
    }
}
