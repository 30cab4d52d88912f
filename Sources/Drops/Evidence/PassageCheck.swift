import FirewallRules

/// Whether a packet comes to a rule at all: what earlier rules on its way decide over does not.
///
/// Where it is not known whether an earlier rule applies, since that asks for more than a tuple tells, the packet is not
/// known to pass. Two rules that stand before nearly everything are excepted: what comes by the loopback interface is
/// never another node's, and kube-proxy marks what KUBE-FORWARD accepts where it translates an address, behind which
/// the connection would be in the node's table.
struct PassageCheck {
    private let graph: RuleGraph
    /// For each chain the rules that can decide over a packet.
    private let exits: [[Exit]]
    /// Whether any rule asks for the port of a packet's sender.
    let asksForSourcePorts: Bool

    private struct Exit {
        let rule: Int
        /// How much there is to look at: the rule itself, and the elements of its sets.
        let cost: Int
    }

    /// How many rules and elements are looked at for one packet at most; beyond that it is not known to pass.
    private static let mostRules = 16_384
    private static let mostChains = 32

    init(_ graph: RuleGraph) {
        self.graph = graph
        exits = graph.table.chains.map { chain in
            chain.rules.indices.lazy.filter { Self.canDecide(chain.rules[$0], in: chain.name) }.map { rule in
                let sets = chain.rules[rule].match.sets.compactMap(graph.set)
                return Exit(rule: rule, cost: sets.reduce(1) { $0 + graph.table.sets[$1].elements.count })
            }
        }
        asksForSourcePorts =
            graph.table.chains.contains { $0.rules.contains { $0.match.sourcePorts != nil } }
            || graph.table.sets.contains { $0.elements.contains { $0.match.sourcePorts != nil } }
    }

    private static func canDecide(_ rule: Rule, in chain: String) -> Bool {
        if rule.match.inInterface == "lo" { return false }
        switch rule.target {
        case .verdict(.accept): return !(chain == "KUBE-FORWARD" && rule.match.others.contains { $0.contains("mark") })
        case .verdict, .jump, .goTo, .returns, .verdictMap: return true
        case .other: return rule.target.endsTheWay
        }
    }

    /// The elements of a set that rules look packets up in; nil where it is not known or too large to go through.
    func elements(_ name: String) -> [RuleSet.Element]? {
        guard let set = graph.set(name) else { return nil }
        let elements = graph.table.sets[set].elements
        return elements.count <= Pins.mostElements ? elements : nil
    }

    /// Whether no earlier rule on the way takes the packet elsewhere.
    ///
    /// - Parameter visitsLeft: how many rules may still be looked at for all packets.
    func passes(_ packet: ObservedPacket, along way: DropWay, _ visitsLeft: inout Int) -> Bool {
        let allowed = min(Self.mostRules, visitsLeft)
        var rulesLeft = allowed
        defer { visitsLeft -= allowed - rulesLeft }
        for step in way.steps {
            for exit in exits[step.chain] {
                guard exit.rule < step.rule else { break }
                rulesLeft -= exit.cost
                guard rulesLeft > 0 else { return false }
                let rule = graph.table.chains[step.chain].rules[exit.rule]
                switch rule.match.applies(to: packet, sets: elements) {
                case .no: continue
                case .unknown: return false
                case .yes:
                    guard outcome(rule.target, packet, &rulesLeft, depth: 0) == .stays else { return false }
                }
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
        case .other: return target.endsTheWay ? .ends : .stays
        case .jump(let name): return walk(name, packet, &rulesLeft, depth: depth) == .ends ? .ends : .stays
        case .goTo(let name): return walk(name, packet, &rulesLeft, depth: depth) == .ends ? .ends : .leaves
        case .verdictMap(let name):
            guard let elements = elements(name) else { return .ends }
            rulesLeft -= elements.count
            guard rulesLeft > 0 else { return .ends }
            let element = elements.first { $0.match.applies(to: packet, sets: { _ in nil }) != .no }
            if let element, element.match.applies(to: packet, sets: { _ in nil }) == .unknown { return .ends }
            return element?.target.map { outcome($0, packet, &rulesLeft, depth: depth + 1) } ?? .stays
        }
    }

    /// What becomes of a packet in a chain; what is not known counts as its end.
    private func walk(_ name: String, _ packet: ObservedPacket, _ rulesLeft: inout Int, depth: Int) -> Outcome {
        guard let chain = graph.chain(name) else { return .ends }
        for exit in exits[chain] {
            rulesLeft -= exit.cost
            guard rulesLeft > 0 else { return .ends }
            let rule = graph.table.chains[chain].rules[exit.rule]
            switch rule.match.applies(to: packet, sets: elements) {
            case .no: continue
            case .unknown: return .ends
            case .yes: break
            }
            let outcome = outcome(rule.target, packet, &rulesLeft, depth: depth + 1)
            if outcome != .stays { return outcome }
        }
        return .stays
    }
}
