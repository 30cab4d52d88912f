import FlowGraph
import NetModel

/// The columns of the metrics table.
struct MetricColumns: Sendable {
    private let columns: [Column]

    private struct Column: Sendable {
        let header: String
        let cell: @Sendable (PairMetrics) -> String
    }

    /// What stands for a value that was not measured or does not apply.
    private static let none = "-"
    /// How many ports are shown before the rest is only counted.
    private static let shownPorts = 3

    init(isWide: Bool) {
        var columns = [
            Column(header: "SOURCE") { $0.source.name },
            Column(header: "DESTINATION") { $0.destination.name },
            Column(header: "CONNS") { String($0.connections) },
            Column(header: "ACTIVE") { $0.isActive.map { $0 ? "yes" : "no" } ?? Self.none },
            Column(header: "PROTO") { $0.transport.description },
            Column(header: "PORTS") { Self.ports($0.ports) },
            Column(header: "RATE") { $0.bytesPerSecond.map(Quantity.rate) ?? Self.none },
            Column(header: "PACKETS") { $0.packetsPerSecond.map(Quantity.perSecond) ?? Self.none },
            Column(header: "ERRORS") { $0.errorRate.map(Quantity.percentage) ?? Self.none },
            Column(header: "DIRECTION") { $0.direction?.rawValue ?? Self.none },
        ]
        if isWide {
            columns += [
                Column(header: "ATTEMPTS") { $0.attempts.map(String.init) ?? Self.none },
                Column(header: "FAILED") { $0.failedAttempts.map(String.init) ?? Self.none },
                Column(header: "TOTAL SENT") { Self.bytes($0.totalSent) },
                Column(header: "TOTAL RECEIVED") { Self.bytes($0.totalReceived) },
                Column(header: "SEEN BY") { $0.observers.joined(separator: ",") },
            ]
        }
        self.columns = columns
    }

    var headers: [String] { columns.map(\.header) }

    func cells(_ metrics: PairMetrics) -> [String] { columns.map { $0.cell(metrics) } }

    /// "80,443", "80,443,8080+62": the first few, and how many more.
    private static func ports(_ ports: [UInt16]) -> String {
        guard !ports.isEmpty else { return none }
        let shown = ports.prefix(shownPorts).map(String.init).joined(separator: ",")
        return ports.count > shownPorts ? "\(shown)+\(ports.count - shownPorts)" : shown
    }

    private static func bytes(_ counters: Counters?) -> String {
        counters.map { Quantity.bytes($0.bytes) } ?? none
    }
}
