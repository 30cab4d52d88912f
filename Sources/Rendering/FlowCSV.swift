import FlowGraph
import Inventory
import NetModel

/// Flows as comma-separated values. The columns are named like
/// the fields of the JSON form; a value that is not known is empty. Columns that are of a window are there only where
/// something was seen within one.
struct FlowCSV {
    private struct Column: Sendable {
        let name: String
        let cell: @Sendable (Flow) -> String?

        init(_ name: String, _ cell: @escaping @Sendable (Flow) -> String?) {
            self.name = name
            self.cell = cell
        }
    }

    private let columns: [Column]

    /// - Parameters:
    ///   - hasWindow: whether any flow was seen within a window.
    ///   - hasEvidence: whether a component said why a connection was not answered.
    init(hasWindow: Bool, hasEvidence: Bool) {
        columns =
            Self.ends + (hasWindow ? Self.sentWithin : []) + Self.kinds + (hasWindow ? Self.receivedWithin : [])
            + Self.numbers + Self.rest + (hasEvidence ? Self.evidence : [])
    }

    var header: String { CSVText.line(columns.map(\.name)) }

    func line(_ flow: Flow) -> String {
        CSVText.line(columns.map { $0.cell(flow) ?? "" })
    }

    private static let ends: [Column] = [
        Column("source") { $0.source.name },
        Column("source_kind") { $0.source.kind.rawValue },
        Column("source_namespace") { $0.source.namespace },
        Column("source_pod") { $0.source.pod },
        Column("source_workload") { $0.source.workload },
        Column("source_node") { $0.source.node },
        Column("source_ip") { $0.source.address?.description },
        Column("source_port") { $0.sourcePort.map(String.init) },
        Column("dest") { $0.destination.name },
        Column("dest_kind") { $0.destination.kind.rawValue },
        Column("dest_namespace") { $0.destination.namespace },
        Column("dest_pod") { $0.destination.pod },
        Column("dest_workload") { $0.destination.workload },
        Column("dest_node") { $0.destination.node },
        Column("dest_ip") { $0.destination.address?.description },
        Column("dest_port") { $0.destinationPort.map(String.init) },
        Column("protocol") { $0.transport.description },
    ]

    private static let sentWithin: [Column] = [
        Column("bytes_sent") { $0.sent.map { String($0.bytes) } },
        Column("packets_sent") { $0.sent.map { String($0.packets) } },
    ]

    private static let kinds: [Column] = [
        Column("direction") { $0.direction?.rawValue },
        Column("verdict") { $0.verdict?.rawValue },
    ]

    private static let receivedWithin: [Column] = [
        Column("bytes_received") { $0.received.map { String($0.bytes) } },
        Column("packets_received") { $0.received.map { String($0.packets) } },
    ]

    private static let numbers: [Column] = [
        Column("connection_count") { String($0.connections) },
        Column("counted_connections") { String($0.countedConnections) },
        Column("new_connections") { $0.newConnections.map(String.init) },
        Column("failed_connections") { $0.failedConnections.map(String.init) },
        Column("total_bytes_sent") { $0.totalSent.map { String($0.bytes) } },
        Column("total_bytes_received") { $0.totalReceived.map { String($0.bytes) } },
        Column("total_packets_sent") { $0.totalSent.map { String($0.packets) } },
        Column("total_packets_received") { $0.totalReceived.map { String($0.packets) } },
        Column("bytes_per_sec") { $0.bytesPerSecond.map(CSVText.number) },
        Column("duration_seconds") { $0.durationSeconds.map(CSVText.number) },
    ]

    private static let rest: [Column] = [
        Column("service") { $0.service },
        Column("service_ip") { $0.service == nil ? nil : $0.dialled?.description },
        Column("state") { $0.state?.name },
        Column("outcome") { $0.outcome?.rawValue },
        Column("nodes") { $0.observers.joined(separator: " ") },
        Column("snat") { FlowDocument.endpoint($0.translatedSource, $0.translatedSourcePort) },
        Column("dnat") { $0.isConnection ? FlowDocument.endpoint($0.dialled, $0.dialledPort) : nil },
        Column("leg") { $0.leg?.rawValue },
    ]

    private static let evidence: [Column] = [
        Column("drop_reason") { $0.evidence?.reason },
        Column("policy") { $0.evidence?.policy },
    ]
}
