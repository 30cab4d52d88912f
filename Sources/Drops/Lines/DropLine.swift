import NetModel

/// One line of an answer: a place that drops, on one node or on all that have it.
///
/// As a `DropPoint` it never changes, and is passed on often.
package final class DropLine: Sendable {
    /// What one node measured.
    package struct NodeCounts: Sendable {
        package var name: String
        package var counts: DropCounts

        package init(name: String, counts: DropCounts) {
            self.name = name
            self.counts = counts
        }
    }

    package let point: DropPoint
    package let counts: DropCounts
    package let nodes: [NodeCounts]
    /// How many of the nodes did not measure the window.
    package let unmeasuredNodes: Int
    /// Whether a packet can come there at all.
    package let isReachable: Bool
    /// Most connections first.
    package let explains: [ExplainedFlow]

    package init(
        point: DropPoint,
        counts: DropCounts,
        nodes: [NodeCounts],
        unmeasuredNodes: Int,
        isReachable: Bool,
        explains: [ExplainedFlow]
    ) {
        self.point = point
        self.counts = counts
        self.nodes = nodes
        self.unmeasuredNodes = unmeasuredNodes
        self.isReachable = isReachable
        self.explains = explains
    }

    /// How many unanswered connections it explains.
    package var connections: Int { explains.reduce(0) { $0 + $1.connections } }

    /// Whether it is known that nothing was dropped here: within the window where it was measured, else ever.
    package var droppedNothing: Bool {
        if let window = counts.window { return window.packets == 0 && unmeasuredNodes == 0 }
        return counts.total.map { $0.packets == 0 } ?? !isReachable
    }
}
