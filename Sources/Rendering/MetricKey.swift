import FlowGraph
import TerminalText

/// The key of a pair in documents: "shop/frontend→shop/backend".
enum MetricKey {
    private static let arrow: Unicode.Scalar = "\u{2192}"

    /// Two pairs never have one key, whatever stands in their names: an arrow in a name is written `\u{2192}`.
    static func text(_ metrics: PairMetrics) -> String {
        name(metrics.source) + String(arrow) + name(metrics.destination)
    }

    private static func name(_ end: FlowEnd) -> String {
        PrintableText.unambiguous(end.name) { $0 == arrow }
    }
}
