package import FlowGraph
import JSONText
package import NetModel

/// What one node's connection tracking table lost: connections that found no place in it, and packets dropped for it.
package struct TableLosses: Sendable {
    package var node: String
    /// Within the window; nil where there was none.
    package var insertFailed: UInt64?
    package var drop: UInt64?
    package var earlyDrop: UInt64?
    /// Since the network namespace began; nil where it is not known.
    package var total: ConntrackStatistics?
    /// `nf_conntrack_count` and `nf_conntrack_max` at the end.
    package var count: UInt32?
    package var maximum: UInt32?

    /// Nil where nothing is known of the table.
    package init?(_ source: Coverage.Source) {
        guard source.collector?.tableCount != nil || source.statistics != nil else { return nil }
        node = source.name
        insertFailed = source.collector?.insertFailed
        drop = source.collector?.drop
        earlyDrop = source.collector?.earlyDrop
        total = source.statistics
        count = source.collector?.tableCount
        maximum = source.collector?.tableMaximum
    }

    /// Whether the table has no room left.
    package var isFull: Bool? {
        guard let count, let maximum else { return nil }
        return count >= maximum
    }

    /// Whether anything was lost, within the window or before, or is lost now.
    package var isLosing: Bool {
        let numbers = [insertFailed, drop, earlyDrop, total?.insertFailed, total?.drop, total?.earlyDrop]
        return isFull ?? false || numbers.contains { ($0 ?? 0) > 0 }
    }

    static let headers = [
        "NODE", "TABLE", "ENTRIES", "LIMIT", "INSERT_FAILED", "DROP", "EARLY_DROP", "TOTAL INSERT_FAILED", "TOTAL DROP",
        "TOTAL EARLY_DROP",
    ]

    var cells: [String] {
        func number(_ count: (some FixedWidthInteger)?) -> String { count.map { "\($0)" } ?? "-" }
        return [
            node, isFull.map { $0 ? "full" : "ok" } ?? "-", number(count), number(maximum),
            number(insertFailed), number(drop), number(earlyDrop),
            number(total?.insertFailed), number(total?.drop), number(total?.earlyDrop),
        ]
    }

    func write(to writer: inout some DocumentWriter & ~Copyable) throws(DocumentWriterError) {
        try writer.field("node", node)
        try writer.field("insert_failed", insertFailed)
        try writer.field("drop", drop)
        try writer.field("early_drop", earlyDrop)
        try writer.field("total_insert_failed", total?.insertFailed)
        try writer.field("total_drop", total?.drop)
        try writer.field("total_early_drop", total?.earlyDrop)
        try writer.field("table_count", count)
        try writer.field("table_max", maximum)
        try writer.field("table_full", isFull)
    }
}
