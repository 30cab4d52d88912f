import NetModel

/// By what metrics are sorted: numbers from the largest, texts from A to Z, unknown values last.
package struct MetricOrder: Hashable, Sendable {
    /// What can be sorted by.
    package enum Key: String, CaseIterable, Sendable {
        case bytes, rate, packets, connections, errors, source, destination
    }

    package var key: Key
    /// Smallest first for numbers, Z to A for texts; unknown values stay last.
    package var isReversed: Bool

    package init(key: Key, isReversed: Bool) {
        self.key = key
        self.isReversed = isReversed
    }

    /// By bytes, then by connections.
    package static let standard = MetricOrder(key: .bytes, isReversed: false)
}

extension MetricSet {
    /// What a pair is sorted by, found once a pair.
    private struct Place {
        var number: Double?
        var connections: UInt32
        /// The places of the ends' names in alphabetical order.
        var source: Int
        var destination: Int
    }

    /// The positions of all pairs in order. Pairs that are equal under the key are ordered by connections, then by
    /// their names, so the order never depends on that of the input.
    package func positions(by order: MetricOrder) -> [Int] {
        let ranks = nameRanks()
        let places = (0..<count).map { place($0, order.key, ranks) }
        return places.indices.sorted { left, right in
            let (one, other) = (places[left], places[right])
            let decided =
                switch order.key {
                case .source: FlowSet.isBefore(one.source, other.source, isAscending: !order.isReversed)
                case .destination:
                    FlowSet.isBefore(one.destination, other.destination, isAscending: !order.isReversed)
                default: FlowSet.isBefore(one.number, other.number, isAscending: order.isReversed)
                }
            if let decided { return decided }
            if one.connections != other.connections { return one.connections > other.connections }
            return (one.source, one.destination) < (other.source, other.destination)
        }
    }

    private func place(_ position: Int, _ key: MetricOrder.Key, _ ranks: [Int]) -> Place {
        let sums = sums(position)
        let ends = ends(position)
        return Place(
            number: number(position, sums, key),
            connections: sums.connections,
            source: ranks[ends.source],
            destination: ranks[ends.destination]
        )
    }

    private func number(_ position: Int, _ sums: FlowSums, _ key: MetricOrder.Key) -> Double? {
        // Both directions; nil where nothing was counted.
        let carried = sums.counted > 0 ? (sums.sentShown ?? .zero) + (sums.receivedShown ?? .zero) : nil
        switch key {
        case .bytes: return carried.map { Double($0.bytes) }
        case .packets: return carried.map { Double($0.packets) }
        case .rate:
            return flows.carried(sums, seenBy: observers(position)).map { Double($0.carried.bytes) / $0.seconds }
        case .connections: return Double(sums.connections)
        case .errors: return errorRate(position)
        case .source, .destination: return nil
        }
    }
}
