import NetModel

/// What several nodes drop, each place once.
package struct DropSet: Sendable {
    /// The same rule, policy or element on all the nodes that have it.
    package struct Row: Sendable {
        package let point: DropPoint
        /// In the order of the nodes.
        package let nodes: ArraySlice<NodeCounts>
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
        package let drops: ArraySlice<Int>
    }

    /// By packets of the window, then by those in total, the largest first, then by names.
    package let rows: [Row]

    package init(_ nodes: [NodeDrops]) {
        let places = EqualDrops(nodes)
        // The shares of all rows stand in one array: most rows have but one, which is not worth an array of its own.
        var shares: [NodeCounts] = []
        shares.reserveCapacity(places.drops.count)
        var ends: [Int] = []
        ends.reserveCapacity(places.points.count)
        for members in places.members {
            var rest = members
            while let first = rest.first {
                let node = places.nodes[first]
                let drops = rest.prefix { places.nodes[$0] == node }
                shares.append(Self.share(of: node, places.drops[drops], of: nodes[node]))
                rest = drops.endIndex..<rest.endIndex
            }
            ends.append(shares.count)
        }
        var rows: [Row] = []
        rows.reserveCapacity(ends.count)
        for (point, end) in zip(places.points, ends) {
            let start = rows.last?.nodes.endIndex ?? 0
            rows.append(Self.row(point, shares[start..<end]))
        }
        self.rows = Self.ordered(rows)
    }

    private static func share(of node: Int, _ drops: ArraySlice<Int>, of content: NodeDrops) -> NodeCounts {
        if drops.count == 1, let drop = drops.first {
            return NodeCounts(
                node: node, counts: content.drops[drop].counts, isReachable: content.drops[drop].isReachable,
                drops: drops)
        }
        let counts = drops.map { content.drops[$0].counts }
        var sum = DropCounts(sumOf: counts)
        if let missing = counts.first(where: \.lacksWindow) {
            sum.window = nil
            sum.reason = missing.reason
        }
        return NodeCounts(
            node: node, counts: sum, isReachable: drops.contains { content.drops[$0].isReachable }, drops: drops)
    }

    private static func row(_ point: DropPoint, _ shares: ArraySlice<NodeCounts>) -> Row {
        let isOne = shares.count == 1
        return Row(
            point: point,
            nodes: shares,
            sum: isOne ? shares[shares.startIndex].counts : DropCounts(sumOf: shares.map(\.counts)),
            unmeasuredNodes: shares.count { $0.counts.lacksWindow },
            isReachable: shares.contains(where: \.isReachable))
    }
}

/// The drops of several nodes, those of equal points together.
private struct EqualDrops {
    /// Each point once.
    private(set) var points: [DropPoint] = []
    /// For each point where in `nodes` and `drops` its drops stand.
    private(set) var members: [Range<Int>] = []
    /// The nodes, and the positions in these, in their order within each point.
    private(set) var nodes: [Int]
    private(set) var drops: [Int]

    init(_ contents: [NodeDrops]) {
        let count = contents.reduce(0) { $0 + $1.drops.count }
        var known: [DropPoint: Int] = [:]
        known.reserveCapacity(contents.map(\.drops.count).max() ?? 0)
        var owners: [Int] = []
        owners.reserveCapacity(count)
        var sizes: [Int] = []
        for content in contents {
            for drop in content.drops {
                let owner = Self.take(&known[drop.point, default: sizes.count])
                if owner == sizes.count {
                    points.append(drop.point)
                    sizes.append(0)
                }
                sizes[owner] += 1
                owners.append(owner)
            }
        }
        var end = 0
        members.reserveCapacity(sizes.count)
        for size in sizes {
            members.append(end..<end + size)
            end += size
        }
        nodes = Array(repeating: 0, count: count)
        drops = Array(repeating: 0, count: count)
        var next = members.map(\.lowerBound)
        var position = 0
        for (node, content) in contents.enumerated() {
            for drop in content.drops.indices {
                let owner = owners[position]
                nodes[next[owner]] = node
                drops[next[owner]] = drop
                next[owner] += 1
                position += 1
            }
        }
    }

    /// What a dictionary holds for a key, which its default was entered for: the key is hashed once.
    private static func take(_ entry: inout Int) -> Int { entry }
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
