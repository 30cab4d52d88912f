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
        var lines: [DropLine] = []
        lines.reserveCapacity(set.rows.count)
        for row in set.rows {
            guard isByNode else {
                lines.append(line(row, row.nodes, row.sum, nodes, explained))
                continue
            }
            for share in row.nodes.indices {
                lines.append(line(row, row.nodes[share...share], row.nodes[share].counts, nodes, explained))
            }
        }
        return lines
    }

    private static func line(
        _ row: DropSet.Row,
        _ shares: ArraySlice<DropSet.NodeCounts>,
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
            explains: explained.isEmpty ? [] : flows(shares, explained)
        )
    }

    private static func flows(_ shares: ArraySlice<DropSet.NodeCounts>, _ explained: Explained) -> [ExplainedFlow] {
        var flows: [ExplainedFlow] = []
        for share in shares {
            guard let ofNode = explained[share.node] else { continue }
            for drop in share.drops { flows += ofNode[drop] ?? [] }
        }
        return flows.isEmpty ? [] : merged(flows)
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
