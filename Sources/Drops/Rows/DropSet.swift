/// What several nodes drop, each place once.
package struct DropSet: Sendable {
    /// The same rule, policy or element on all the nodes that have it.
    package struct Row: Sendable {
        package let point: DropPoint
        /// In the order of the nodes.
        package let nodes: [NodeCounts]
        /// The sums of what the nodes measured; `window` is nil, with a reason, only where no node measured it.
        package let sum: DropCounts
        /// How many nodes have the place and did not measure its window.
        package let unmeasuredNodes: Int
        /// Whether a packet can come there on some node.
        package let isReachable: Bool
    }

    /// One node's share of a row.
    package struct NodeCounts: Sendable {
        /// The node's position among those that the set was made of.
        package let node: Int
        package let counts: DropCounts
        package let isReachable: Bool
        /// The positions in the node's `drops`: more than one where a chain holds the same rule several times.
        package let drops: [Int]
    }

    /// By packets of the window, then by those in total, the largest first, then by names.
    package let rows: [Row]

    package init(_ nodes: [NodeDrops]) {
        rows = []
    }
}
