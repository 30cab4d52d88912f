import FirewallRules

/// A table, and how its chains lead to one another.
struct RuleGraph: Sendable {
    let filter: PacketFilter
    let table: RuleTable
    /// The positions of chains and sets by their names; the first of a name is taken.
    private let chains: [String: Int]
    private let sets: [String: Int]
    /// For each chain the rules that jump or go to it.
    private(set) var jumps: [[RuleStep]]
    /// For each chain the elements of verdict maps that do.
    private(set) var elements: [[(set: Int, element: Int)]]
    /// For each set the rules that look packets up in it.
    private(set) var lookups: [[RuleStep]]
    /// For each chain whether a base chain leads to it.
    private(set) var isReachable: [Bool]
    /// For each chain what becomes of every packet that comes in, where that is always the same and nothing else.
    let refusals: [RuleVerdict?]

    init(filter: PacketFilter, table: RuleTable) {
        self.filter = filter
        self.table = table
        chains = Dictionary(table.chains.enumerated().map { ($1.name, $0) }) { first, _ in first }
        sets = Dictionary(table.sets.enumerated().map { ($1.name, $0) }) { first, _ in first }
        jumps = Array(repeating: [], count: table.chains.count)
        elements = Array(repeating: [], count: table.chains.count)
        lookups = Array(repeating: [], count: table.sets.count)
        isReachable = table.chains.map { $0.hook != nil }
        refusals = table.chains.map(Self.refusal(of:))
        connect()
        follow()
    }

    func chain(_ name: String) -> Int? { chains[name] }
    func set(_ name: String) -> Int? { sets[name] }
    func rule(_ step: RuleStep) -> Rule { table.chains[step.chain].rules[step.rule] }

    private mutating func connect() {
        for (chain, content) in table.chains.enumerated() {
            // Rules are large to copy, and little of each is looked at.
            for position in content.rules.indices {
                let step = RuleStep(chain: chain, rule: position)
                switch content.rules[position].target {
                case .jump(let name), .goTo(let name):
                    if let target = chains[name] { jumps[target].append(step) }
                case .verdictMap(let name):
                    if let set = sets[name] { lookups[set].append(step) }
                case .verdict, .returns, .other: break
                }
                for name in content.rules[position].match.sets {
                    if let set = sets[name] { lookups[set].append(step) }
                }
            }
        }
        for (set, content) in table.sets.enumerated() where !lookups[set].isEmpty {
            for (position, element) in content.elements.enumerated() {
                guard let name = element.target?.chain, let target = chains[name] else { continue }
                elements[target].append((set, position))
            }
        }
    }

    /// Marks what the base chains lead to.
    private mutating func follow() {
        var waiting = isReachable.indices.filter { isReachable[$0] }
        var followed = Set<Int>()
        while let chain = waiting.popLast() {
            let rules = table.chains[chain].rules
            for rule in rules.indices {
                switch rules[rule].target {
                case .jump(let name), .goTo(let name): reach(name, &waiting)
                case .verdictMap(let name):
                    guard let set = sets[name], followed.insert(set).inserted else { continue }
                    for element in table.sets[set].elements {
                        if let name = element.target?.chain { reach(name, &waiting) }
                    }
                case .verdict, .returns, .other: break
                }
            }
        }
    }

    private mutating func reach(_ name: String, _ waiting: inout [Int]) {
        guard let chain = chains[name], !isReachable[chain] else { return }
        isReachable[chain] = true
        waiting.append(chain)
    }

    /// Drop or reject for a chain such as kube-proxy's `reject-chain`, in which a packet meets nothing but logging and
    /// that verdict; nil for others, and for base chains.
    private static func refusal(of chain: RuleChain) -> RuleVerdict? {
        guard chain.hook == nil else { return nil }
        var verdicts = Set<RuleVerdict>()
        var isCertain = false
        for rule in chain.rules {
            switch rule.target {
            case .verdict(let verdict) where verdict.stops:
                verdicts.insert(verdict)
                isCertain = isCertain || rule.match == RuleMatch()
            case .other where !rule.target.endsTheWay: break
            case .verdict, .jump, .goTo, .returns, .verdictMap, .other: return nil
            }
        }
        guard isCertain, let first = verdicts.first else { return nil }
        if verdicts.count == 1 { return first }
        // A reset for TCP and an ICMP error for the rest are both rejections; a mixture with drops is neither.
        return verdicts.contains(.drop) ? nil : .reject(with: nil)
    }
}

/// A rule's place in its table.
struct RuleStep: Hashable, Sendable {
    var chain: Int
    var rule: Int
}

extension RuleTarget {
    /// The chain that it leads to.
    var chain: String? {
        switch self {
        case .jump(let name), .goTo(let name): name
        case .verdict, .returns, .verdictMap, .other: nil
        }
    }
}
