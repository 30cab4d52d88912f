import FlowGraph
import Inventory
import NetModel

/// The metrics of pairs for Prometheus. A value that was not measured has no sample.
enum MetricExposition {
    /// What is kept of a pair to be written metric by metric.
    struct Row: Sendable {
        fileprivate let labels: ExpositionText.Labels
        fileprivate let values: [Double?]

        init(_ metrics: PairMetrics) {
            let (source, destination) = (metrics.source, metrics.destination)
            labels = ExpositionText.Labels([
                "source": source.name,
                "destination": destination.name,
                "source_namespace": source.namespace,
                "destination_namespace": destination.namespace,
                "source_workload": source.workload,
                "destination_workload": destination.workload,
                "source_kind": source.kind.rawValue,
                "destination_kind": destination.kind.rawValue,
                "protocol": metrics.transport.description,
                "direction": metrics.direction?.rawValue,
            ])
            values = MetricExposition.gauges.map { $0.value(metrics) }
        }
    }

    private struct Gauge: Sendable {
        let name: String
        let help: String
        let value: @Sendable (PairMetrics) -> Double?

        init(_ name: String, _ help: String, _ value: @escaping @Sendable (PairMetrics) -> Double?) {
            self.name = "netviz_flow_" + name
            self.help = help
            self.value = value
        }
    }

    private static let gauges: [Gauge] = [
        Gauge(
            "bytes_per_second",
            "Bytes a second in both directions, over the window, or over the life of connections without one."
        ) { $0.bytesPerSecond },
        Gauge("packets_per_second", "Packets a second in both directions, over the same time.") { $0.packetsPerSecond },
        Gauge("connections", "Connections from the source to the destination, idle ones included.") {
            Double($0.connections)
        },
        Gauge("active_connections", "Connections known to have been used within the window.") {
            $0.activeConnections.map { Double($0) }
        },
        Gauge("active", "Whether any connection was used within the window.") { $0.isActive.map { $0 ? 1 : 0 } },
        Gauge("attempts", "Distinct dials within the window.") { $0.attempts.map { Double($0) } },
        Gauge("failures", "Dials that were refused or not answered.") { $0.failedAttempts.map { Double($0) } },
        Gauge("error_ratio", "Failed dials of all, 0 to 1.") { $0.errorRate },
    ]

    static func write(_ rows: [Row], to text: inout ExpositionText) throws {
        for (index, gauge) in gauges.enumerated() {
            let samples = rows.lazy.compactMap { row in
                row.values[index].map { ExpositionText.Sample(labels: row.labels, value: $0) }
            }
            try text.gauge(gauge.name, gauge.help, samples)
        }
    }
}
