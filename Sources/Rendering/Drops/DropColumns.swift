import Drops
import FirewallRules
import NetModel

/// The columns of the table of drops.
struct DropColumns: Sendable {
    private struct Column: Sendable {
        let header: String
        let cell: @Sendable (DropLine) -> String
    }

    private let columns: [Column]
    private static let none = "-"
    /// How many explained connections are named in a cell.
    private static let namedFlows = 2

    /// - Parameter isByNode: whether each line is of one node.
    init(isWide: Bool, isByNode: Bool) {
        var columns = [
            Column(header: "WRITER") { $0.point.attribution.writer.rawValue },
            Column(header: "FOR") { $0.point.attribution.subject?.description ?? Self.none },
            Column(header: "VERDICT") { $0.point.act },
            Column(header: "CHAIN") { $0.point.place },
            Column(header: "PACKETS") { Self.number($0.counts.window?.packets) },
            Column(header: "BYTES") { $0.counts.window.map { Quantity.bytes($0.bytes) } ?? Self.none },
            Column(header: "TOTAL") { Self.number($0.counts.total?.packets) },
            Column(header: isByNode ? "NODE" : "NODES") { line in
                isByNode ? line.nodes.map(\.name).joined(separator: ",") : String(line.nodes.count)
            },
            Column(header: "EXPLAINS") { Self.explained($0.explains) },
            Column(header: "WHY") { $0.point.why },
        ]
        if isWide {
            columns += [
                Column(header: "TOTAL BYTES") { $0.counts.total.map { Quantity.bytes($0.bytes) } ?? Self.none },
                Column(header: "DIRECTION") { $0.point.attribution.direction?.rawValue ?? Self.none },
                Column(header: "FILTER") { $0.point.filter.rawValue },
                Column(header: "FAMILY") { $0.point.family.rawValue },
                Column(header: "NOT MEASURED") { $0.counts.reason?.rawValue ?? Self.none },
                Column(header: "RULE") { $0.point.text },
            ]
        }
        self.columns = columns
    }

    var headers: [String] { columns.map(\.header) }

    func cells(_ line: DropLine) -> [String] { columns.map { $0.cell(line) } }

    private static func number(_ count: UInt64?) -> String { count.map(String.init) ?? none }

    private static func explained(_ flows: [ExplainedFlow]) -> String {
        guard !flows.isEmpty else { return none }
        let named = flows.prefix(namedFlows).map(\.description).joined(separator: ", ")
        return flows.count > namedFlows ? "\(named) and \(flows.count - namedFlows) more" : named
    }
}
