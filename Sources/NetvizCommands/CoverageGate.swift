import FlowGraph

/// Decides whether enough was observed for the result to count.
enum CoverageGate {
    /// - Parameter minimum: the share of nodes that must have been observed, 0 to 1.
    /// - Throws: when less was observed, or nothing at all.
    static func check(_ coverage: Coverage, minimum: Double?) throws(NetvizError) {
        guard coverage.isAnythingObserved else {
            let isText = coverage.sources.contains { $0.mode == .text }
            throw NetvizError(
                .coverage,
                "nothing was observed on any node",
                remedy: isText ? "A table without entries is mostly a capture that failed: conntrack needs root." : nil
            )
        }
        guard let minimum, coverage.share < minimum else { return }
        let percent = Int((coverage.share * 100).rounded(.down))
        throw NetvizError(
            .coverage,
            "\(coverage.nodesCovered) of \(coverage.nodesTotal) nodes were observed (\(percent)%), less than --min-coverage asks"
        )
    }
}
