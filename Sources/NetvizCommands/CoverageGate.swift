import FlowGraph

/// Decides whether enough was observed for the result to count.
enum CoverageGate {
    /// - Parameter minimum: the share of nodes that must have been observed, 0 to 1.
    /// - Throws: when less was observed, or nothing at all.
    static func check(_ coverage: Coverage, minimum: Double?) throws(NetvizError) {
        guard coverage.isAnythingObserved else {
            throw NetvizError(.coverage, "nothing was observed on any node", remedy: remedy(coverage))
        }
        guard !coverage.isCutShortEverywhere else {
            throw NetvizError(.coverage, "no node was observed to the end; what came before that is shown")
        }
        guard let minimum, coverage.share < minimum else { return }
        let percent = Int((coverage.share * 100).rounded(.down))
        throw NetvizError(
            .coverage,
            "\(coverage.nodesCovered) of \(coverage.nodesTotal) nodes were observed (\(percent)%), less than --min-coverage asks"
        )
    }

    /// What may help where nothing was observed.
    private static func remedy(_ coverage: Coverage) -> String? {
        switch coverage.subject {
        case .connections:
            guard coverage.sources.contains(where: { $0.collector == nil }) else { return nil }
            return "A table without entries is mostly a capture that failed: conntrack needs root."
        case .drops:
            guard coverage.sources.allSatisfy({ $0.collector == nil }) else { return nil }
            return "Give what 'iptables-save -c' or 'nft -j list ruleset' printed as root on the node."
        }
    }
}
