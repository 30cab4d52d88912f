import FlowGraph

/// What collectors missed, in words, and what helps.
enum CollectorLosses {
    static func texts(_ coverage: Coverage) -> [String] {
        let nodes = coverage.sources.compactMap { source in
            source.collector.map { Node(name: source.name, collector: $0) }
        }
        return origins(nodes) + refusals(nodes) + connections(nodes) + tables(nodes)
    }

    private struct Node {
        let name: String
        let collector: CollectorCoverage
    }

    /// What cannot be known of nodes without a collector.
    private static func origins(_ nodes: [Node]) -> [String] {
        [
            text(
                nodes.filter { $0.collector.isText && $0.collector.hearsEvents },
                "read as conntrack's text without netviz-collector, clock not compared"),
            text(
                nodes.filter { $0.collector.isText && !$0.collector.hearsEvents },
                "read as /proc/net/nf_conntrack without netviz-collector, clock not compared"),
        ].compactMap(\.self)
    }

    /// Why refused connections were not seen, or perhaps not all.
    private static func refusals(_ nodes: [Node]) -> [String] {
        let watched = nodes.filter { $0.collector.hasConntrack && $0.collector.window != nil }
        let listening = watched.filter(\.collector.hearsEvents)
        let silent = listening.filter { $0.collector.eventsMode == 0 }
        let unknown = listening.filter { ($0.collector.eventsMode ?? 3) > 2 }
        let overrun = listening.filter { $0.collector.eventOverruns > 0 && !$0.collector.isText }
        let broken = listening.filter { $0.collector.eventOverruns > 0 && $0.collector.isText }
        return [
            text(
                watched.filter { !$0.collector.hearsEvents },
                "refused connections not observable (/proc/net/nf_conntrack tells no events)"),
            text(silent, "refused connections not observable (nf_conntrack_events=0)"),
            text(unknown, "refused connections perhaps not observable (nf_conntrack_events not readable)"),
            text(
                overrun, \.eventOverruns,
                { "events lost (\(CoverageText.counted($0, "buffer overrun"))), refused connections may be missing" }),
            text(broken, "events lost (conntrack -E overran or broke off), refused connections may be missing"),
        ].compactMap(\.self)
    }

    /// Whose bytes were not measured.
    private static func connections(_ nodes: [Node]) -> [String] {
        [
            text(nodes.filter { $0.collector.eventsMode == 2 }, \.endedUnheard) {
                "\(CoverageText.counted($0, "connection")) ended, final bytes not measured"
                    + " (nf_conntrack_events=1 would tell them)"
            },
            text(nodes.filter { $0.collector.eventsMode != 2 }, \.endedUnheard) {
                "\(CoverageText.counted($0, "connection")) ended, final bytes not measured"
            },
            text(nodes, \.countersWentDown) {
                "\(CoverageText.counted($0, "connection")) with counters set back, bytes of the window not known"
            },
            text(nodes, \.untracked) {
                "\(CoverageText.counted($0, "connection")) beyond the collector's memory, bytes of the window not known"
            },
            text(nodes, \.undecodable) { "\(CoverageText.counted($0, "kernel message")) not understood" },
        ].compactMap(\.self)
    }

    /// What found no place in the table, a table each.
    private static func tables(_ nodes: [Node]) -> [String] {
        let losing = nodes.filter(\.collector.hasTableLosses)
        return losing.prefix(namedTables).map { node in
            let collector = node.collector
            var losses: [String] = []
            if let count = collector.insertFailed, count > 0 { losses.append("insert_failed=\(count)") }
            if let count = collector.drop, count > 0 { losses.append("drop=\(count)") }
            if let count = collector.earlyDrop, count > 0 { losses.append("early_drop=\(count)") }
            return
                "\(node.name): connections missing from the table (\(losses.joined(separator: ", "))\(fill(collector)))"
        } + (losing.count > namedTables ? ["\(losing.count - namedTables) more tables with losses"] : [])
    }

    private static let namedTables = 5

    /// How full the table is, and what helps where it is.
    private static func fill(_ collector: CollectorCoverage) -> String {
        guard let count = collector.tableCount, let maximum = collector.tableMaximum else { return "" }
        let isFull = UInt64(count) * 10 >= UInt64(maximum) * 9
        return "; \(count) of \(maximum) entries" + (isFull ? ", raise nf_conntrack_max" : "")
    }

    private static func text(_ nodes: [Node], _ said: String) -> String? {
        nodes.isEmpty ? nil : "\(CoverageText.names(nodes.map(\.name))): \(said)"
    }

    /// What is said of the sum of a number over the nodes where it is not 0.
    private static func text(
        _ nodes: [Node],
        _ number: KeyPath<CollectorCoverage, UInt64>,
        _ said: (UInt64) -> String
    ) -> String? {
        let affected = nodes.filter { $0.collector[keyPath: number] > 0 }
        let sum = affected.reduce(UInt64(0)) { sum, node in
            let (total, overflow) = sum.addingReportingOverflow(node.collector[keyPath: number])
            return overflow ? .max : total
        }
        return text(affected, said(sum))
    }
}
