package import FlowGraph
import TerminalText

/// The coverage in words, for standard error.
package enum CoverageText {
    /// How many nodes are named before the rest is only counted.
    private static let namedNodes = 5

    /// What was observed and what was not, in one line without newline:
    /// "2 of 3 nodes, 5.0 s window; tbn2: bytes not counted (nf_conntrack_acct=0)".
    package static func summary(_ coverage: Coverage) -> String {
        var parts = [[nodes(coverage), CoverageWindow.text(coverage)].compactMap(\.self).joined(separator: ", ")]
        if !coverage.skipped.isEmpty {
            parts += reasons(coverage.skipped)
        }
        if !coverage.inventoryNodes.isEmpty {
            let unnamed = coverage.sources.filter { !$0.isNode }.map(\.name)
            if !unnamed.isEmpty { parts.append("\(names(unnamed)): of no node (give it as NODE=FILE)") }
        }
        switch coverage.subject {
        case .connections: parts += counters(coverage) + CollectorLosses.texts(coverage)
        case .drops: parts += RulesCoverageText.texts(coverage)
        }
        let malformed = coverage.sources.reduce(0) { $0 + $1.malformedLines }
        if malformed > 0 { parts.append("\(counted(malformed, "malformed line")) left out") }
        // Of collectors it is said one by one why.
        if coverage.subject == .connections, coverage.isAnythingObserved, !coverage.showsRefused,
            coverage.sources.contains(where: \.isTextOrSnapshot)
        {
            parts.append("refused connections not observable without events")
        }
        return PrintableText.escaped(parts.joined(separator: "; "))
    }

    /// What was observed but is not listed; nil when everything is.
    package static func omitted(_ listing: Listing) -> String? {
        let omitted = listing.omitted
        var hidden: [String] = []
        if omitted.probes > 0 { hidden.append(counted(omitted.probes, "kubelet probe")) }
        if omitted.idle > 0 { hidden.append("\(counted(omitted.idle, "connection")) idle throughout") }
        if omitted.carriers > 0 { hidden.append("\(counted(omitted.carriers, "connection")) that carry others") }
        let beyond =
            listing.listed < listing.total
            ? "\(counted(listing.total - listing.listed, listing.subject.noun)) beyond --top \(listing.listed)" : nil
        let left = hidden.isEmpty ? nil : "\(enumeration(hidden)) (--all \(listing.subject.verb) them)"
        let done = listing.subject.participle
        // What is beyond the top is not listed; what is left out of sums is not counted.
        let parts = [
            beyond.map { "not listed: \($0)" },
            left.map { beyond != nil && done == "listed" ? $0 : "not \(done): \($0)" },
        ].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// "a", "a and b", "a, b and c".
    private static func enumeration(_ parts: [String]) -> String {
        guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
        return parts.dropLast().joined(separator: ", ") + " and " + last
    }

    private static func nodes(_ coverage: Coverage) -> String {
        let noun = coverage.sources.contains { !$0.isNode } && coverage.inventoryNodes.isEmpty ? "source" : "node"
        return "\(coverage.nodesCovered) of \(counted(coverage.nodesTotal, noun))"
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
        parts += uncounted(without.filter { $0.mode == .text }, remedy: "")
        parts += uncounted(
            without.filter { $0.mode == .collector },
            remedy: "; --enable-accounting switches it on for the run"
        )
        if !partly.isEmpty {
            let counted = partly.reduce(0) { $0 + $1.countedEntries }
            let all = partly.reduce(0) { $0 + $1.countableEntries }
            parts.append("\(names(partly.map(\.name))): bytes counted for \(counted) of \(all) entries")
        }
        return parts
    }

    private static func uncounted(_ sources: [Coverage.Source], remedy: String) -> [String] {
        sources.isEmpty ? [] : ["\(names(sources.map(\.name))): bytes not counted (nf_conntrack_acct=0\(remedy))"]
    }

    static func names(_ names: [String]) -> String {
        guard names.count > namedNodes else { return names.joined(separator: ", ") }
        return names.prefix(namedNodes).joined(separator: ", ") + " and \(names.count - namedNodes) more"
    }

    static func counted(_ count: some BinaryInteger, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}

extension Coverage.Source {
    /// Whether no events can have come because nobody listened.
    fileprivate var isTextOrSnapshot: Bool { collector?.window == nil }
}
