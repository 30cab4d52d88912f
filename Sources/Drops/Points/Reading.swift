import FirewallRules

/// What was read of a node's packet filters at one moment.
struct Reading {
    /// What is read, or not, as a whole: nft prints all its tables at once, iptables may have been asked for one.
    struct Scope: Hashable {
        let filter: PacketFilter
        let table: TableIdentity?

        init(filter: PacketFilter, table: TableIdentity) {
            self.filter = filter
            self.table = filter == .nftables ? nil : table
        }
    }

    private(set) var graphs: [RuleGraph] = []
    /// For each graph its scope.
    private var scopesOfGraphs: [Scope] = []
    /// What was read, and whether all of it could be.
    private(set) var scopes: [Scope: Bool] = [:]

    /// - Parameter problems: gets what the texts' readers reported and what was left out here.
    init(_ rulesets: [Ruleset], choice: TableChoice, problems: inout [RulesProblem]) {
        var known = Set<Table>()
        for ruleset in rulesets {
            problems += ruleset.problems
            let isComplete = ruleset.problems.isEmpty
            if ruleset.filter == .nftables { note(Scope(filter: .nftables, table: Self.anyTable), isComplete) }
            for table in ruleset.tables where choice.takes(table, of: ruleset.filter) {
                let identity = table.identity
                note(Scope(filter: ruleset.filter, table: identity), isComplete)
                guard known.insert(Table(filter: ruleset.filter, identity: identity)).inserted else {
                    let name = "\(ruleset.filter.rawValue) \(identity.family.rawValue) \(identity.name)"
                    problems.append(
                        RulesProblem(line: nil, message: "the table \(name) was given twice; the first is taken"))
                    continue
                }
                graphs.append(RuleGraph(filter: ruleset.filter, table: table))
                scopesOfGraphs.append(Scope(filter: ruleset.filter, table: identity))
            }
        }
    }

    private static let anyTable = TableIdentity(family: .inet, name: "")

    private struct Table: Hashable {
        let filter: PacketFilter
        let identity: TableIdentity
    }

    private mutating func note(_ scope: Scope, _ isComplete: Bool) {
        scopes[scope] = isComplete && scopes[scope] ?? true
    }

    func drops(pods: PodInterfaces) -> [ReadDrop] {
        graphs.enumerated().flatMap { $1.drops(position: $0, pods: pods) }
    }

    /// With what a place that was found here is read.
    func scope(of drop: ReadDrop) -> Scope { scopesOfGraphs[drop.location.graph] }
}
