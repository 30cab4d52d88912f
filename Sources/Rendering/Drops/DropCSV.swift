import Drops
import FirewallRules
import NetModel

/// Drops as comma-separated values (RFC 4180), a line for each place and each of its nodes; a value that is not known is
/// empty.
enum DropCSV {
    private struct Column: Sendable {
        let name: String
        let cell: @Sendable (DropLine, DropLine.NodeCounts) -> String?

        init(_ name: String, _ cell: @escaping @Sendable (DropLine, DropLine.NodeCounts) -> String?) {
            self.name = name
            self.cell = cell
        }
    }

    private static let columns: [Column] = [
        Column("node") { $1.name },
        Column("writer") { line, _ in line.point.attribution.writer.rawValue },
        Column("for_kind") { line, _ in line.point.attribution.subject?.kind },
        Column("for_namespace") { line, _ in line.point.attribution.subject?.namespace },
        Column("for_name") { line, _ in line.point.attribution.subject?.name },
        Column("for_port") { line, _ in line.point.attribution.subject?.port },
        Column("direction") { line, _ in line.point.attribution.direction?.rawValue },
        Column("verdict") { line, _ in line.point.act },
        Column("packet_filter") { line, _ in line.point.filter.rawValue },
        Column("family") { line, _ in line.point.family.rawValue },
        Column("table") { line, _ in line.point.table },
        Column("chain") { line, _ in line.point.chain },
        Column("packets") { $1.counts.window.map { String($0.packets) } },
        Column("bytes") { $1.counts.window.map { String($0.bytes) } },
        Column("total_packets") { $1.counts.total.map { String($0.packets) } },
        Column("total_bytes") { $1.counts.total.map { String($0.bytes) } },
        Column("window_not_measured") { $1.counts.reason?.rawValue },
        Column("connections_explained") { line, _ in String(line.connections) },
        Column("reason") { line, _ in line.point.attribution.reason },
        Column("rule") { line, _ in line.point.text },
    ]

    static var header: String { CSVText.line(columns.map(\.name)) }

    static func line(_ line: DropLine) -> String {
        line.nodes.map { node in
            CSVText.line(columns.map { $0.cell(line, node) ?? "" })
        }.joined()
    }
}
