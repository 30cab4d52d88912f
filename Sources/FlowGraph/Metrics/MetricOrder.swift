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
    /// The positions of all pairs in order. Pairs that are equal under the key are ordered by connections, then by
    /// their names, so the order never depends on that of the input.
    package func positions(by order: MetricOrder) -> [Int] {
        let positions = Array(0..<count)
        let connections = positions.map { sums($0).connections }
        let numbers = positions.map { number($0, order.key) }
        return positions.sorted { left, right in
            let decided =
                switch order.key {
                case .source:
                    FlowSet.isBefore(source(left).name, source(right).name, isAscending: !order.isReversed)
                case .destination:
                    FlowSet.isBefore(destination(left).name, destination(right).name, isAscending: !order.isReversed)
                default: FlowSet.isBefore(numbers[left], numbers[right], isAscending: order.isReversed)
                }
            if let decided { return decided }
            if connections[left] != connections[right] { return connections[left] > connections[right] }
            return (source(left).name, destination(left).name) < (source(right).name, destination(right).name)
        }
    }

    private func number(_ position: Int, _ key: MetricOrder.Key) -> Double? {
        switch key {
        case .bytes: return shown(position).map { Double($0.bytes) }
        case .packets: return shown(position).map { Double($0.packets) }
        case .rate:
            return flows.carried(sums(position), seenBy: observers(position)).map {
                Double($0.carried.bytes) / $0.seconds
            }
        case .connections: return Double(sums(position).connections)
        case .errors: return errorRate(position)
        case .source, .destination: return nil
        }
    }

    /// Both directions; nil where nothing was counted.
    private func shown(_ position: Int) -> Counters? {
        let sums = sums(position)
        return sums.counted > 0 ? (sums.sentShown ?? .zero) + (sums.receivedShown ?? .zero) : nil
    }
}
