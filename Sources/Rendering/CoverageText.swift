package import FlowGraph

/// The coverage in words, for standard error.
package enum CoverageText {
    /// How many nodes are named before the rest is only counted.
    private static let namedNodes = 5

    /// What was observed and what was not, in one line without newline:
    /// "2 of 3 nodes, no window; tbn2: bytes not counted (nf_conntrack_acct=0)".
    package static func summary(_ coverage: Coverage) -> String {
        var parts = [nodes(coverage) + ", " + window(coverage)]
        if !coverage.skipped.isEmpty {
            parts += reasons(coverage.skipped)
        }
        if !coverage.inventoryNodes.isEmpty {
            let unnamed = coverage.sources.filter { !$0.isNode }.map(\.name)
            if !unnamed.isEmpty { parts.append("\(names(unnamed)): of no node (give it as NODE=FILE)") }
        }
        parts += counters(coverage)
        let malformed = coverage.sources.reduce(0) { $0 + $1.malformedLines }
        if malformed > 0 { parts.append("\(counted(malformed, "malformed line")) left out") }
        if coverage.isAnythingObserved, !coverage.showsRefused {
            parts.append("refused connections not observable without events")
        }
        return PrintableText.escaped(parts.joined(separator: "; "))
    }

    /// What was observed but is not listed; nil when everything is.
    package static func omitted(_ omitted: OmittedFlows, listed: Int, of total: Int) -> String? {
        var parts: [String] = []
        if listed < total { parts.append("\(counted(total - listed, "flow")) beyond --top \(listed)") }
        var hidden: [String] = []
        if omitted.probes > 0 { hidden.append(counted(omitted.probes, "kubelet probe")) }
        if omitted.carriers > 0 { hidden.append("\(counted(omitted.carriers, "connection")) that carry others") }
        if !hidden.isEmpty { parts.append(hidden.joined(separator: " and ") + " (--all lists them)") }
        return parts.isEmpty ? nil : "not listed: " + parts.joined(separator: "; ")
    }

    private static func nodes(_ coverage: Coverage) -> String {
        let noun = coverage.sources.contains { !$0.isNode } && coverage.inventoryNodes.isEmpty ? "source" : "node"
        return "\(coverage.nodesCovered) of \(counted(coverage.nodesTotal, noun))"
    }

    private static func window(_ coverage: Coverage) -> String {
        switch (coverage.sources.contains(where: \.hasDump), coverage.showsRefused) {
        case (true, true): "dumps and events"
        case (false, true): "events only"
        default: "no window: totals over each connection's life"
        }
    }

    private static func reasons(_ skipped: [Coverage.Skipped]) -> [String] {
        let byReason = Dictionary(grouping: skipped, by: \.reason)
        return byReason.keys.sorted().map { reason in
            names(byReason[reason, default: []].map(\.node)) + ": " + reason
        }
    }

    private static func counters(_ coverage: Coverage) -> [String] {
        let countable = coverage.sources.filter { $0.countableEntries > 0 }
        let without = countable.filter { $0.countedEntries == 0 }
        let partly = countable.filter { $0.countedEntries > 0 && $0.countedEntries < $0.countableEntries }
        var parts: [String] = []
        if !without.isEmpty { parts.append("\(names(without.map(\.name))): bytes not counted (nf_conntrack_acct=0)") }
        if !partly.isEmpty {
            let counted = partly.reduce(0) { $0 + $1.countedEntries }
            let all = partly.reduce(0) { $0 + $1.countableEntries }
            parts.append("\(names(partly.map(\.name))): bytes counted for \(counted) of \(all) entries")
        }
        return parts
    }

    private static func names(_ names: [String]) -> String {
        guard names.count > namedNodes else { return names.joined(separator: ", ") }
        return names.prefix(namedNodes).joined(separator: ", ") + " and \(names.count - namedNodes) more"
    }

    private static func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}
