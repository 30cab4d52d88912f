import Inventory
import NetModel

/// By what flows are sorted: numbers from the largest, texts from A to Z, unknown values last.
package struct FlowOrder: Hashable, Sendable {
    /// What can be sorted by.
    package enum Key: String, CaseIterable, Sendable {
        case bytes, sent, received, packets, rate, connections, new, failed, duration
        case source, destination, service, port, `protocol`
    }

    package var key: Key
    /// Smallest first for numbers, Z to A for texts; unknown values stay last.
    package var isReversed: Bool

    package init(key: Key, isReversed: Bool) {
        self.key = key
        self.isReversed = isReversed
    }

    /// By bytes, then by connections.
    package static let standard = FlowOrder(key: .bytes, isReversed: false)
}

extension FlowSet {
    /// The positions of all flows in order. Flows that are equal under the key are ordered by connections, then by
    /// what they are, so the order never depends on that of the input.
    package func positions(by order: FlowOrder) -> [Int] {
        let positions = Array(0..<count)
        let numbers = order.key.isText ? [] : positions.map { number($0, order.key) }
        let texts = order.key.isText ? positions.map { text($0, order.key) } : []
        let ranks = nameRanks()
        return positions.sorted { left, right in
            if order.key.isText {
                if let decided = Self.isBefore(texts[left], texts[right], isAscending: !order.isReversed) {
                    return decided
                }
            } else if let decided = Self.isBefore(numbers[left], numbers[right], isAscending: order.isReversed) {
                return decided
            }
            return grouping == .connection ? isTupleBefore(left, right) : isKeyBefore(left, right, ranks)
        }
    }

    /// Which of two values comes first; nil when they are equal. What is not known comes last either way.
    static func isBefore<Value: Comparable>(_ left: Value?, _ right: Value?, isAscending: Bool) -> Bool? {
        guard left != right else { return nil }
        guard let left else { return false }
        guard let right else { return true }
        return isAscending ? left < right : left > right
    }

    private func isKeyBefore(_ left: Int, _ right: Int, _ ranks: [Int]) -> Bool {
        if sums[left].connections != sums[right].connections { return sums[left].connections > sums[right].connections }
        let first = keys[left]
        let second = keys[right]
        let one = (ranks[Int(first.source)], ranks[Int(first.destination)], first.port, first.transport.rawValue)
        let other = (ranks[Int(second.source)], ranks[Int(second.destination)], second.port, second.transport.rawValue)
        if one != other { return one < other }
        if first.service != second.service { return (serviceName(left) ?? "") < (serviceName(right) ?? "") }
        return (first.leg?.rawValue ?? "") < (second.leg?.rawValue ?? "")
    }

    private func isTupleBefore(_ left: Int, _ right: Int) -> Bool {
        let one = record(left)
        let other = record(right)
        let addresses = resolved.table.addresses
        if one.client.address != other.client.address {
            return addresses[one.client.address] < addresses[other.client.address]
        }
        if one.dialled.address != other.dialled.address {
            return addresses[one.dialled.address] < addresses[other.dialled.address]
        }
        let ports = (one.client.port, one.dialled.port, one.transport.rawValue)
        let otherPorts = (other.client.port, other.dialled.port, other.transport.rawValue)
        if ports != otherPorts { return ports < otherPorts }
        // What is left are tuples that belong to one node, and connections that had a tuple one after the other.
        let names = observerNames(one.observers)
        let otherNames = observerNames(other.observers)
        if names != otherNames { return names.lexicographicallyPrecedes(otherNames) }
        return one.start != other.start ? one.start < other.start : single[left] < single[right]
    }

    private func record(_ position: Int) -> ConnectionRecord {
        resolved.table.records[Int(single[position])]
    }

    /// The place of every end's name in alphabetical order.
    private func nameRanks() -> [Int] {
        var ranks = [Int](repeating: 0, count: ends.count)
        let sorted = ends.indices.sorted { (ends[$0].name, $0) < (ends[$1].name, $1) }
        for (rank, end) in sorted.enumerated() { ranks[end] = rank }
        return ranks
    }

    private func number(_ position: Int, _ key: FlowOrder.Key) -> Double? {
        let sums = sums(position)
        let both = (sums.sentShown ?? .zero) + (sums.receivedShown ?? .zero)
        switch key {
        case .bytes: return sums.counted > 0 ? Double(both.bytes) : nil
        case .sent: return sums.sentShown.map { Double($0.bytes) }
        case .received: return sums.receivedShown.map { Double($0.bytes) }
        case .packets: return sums.counted > 0 ? Double(both.packets) : nil
        case .rate: return carried(sums).map { Double($0.carried.bytes) / $0.seconds }
        case .connections: return Double(sums.connections)
        case .new: return newConnections(sums).map(Double.init)
        case .failed: return failedConnections(sums).map(Double.init)
        case .duration: return sums.longest
        case .port: return self[position].destinationPort.map(Double.init)
        case .source, .destination, .service, .protocol: return nil
        }
    }

    private func text(_ position: Int, _ key: FlowOrder.Key) -> String? {
        switch key {
        case .source: self[position].source.name
        case .destination: self[position].destination.name
        case .service: serviceName(position)
        case .protocol: self[position].transport.description
        default: nil
        }
    }

    private func serviceName(_ position: Int) -> String? {
        if grouping == .connection {
            return resolved.connections[Int(single[position])].service.map { resolved.services[Int($0)].description }
        }
        return keys[position].service > 0 ? resolved.services[Int(keys[position].service) - 1].description : nil
    }
}

extension FlowOrder.Key {
    fileprivate var isText: Bool {
        switch self {
        case .source, .destination, .service, .protocol: true
        default: false
        }
    }
}
