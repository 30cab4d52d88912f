/// What one program printed of a packet filter at one moment.
package struct Ruleset: Sendable {
    package var filter: PacketFilter
    package var tables: [RuleTable]
    /// What could not be read and was left out.
    package var problems: [RulesProblem]

    package init(filter: PacketFilter, tables: [RuleTable] = [], problems: [RulesProblem] = []) {
        self.filter = filter
        self.tables = tables
        self.problems = problems
    }
}

/// A table of a packet filter.
package struct RuleTable: Sendable {
    package var family: RuleFamily
    /// "filter", "nat", "kube-proxy"; nil where the text does not tell (`iptables -L`).
    package var name: String?
    /// In the order in which they are printed.
    package var chains: [RuleChain]
    /// Named sets and maps of nftables. What ipsets hold is not known.
    package var sets: [RuleSet]

    package init(family: RuleFamily, name: String?, chains: [RuleChain] = [], sets: [RuleSet] = []) {
        self.family = family
        self.name = name
        self.chains = chains
        self.sets = sets
    }
}

/// Something in a text of rules that could not be read.
package struct RulesProblem: Hashable, Sendable {
    /// From 1; nil for JSON.
    package var line: Int?
    /// In one line, without the file's name: what it is and why it was left out.
    package var message: String

    package init(line: Int?, message: String) {
        self.line = line
        self.message = message
    }
}
