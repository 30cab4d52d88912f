import FlowGraph
import NetModel

/// The columns of the flows table.
struct FlowColumns: Sendable {
    private let columns: [Column]

    private struct Column: Sendable {
        let header: String
        let cell: @Sendable (Flow) -> String
    }

    /// What stands for a value that was not measured or does not apply.
    static let none = "-"

    /// - Parameter hasWindow: whether any flow was seen within a window; SENT, RECEIVED and RATE are then of the window.
    /// - Parameter hasEvidence: whether a component said why a connection was not answered.
    init(isWide: Bool, grouping: Grouping, hasWindow: Bool, hasEvidence: Bool) {
        var columns = [
            Column(header: "SOURCE") { Self.source($0, grouping) },
            Column(header: "DESTINATION") { $0.destination.name },
            Column(header: "SERVICE") { $0.service ?? Self.none },
            Column(header: "PORT") { $0.destinationPort.map(String.init) ?? Self.none },
            Column(header: "PROTO") { $0.transport.description },
            Column(header: "CONNS") { String($0.connections) },
            Column(header: "NEW") { $0.newConnections.map(String.init) ?? Self.none },
            Column(header: "SENT") { Self.bytes($0.hasWindow ? $0.sent : $0.totalSent) },
            Column(header: "RECEIVED") { Self.bytes($0.hasWindow ? $0.received : $0.totalReceived) },
            Column(header: "RATE") { $0.bytesPerSecond.map(Quantity.rate) ?? Self.none },
            Column(header: "FAILED") { $0.failedConnections.map(String.init) ?? Self.none },
        ]
        if isWide {
            columns += [
                Column(header: "COUNTED") { String($0.countedConnections) },
                Column(header: "DIRECTION") { $0.direction?.rawValue ?? Self.none },
                Column(header: "VERDICT") { $0.verdict?.rawValue ?? Self.none },
                Column(header: "STATE") { $0.state?.name ?? Self.none },
                Column(header: "LEG") { $0.leg?.rawValue ?? Self.none },
                Column(header: "SOURCE NODE") { $0.source.node ?? Self.none },
                Column(header: "DESTINATION NODE") { $0.destination.node ?? Self.none },
                Column(header: "SEEN BY") { $0.observers.joined(separator: ",") },
            ]
        }
        if isWide, hasWindow {
            columns += [
                Column(header: "OUTCOME") { $0.outcome?.rawValue ?? Self.none },
                Column(header: "TOTAL SENT") { Self.bytes($0.totalSent) },
                Column(header: "TOTAL RECEIVED") { Self.bytes($0.totalReceived) },
            ]
        }
        if isWide, hasEvidence {
            columns.append(Column(header: "DROPPED BY") { $0.evidence?.reason ?? Self.none })
        }
        self.columns = columns
    }

    var headers: [String] { columns.map(\.header) }

    func cells(_ flow: Flow) -> [String] { columns.map { $0.cell(flow) } }

    private static func bytes(_ counters: Counters?) -> String {
        counters.map { Quantity.bytes($0.bytes) } ?? none
    }

    /// A single connection is told apart from the next by its client's port.
    private static func source(_ flow: Flow, _ grouping: Grouping) -> String {
        guard grouping == .connection, let port = flow.sourcePort else { return flow.source.name }
        return "\(flow.source.name):\(port)"
    }
}
