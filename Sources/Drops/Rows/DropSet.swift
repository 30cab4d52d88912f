import NetModel

/// What several nodes drop, each place once.
package struct DropSet: Sendable {
    /// The same rule, policy or element on all the nodes that have it.
    package struct Row: Sendable {
        package let point: DropPoint
        /// In the order of the nodes.
        package let nodes: [NodeCounts]
        /// The sums of what the nodes measured. `window` is nil, with the first node's reason, only where no node
        /// measured it.
        package let sum: DropCounts
        /// How many nodes count packets at the place and could not measure the window: `sum.window` lacks theirs.
        package let unmeasuredNodes: Int
        /// Whether a packet can come there on some node.
        package let isReachable: Bool
    }

    /// One node's share of a row.
    package struct NodeCounts: Sendable {
        /// The node's position among those that the set was made of.
        package let node: Int
        /// Of all equal places of the node together: `window` is nil where one of them counts and did not measure it.
        package let counts: DropCounts
        package let isReachable: Bool
        /// The positions in the node's `drops`: more than one where a chain holds the same rule several times.
        package let drops: [Int]
    }

    /// By packets of the window, then by those in total, the largest first, then by names.
    package let rows: [Row]

    package init(_ nodes: [NodeDrops]) {
        var points: [DropPoint: Int] = [:]
        points.reserveCapacity(nodes.first?.drops.count ?? 0)
        var shares: [(point: DropPoint, nodes: [(node: Int, drops: [Int])])] = []
        for (node, content) in nodes.enumerated() {
            for (position, drop) in content.drops.enumerated() {
                let row = points[drop.point] ?? shares.count
                if row == shares.count {
                    points[drop.point] = row
                    shares.append((drop.point, []))
                }
                if let last = shares[row].nodes.indices.last, shares[row].nodes[last].node == node {
                    shares[row].nodes[last].drops.append(position)
                } else {
                    shares[row].nodes.append((node, [position]))
                }
            }
        }
        rows = Self.ordered(shares.map { Self.row($0.point, $0.nodes, of: nodes) })
    }

    private static func row(_ point: DropPoint, _ shares: [(node: Int, drops: [Int])], of nodes: [NodeDrops]) -> Row {
        let counts = shares.map { share in
            let drops = share.drops.map { nodes[share.node].drops[$0] }
            var sum = DropCounts(sumOf: drops.map(\.counts))
            if let missing = drops.map(\.counts).first(where: \.lacksWindow) {
                sum.window = nil
                sum.reason = missing.reason
            }
            return NodeCounts(
                node: share.node, counts: sum, isReachable: drops.contains(where: \.isReachable), drops: share.drops)
        }
        return Row(
            point: point,
            nodes: counts,
            sum: DropCounts(sumOf: counts.map(\.counts)),
            unmeasuredNodes: counts.count { $0.counts.lacksWindow },
            isReachable: counts.contains(where: \.isReachable))
    }
}

extension DropCounts {
    /// Whether packets are counted, but those of the window are not known.
    fileprivate var lacksWindow: Bool { window == nil && reason != .notCounted }

    /// The sums of what was measured; the reason is the first of those that are not "no counter".
    fileprivate init(sumOf counts: [DropCounts]) {
        self.init(
            total: Counters.sum(counts.lazy.compactMap(\.total)),
            window: Counters.sum(counts.lazy.compactMap(\.window)))
        if window == nil {
            reason = counts.first(where: \.lacksWindow)?.reason ?? counts.first?.reason
        }
    }
}

extension Counters {
    /// Nil for none.
    fileprivate static func sum(_ counters: some Sequence<Counters>) -> Counters? {
        counters.reduce(nil as Counters?) { sum, next in sum.map { $0 + next } ?? next }
    }
}
