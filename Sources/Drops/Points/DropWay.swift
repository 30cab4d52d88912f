package import FirewallRules

/// One way on which packets come from a base chain to a place that drops.
package struct DropWay: Sendable {
    /// Where the kernel enters the way.
    package let hook: ChainHook
    /// What has to hold of a packet on it: the conditions of each jump, and at last the place's own. They are not merged,
    /// since not everything that they ask for can be.
    package let matches: [RuleMatch]
    /// The rules on the way, the last of which drops.
    let steps: [RuleStep]
}

extension NodeDrops {
    /// All ways that lead to a drop.
    ///
    /// - Parameter drop: its position in `drops`.
    /// - Returns: nil where they are not known: the drop was gone at the end of the window, or there are more than
    ///   64 ways, or one that passes more than 32 chains, which is also how chains that jump to one another end.
    package func ways(to drop: Int) -> [DropWay]? {
        guard let location = drops[drop].location else { return nil }
        var finder = WayFinder(graph: graphs[location.graph])
        return finder.ways(to: location)
    }
}

/// Goes back from a place to the base chains.
private struct WayFinder {
    private static let mostWays = 64
    private static let mostChains = 32
    /// How many rules are looked at for one place at most.
    private static let mostSteps = 1_024

    let graph: RuleGraph
    private var ways: [DropWay] = []
    private var stepsLeft = WayFinder.mostSteps

    init(graph: RuleGraph) {
        self.graph = graph
    }

    mutating func ways(to location: DropLocation) -> [DropWay]? {
        guard let rule = location.rule else {
            guard let hook = graph.table.chains[location.chain].hook else { return nil }
            return [DropWay(hook: hook, matches: [], steps: [])]
        }
        guard let set = location.set, let element = location.element else {
            return goBack(from: RuleStep(chain: location.chain, rule: rule), extra: [], path: []) ? ways : nil
        }
        let own = graph.table.sets[set].elements[element].match
        for lookup in graph.lookups[set] where graph.isReachable[lookup.chain] {
            guard goBack(from: lookup, extra: [own], path: []) else { return nil }
        }
        return ways
    }

    private struct Link {
        let step: RuleStep
        let matches: [RuleMatch]
    }

    /// Follows a rule back to where packets come from; false where that is too much to follow.
    private mutating func goBack(from step: RuleStep, extra: [RuleMatch], path: [Link]) -> Bool {
        stepsLeft -= 1
        guard path.count < Self.mostChains, stepsLeft > 0 else { return false }
        let path = path + [Link(step: step, matches: extra + [graph.rule(step).match])]
        if let hook = graph.table.chains[step.chain].hook {
            guard ways.count < Self.mostWays else { return false }
            ways.append(
                DropWay(
                    hook: hook, matches: path.reversed().flatMap { $0.matches.reversed() },
                    steps: path.reversed().map(\.step)))
            // A base chain can be jumped to as well, but not by what the kernel takes.
            return true
        }
        for jump in graph.jumps[step.chain] where graph.isReachable[jump.chain] {
            guard goBack(from: jump, extra: [], path: path) else { return false }
        }
        for (set, element) in graph.elements[step.chain] {
            let own = graph.table.sets[set].elements[element].match
            for lookup in graph.lookups[set] where graph.isReachable[lookup.chain] {
                guard goBack(from: lookup, extra: [own], path: path) else { return false }
            }
        }
        return true
    }
}
