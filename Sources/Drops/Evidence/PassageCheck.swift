import FirewallRules

/// Whether a packet comes to a rule at all: what earlier rules on its way accept, or send back, does not.
///
/// Only rules that apply for certain count. One that asks for a mark may apply as well; to take every such rule for one
/// that does would leave hardly any evidence on a node of Kubernetes, where marked packets are accepted first.
struct PassageCheck {
    private let graph: RuleGraph
    /// For each chain the rules that can decide over a packet, without dropping rules that name narrow networks: if they
    /// apply, they are evidence themselves.
    private let exits: [[Exit]]

    private struct Exit {
        let rule: Int
        /// How much there is to look at: the rule itself, and the elements of its sets.
        let cost: Int
    }

    /// How many rules and elements are looked at for one packet at most; beyond that it is not known to pass.
    private static let mostRules = 8_192
    private static let mostChains = 32

    init(_ graph: RuleGraph) {
        self.graph = graph
        exits = graph.table.chains.map { chain in
            chain.rules.indices.lazy.filter { Self.canDecide(chain.rules[$0]) }.map { rule in
                let sets = chain.rules[rule].match.sets.compactMap(graph.set)
                return Exit(rule: rule, cost: sets.reduce(1) { $0 + graph.table.sets[$1].elements.count })
            }
        }
    }

    private static func canDecide(_ rule: Rule) -> Bool {
        guard rule.match.others.isEmpty, rule.match.inInterface == nil, rule.match.outInterface == nil else {
            return false
        }
        switch rule.target {
        case .verdict(.accept), .jump, .goTo, .returns, .verdictMap: return true
        case .other: return false
        case .verdict:
            guard rule.counters != nil else { return true }
            let networks = [rule.match.destination, rule.match.source]
            return !networks.contains {
                $0.map { !$0.isNegated && $0.values.allSatisfy { $0.isNarrow(single: false) } } ?? false
            }
        }
    }

    /// The elements of a set that rules look packets up in; nil where it is not known or too large to go through.
    func elements(_ name: String) -> [RuleSet.Element]? {
        guard let set = graph.set(name) else { return nil }
        let elements = graph.table.sets[set].elements
        return elements.count <= Pins.mostElements ? elements : nil
    }

    /// Whether no earlier rule on the way takes the packet elsewhere.
    func passes(_ packet: ObservedPacket, along way: DropWay) -> Bool {
        var rulesLeft = Self.mostRules
        for step in way.steps {
            for exit in exits[step.chain] {
                guard exit.rule < step.rule else { break }
                rulesLeft -= exit.cost
                guard rulesLeft > 0 else { return false }
                let rule = graph.table.chains[step.chain].rules[exit.rule]
                guard rule.match.applies(to: packet, sets: elements) == .yes else { continue }
                guard outcome(rule.target, packet, &rulesLeft, depth: 0) == .stays else { return false }
            }
        }
        return true
    }

    private enum Outcome {
        /// The packet goes on with the next rule.
        case stays
        /// It leaves the chain.
        case leaves
        /// Its way through the base chain ends.
        case ends
    }

    private func outcome(
        _ target: RuleTarget, _ packet: ObservedPacket, _ rulesLeft: inout Int, depth: Int
    ) -> Outcome {
        guard depth < Self.mostChains else { return .ends }
        switch target {
        case .verdict: return .ends
        case .returns: return .leaves
        case .other: return .stays
        case .jump(let name): return walk(name, packet, &rulesLeft, depth: depth) == .ends ? .ends : .stays
        case .goTo(let name): return walk(name, packet, &rulesLeft, depth: depth) == .ends ? .ends : .leaves
        case .verdictMap(let name):
            guard let elements = elements(name) else { return .stays }
            rulesLeft -= elements.count
            guard rulesLeft > 0 else { return .ends }
            let element = elements.first { $0.match.applies(to: packet, sets: { _ in nil }) == .yes }
            return element?.target.map { outcome($0, packet, &rulesLeft, depth: depth + 1) } ?? .stays
        }
    }

    /// What becomes of a packet in a chain, as far as it is certain.
    private func walk(_ name: String, _ packet: ObservedPacket, _ rulesLeft: inout Int, depth: Int) -> Outcome {
        guard let chain = graph.chain(name) else { return .stays }
        for exit in exits[chain] {
            rulesLeft -= exit.cost
            guard rulesLeft > 0 else { return .ends }
            let rule = graph.table.chains[chain].rules[exit.rule]
            guard rule.match.applies(to: packet, sets: elements) == .yes else { continue }
            let outcome = outcome(rule.target, packet, &rulesLeft, depth: depth + 1)
            if outcome != .stays { return outcome }
        }
        return .stays
    }
}
