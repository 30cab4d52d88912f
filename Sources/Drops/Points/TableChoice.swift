import FirewallRules

/// Which of several texts that hold one table is taken.
struct TableChoice {
    /// The tables of iptables-nft, which nft shows as its own.
    private var ofIPTablesNFT = Set<TableIdentity>()
    /// What `iptables-save` told, of either kind.
    private var saved = Set<TableIdentity>()
    /// The chains of tables of which the text does not say whether they are iptables-nft's.
    private var undecided: [TableIdentity: Set<String>] = [:]

    /// - Parameter rulesets: of both moments, so that a table that could be read but once does not change its text
    ///   between them.
    init(_ rulesets: [Ruleset]) {
        for ruleset in rulesets where ruleset.filter != .nftables {
            for table in ruleset.tables {
                let identity = table.identity
                if ruleset.filter == .iptablesNFT { ofIPTablesNFT.insert(identity) }
                if ruleset.filter == .iptables { undecided[identity] = Set(table.chains.map(\.name)) }
                if table.name != nil { saved.insert(identity) }
            }
        }
    }

    /// Whether the table is to be taken from this text.
    func takes(_ table: RuleTable, of filter: PacketFilter) -> Bool {
        let identity = table.identity
        if filter == .nftables {
            if ofIPTablesNFT.contains(identity) { return false }
            // What does not say whose it is, as `iptables -L`, is nft's as well if it has the same chains.
            return undecided[identity].map { $0 != Set(table.chains.map(\.name)) } ?? true
        }
        return table.name != nil || !saved.contains(identity)
    }
}
