import FirewallRules
import NetModel

/// A place that drops, as one reading tells it.
struct ReadDrop {
    let point: DropPoint
    let counters: Counters?
    /// nft's handle of the rule; nil for everything else.
    let handle: UInt64?
    let isReachable: Bool
    let location: DropLocation
}

extension RuleGraph {
    /// What in this table drops or rejects, in the order in which it is printed.
    ///
    /// - Parameter position: the table's position among its node's.
    func drops(position: Int, pods: PodInterfaces) -> [ReadDrop] {
        var collector = DropCollector(graph: self, position: position, pods: pods)
        collector.collect()
        return collector.drops
    }
}

/// Walks over one table.
private struct DropCollector {
    let graph: RuleGraph
    let position: Int
    let pods: PodInterfaces
    /// For each chain whose writer that is.
    let owners: [(any RuleWriter.Type)?]
    /// For each chain whether its packets are counted as dropped where they are sent to it: what it does with all of
    /// them says nothing, where they came from does.
    private(set) var isCountedBefore: [Bool] = []
    private(set) var drops: [ReadDrop] = []
    private var sets = Set<Int>()

    init(graph: RuleGraph, position: Int, pods: PodInterfaces) {
        self.graph = graph
        self.position = position
        self.pods = pods
        owners = graph.table.chains.map { Attribution.writer(ofChain: $0.name, table: graph.table.name) }
        isCountedBefore = graph.table.chains.indices.map(countsBefore)
    }

    private func countsBefore(_ chain: Int) -> Bool {
        let content = graph.table.chains[chain]
        guard graph.refusals[chain] != nil, graph.isReachable[chain] else { return false }
        var isCounted = false
        for (rule, content) in content.rules.enumerated() {
            guard case .verdict(let verdict) = content.target else { continue }
            let own = attribution(chain: chain, rule: rule, verdict: verdict)
            guard own.subject == nil, own.reason == nil else { return false }
            isCounted = isCounted || content.counters != nil
        }
        // Where only the chain itself counts, its numbers are not given up for places that have none.
        return !isCounted
            || graph.jumps[chain].allSatisfy { graph.rule($0).counters != nil }
                && graph.elements[chain].allSatisfy {
                    graph.table.sets[$0.set].elements[$0.element].counters != nil
                }
    }

    mutating func collect() {
        for (chain, content) in graph.table.chains.enumerated() {
            // Rules are large to copy, and what is looked at of most of them is little.
            for rule in content.rules.indices { collect(content.rules, chain: chain, rule: rule) }
            if content.hook != nil, let policy = content.policy, policy.stops {
                append(
                    kind: .policy, verdict: policy, text: "policy \(policy.name)", counters: content.policyCounters,
                    attribution: attribution(chain: chain, rule: nil, verdict: policy),
                    location: DropLocation(graph: position, chain: chain))
            }
        }
    }

    private mutating func collect(_ rules: [Rule], chain: Int, rule: Int) {
        let target = rules[rule].target
        var verdict = refusal(target)
        if case .verdict = target, isCountedBefore[chain] { verdict = nil }
        if let verdict {
            append(
                kind: .rule, verdict: verdict, text: rules[rule].text, counters: rules[rule].counters,
                handle: rules[rule].handle,
                attribution: attribution(chain: chain, rule: rule, verdict: verdict, target: target.chain),
                location: DropLocation(graph: position, chain: chain, rule: rule))
            if rules[rule].counters == nil, !rules[rule].match.sets.isEmpty {
                collectCountedElements(rules[rule], chain: chain, rule: rule, verdict: verdict)
            }
        } else if case .verdictMap(let name) = target, let set = graph.set(name), sets.insert(set).inserted {
            collectElements(of: set, chain: chain, rule: rule)
        }
    }

    /// The elements of a verdict map; a map that several rules look up is told at the first.
    private mutating func collectElements(of set: Int, chain: Int, rule: Int) {
        let content = graph.table.sets[set]
        let isReachable = graph.lookups[set].contains { graph.isReachable[$0.chain] }
        for (element, value) in content.elements.enumerated() {
            guard let target = value.target, let verdict = refusal(target) else { continue }
            append(
                kind: .element(of: content.name), verdict: verdict, text: value.text, counters: value.counters,
                attribution: attribution(
                    chain: chain, rule: rule, verdict: verdict, target: target.chain, map: content.name,
                    element: value),
                location: DropLocation(graph: position, chain: chain, rule: rule, set: set, element: element),
                isReachable: isReachable)
        }
    }

    /// The elements of the set that an uncounted rule drops by. What they count is what is dropped only where nothing
    /// else looks them up and no further condition follows.
    private mutating func collectCountedElements(_ value: Rule, chain: Int, rule: Int, verdict: RuleVerdict) {
        guard value.counters == nil, value.match.endsWithLookup, value.match.sets.count == 1,
            let set = value.match.sets.first.flatMap(graph.set), graph.lookups[set].count == 1
        else { return }
        let content = graph.table.sets[set]
        for (element, value) in content.elements.enumerated() {
            guard let counters = value.counters else { continue }
            append(
                kind: .element(of: content.name), verdict: verdict, text: value.text, counters: counters,
                attribution: attribution(
                    chain: chain, rule: rule, verdict: verdict, map: content.name, element: value),
                location: DropLocation(graph: position, chain: chain, rule: rule, set: set, element: element))
        }
    }

    /// What becomes of all packets that a rule or element applies to, where they go no further.
    private func refusal(_ target: RuleTarget) -> RuleVerdict? {
        switch target {
        case .verdict(let verdict): verdict.stops ? verdict : nil
        case .jump(let name), .goTo(let name):
            graph.chain(name).flatMap { isCountedBefore[$0] ? graph.refusals[$0] : nil }
        case .returns, .verdictMap, .other: nil
        }
    }

    private func attribution(
        chain: Int,
        rule: Int?,
        verdict: RuleVerdict,
        target: String? = nil,
        map: String? = nil,
        element: RuleSet.Element? = nil
    ) -> Attribution {
        let place = DropPlace(
            table: graph.table.name, chain: graph.table.chains[chain], position: rule, map: map, element: element,
            verdict: verdict)
        var result = Attribution(of: place, owner: owners[chain], pods: pods)
        if result.writer == .unknown, let target, let owner = graph.chain(target).flatMap({ owners[$0] }) {
            // A rule of nobody's chain that leads into somebody's was written with it.
            result = Attribution(of: place, owner: owner, pods: pods)
        }
        return result
    }

    private mutating func append(
        kind: DropPoint.Kind,
        verdict: RuleVerdict,
        text: String,
        counters: Counters?,
        handle: UInt64? = nil,
        attribution: Attribution,
        location: DropLocation,
        isReachable: Bool? = nil
    ) {
        drops.append(
            ReadDrop(
                point: DropPoint(
                    filter: graph.filter, family: graph.table.family, table: graph.table.name,
                    chain: graph.table.chains[location.chain].name, kind: kind, verdict: verdict, text: text,
                    attribution: attribution),
                counters: counters, handle: handle, isReachable: isReachable ?? graph.isReachable[location.chain],
                location: location))
    }
}

extension RuleVerdict {
    var name: String {
        switch self {
        case .accept: "accept"
        case .drop: "drop"
        case .reject: "reject"
        }
    }
}
