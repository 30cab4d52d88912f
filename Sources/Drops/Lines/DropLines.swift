/// Makes lines of rows.
package enum DropLines {
    /// The connections that each place explains, most first: by node and by the place's position in the node's `drops`.
    package typealias Explained = [Int: [Int: [ExplainedFlow]]]

    /// - Parameters:
    ///   - nodes: what the set was made of.
    ///   - isByNode: whether each node's share is a line of its own.
    package static func lines(
        _ set: DropSet,
        of nodes: [NodeDrops],
        explained: Explained,
        isByNode: Bool
    ) -> [DropLine] {
        set.rows.flatMap { row in
            guard isByNode else { return [line(row, row.nodes, row.sum, nodes, explained)] }
            return row.nodes.map { line(row, [$0], $0.counts, nodes, explained) }
        }
    }

    private static func line(
        _ row: DropSet.Row,
        _ shares: [DropSet.NodeCounts],
        _ counts: DropCounts,
        _ nodes: [NodeDrops],
        _ explained: Explained
    ) -> DropLine {
        DropLine(
            point: row.point,
            counts: counts,
            nodes: shares.map { DropLine.NodeCounts(name: nodes[$0.node].name, counts: $0.counts) },
            unmeasuredNodes: shares.count == 1 ? (counts.window == nil ? 1 : 0) : row.unmeasuredNodes,
            isReachable: shares.contains(where: \.isReachable),
            explains: merged(
                shares.flatMap { share in share.drops.flatMap { explained[share.node]?[$0] ?? [] } }
            )
        )
    }

    /// Flows between the same ends added up, most connections first, then by name.
    private static func merged(_ flows: [ExplainedFlow]) -> [ExplainedFlow] {
        var sums: [ExplainedFlow: Int] = [:]
        for flow in flows {
            var key = flow
            key.connections = 0
            sums[key, default: 0] += flow.connections
        }
        let added = sums.map { flow, connections in
            var flow = flow
            flow.connections = connections
            return flow
        }
        return added.sorted { ($1.connections, $0.description) < ($0.connections, $1.description) }
    }
}
