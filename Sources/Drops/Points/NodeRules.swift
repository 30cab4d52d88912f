package import FirewallRules

/// Collects what was read of one node's packet filters, until all of it is there.
package struct NodeRules: Sendable {
    /// The node's name, or the file's where it is not known of which node it is.
    package let name: String
    /// Whether `name` is a node's.
    package let isNode: Bool
    private var first: [Ruleset] = []
    private var last: [Ruleset] = []

    package init(name: String, isNode: Bool) {
        self.name = name
        self.isNode = isNode
    }

    /// Adds what one program printed at one moment. Several texts of one moment are held together: IPv4 and IPv6,
    /// iptables of both kinds, nft. A moment `only` is taken for the end of a window of which the beginning was not read.
    package mutating func add(_ ruleset: Ruleset, moment: RulesMoment) {
        switch moment {
        case .begin: first.append(ruleset)
        case .end, .only: last.append(ruleset)
        }
    }

    /// How many rules were read, those that two programs print once.
    package var ruleCount: Int {
        let choice = TableChoice(first + last)
        var count = 0
        for ruleset in last.isEmpty ? first : last {
            for table in ruleset.tables where choice.takes(table, of: ruleset.filter) {
                count += table.chains.reduce(0) { $0 + $1.rules.count }
            }
        }
        return count
    }

    /// What the node drops and rejects.
    ///
    /// Tables that iptables-nft keeps in nf_tables are printed by nft, too: they are taken from the text of iptables,
    /// which tells more of them. Where a table was printed by `iptables -L` and by `iptables-save`, the latter is taken.
    ///
    /// - Parameter pods: whose interface is which, for rules that name pods by their interfaces only.
    package func drops(pods: PodInterfaces = PodInterfaces()) -> NodeDrops {
        let hasEnd = !last.isEmpty
        let choice = TableChoice(first + last)
        var problems: [RulesProblem] = []
        let end = Reading(hasEnd ? last : first, choice: choice, problems: &problems)
        var ignored: [RulesProblem] = []
        let begin =
            hasEnd
            ? Reading(first, choice: choice, problems: &ignored) : Reading([], choice: choice, problems: &ignored)
        let read = Set((first + last).map(\.filter))
        return NodeDrops(
            name: name,
            isNode: isNode,
            drops: Reading.drops(begin: begin, end: end, pods: pods),
            filters: PacketFilter.allCases.filter(read.contains),
            problems: problems + ignored.filter { !problems.contains($0) },
            graphs: end.graphs)
    }
}
