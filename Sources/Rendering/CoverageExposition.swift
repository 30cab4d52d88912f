import FlowGraph

/// The coverage for Prometheus: without it nobody could tell a quiet cluster from one that nobody looked at.
enum CoverageExposition {
    private struct Gauge: Sendable {
        let name: String
        let help: String
        let value: @Sendable (Coverage.Source) -> Double?

        init(_ name: String, _ help: String, _ value: @escaping @Sendable (Coverage.Source) -> Double?) {
            self.name = "netviz_node_" + name
            self.help = help
            self.value = value
        }
    }

    static func write(_ coverage: Coverage, _ listing: Listing, to text: inout ExpositionText) throws {
        let windows = coverage.sources.compactMap { $0.collector?.window?.seconds }
        try one("netviz_nodes", "Nodes that there are.", Double(coverage.nodesTotal), to: &text)
        try one("netviz_nodes_covered", "Nodes that were observed.", Double(coverage.nodesCovered), to: &text)
        try one("netviz_window_seconds", "The longest window of all nodes.", windows.max(), to: &text)
        try one("netviz_pairs", "Pairs of a source and a destination.", Double(listing.total), to: &text)
        try one("netviz_pairs_listed", "Pairs that have samples here.", Double(listing.listed), to: &text)
        for gauge in gauges {
            let samples = coverage.sources.lazy.compactMap { source in
                gauge.value(source).map { ExpositionText.Sample(labels: labels(source), value: $0) }
            }
            try text.gauge(gauge.name, gauge.help, samples)
        }
        let leftOut = [("probe", listing.omitted.probes), ("carrier", listing.omitted.carriers)].lazy.map {
            ExpositionText.Sample(labels: ExpositionText.Labels(["reason": $0]), value: Double($1))
        }
        try text.gauge("netviz_connections_left_out", "Connections that no pair counts.", leftOut)
        // A node and a file of one name may have been left out for one reason.
        var told = Set<Coverage.Skipped>()
        let reasons = coverage.skipped.filter { told.insert($0).inserted }.lazy.map { skipped in
            ExpositionText.Sample(
                labels: ExpositionText.Labels(["node": skipped.node, "reason": skipped.reason]), value: 1)
        }
        try text.gauge("netviz_node_skipped_info", "Nodes that were not observed, and why.", reasons)
    }

    private static func one(_ name: String, _ help: String, _ value: Double?, to text: inout ExpositionText) throws {
        let sample = value.map { ExpositionText.Sample(labels: ExpositionText.Labels([:]), value: $0) }
        try text.gauge(name, help, [sample].compactMap(\.self))
    }

    private static func labels(_ source: Coverage.Source) -> ExpositionText.Labels {
        ExpositionText.Labels([
            "node": source.isNode ? source.name : nil,
            "file": source.isNode ? nil : source.name,
            "mode": source.mode.rawValue,
        ])
    }

    private static let gauges: [Gauge] = [
        Gauge("covered", "Whether what was seen may be taken for what there was.") {
            $0.reasonNotCovered(.connections) == nil ? 1 : 0
        },
        Gauge("entries", "Entries and events that were read.") { Double($0.entries) },
        Gauge("counted_entries", "Entries with counters.") { Double($0.countedEntries) },
        Gauge("refused_observable", "Whether refused connections could be seen.") { $0.showsRefused ? 1 : 0 },
        Gauge("malformed_lines", "Lines that could not be read.") {
            $0.collector == nil ? Double($0.malformedLines) : nil
        },
        Gauge("window_seconds", "Over which time the table was watched.") { $0.collector?.window?.seconds },
        Gauge("clock_offset_seconds", "By how much the clock is ahead of the client's.") {
            $0.collector?.clockOffsetMilliseconds.map { $0 / 1000 }
        },
        Gauge("accounting", "Whether the kernel counts bytes (nf_conntrack_acct).") {
            $0.collector?.accounting.map { $0 ? 1 : 0 }
        },
        Gauge("events", "Events that were received within the window.") { $0.collector.map { Double($0.events) } },
        Gauge("event_overruns", "How often events were lost within the window.") {
            $0.collector.map { Double($0.eventOverruns) }
        },
        Gauge("table_entries", "Entries of the connection tracking table.") {
            $0.collector?.tableCount.map { Double($0) }
        },
        Gauge("table_limit", "The most entries that the table may have.") {
            $0.collector?.tableMaximum.map { Double($0) }
        },
        Gauge("insert_failures", "Connections that found no place in the table within the window.") {
            $0.collector?.insertFailed.map { Double($0) }
        },
        Gauge("dropped_packets", "Packets dropped within the window because the table could not take them.") {
            $0.collector?.drop.map { Double($0) }
        },
        Gauge("early_drops", "Connections thrown out of a full table within the window.") {
            $0.collector?.earlyDrop.map { Double($0) }
        },
        Gauge("unmeasured_ends", "Connections that ended without an event, their last bytes not measured.") {
            $0.collector.map { Double($0.endedUnheard) }
        },
    ]
}
