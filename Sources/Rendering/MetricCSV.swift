import FlowGraph
import Inventory
import NetModel

/// Metrics as comma-separated values. The columns are named like the fields of the JSON form; a value that is not known
/// is empty.
enum MetricCSV {
    private struct Column: Sendable {
        let name: String
        let cell: @Sendable (PairMetrics) -> String?

        init(_ name: String, _ cell: @escaping @Sendable (PairMetrics) -> String?) {
            self.name = name
            self.cell = cell
        }
    }

    static var header: String { CSVText.line(columns.map(\.name)) }

    static func line(_ metrics: PairMetrics) -> String {
        CSVText.line(columns.map { $0.cell(metrics) ?? "" })
    }

    private static let columns: [Column] = [
        Column("source") { $0.source.name },
        Column("source_kind") { $0.source.kind.rawValue },
        Column("source_namespace") { $0.source.namespace },
        Column("source_workload") { $0.source.workload },
        Column("dest") { $0.destination.name },
        Column("dest_kind") { $0.destination.kind.rawValue },
        Column("dest_namespace") { $0.destination.namespace },
        Column("dest_workload") { $0.destination.workload },
        Column("bytes_per_sec") { $0.bytesPerSecond.map(CSVText.number) },
        Column("packets_per_sec") { $0.packetsPerSecond.map(CSVText.number) },
        Column("connection_count") { String($0.connections) },
        Column("error_rate") { $0.errorRate.map { String($0) } },
        Column("protocol") { $0.transport.description },
        Column("ports") { $0.ports.map(String.init).joined(separator: " ") },
        Column("is_active") { $0.isActive.map { String($0) } },
        Column("direction") { $0.direction?.rawValue },
        Column("active_connections") { $0.activeConnections.map(String.init) },
        Column("attempts") { $0.attempts.map(String.init) },
        Column("failed_attempts") { $0.failedAttempts.map(String.init) },
        Column("total_bytes_sent") { $0.totalSent.map { String($0.bytes) } },
        Column("total_bytes_received") { $0.totalReceived.map { String($0.bytes) } },
        Column("total_packets_sent") { $0.totalSent.map { String($0.packets) } },
        Column("total_packets_received") { $0.totalReceived.map { String($0.packets) } },
        Column("nodes") { $0.observers.joined(separator: " ") },
    ]
}
