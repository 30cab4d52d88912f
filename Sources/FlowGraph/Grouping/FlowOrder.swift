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
        let numbers = order.key.isText ? [] : aggregates.map { number($0, order.key) }
        let ranks = nameRanks()
        let texts = order.key.isText ? aggregates.indices.map { text($0, order.key) } : []
        return aggregates.indices.sorted { left, right in
            if order.key.isText {
                if texts[left] != texts[right] {
                    guard let first = texts[left] else { return false }
                    guard let second = texts[right] else { return true }
                    return order.isReversed ? first > second : first < second
                }
            } else if numbers[left] != numbers[right] {
                guard let first = numbers[left] else { return false }
                guard let second = numbers[right] else { return true }
                return order.isReversed ? first < second : first > second
            }
            return isBefore(left, right, ranks)
        }
    }

    private func isBefore(_ left: Int, _ right: Int, _ ranks: [Int]) -> Bool {
        let first = aggregates[left]
        let second = aggregates[right]
        if first.connections != second.connections { return first.connections > second.connections }
        if grouping == .connection { return isBeforeByTuple(first, second) }
        let one = (
            ranks[Int(first.key.source)], ranks[Int(first.key.destination)], first.key.port,
            first.key.transport.rawValue
        )
        let other = (
            ranks[Int(second.key.source)], ranks[Int(second.key.destination)], second.key.port,
            second.key.transport.rawValue
        )
        if one != other { return one < other }
        if first.key.service != second.key.service {
            return (serviceName(first) ?? "") < (serviceName(second) ?? "")
        }
        return (first.key.leg?.rawValue ?? "") < (second.key.leg?.rawValue ?? "")
    }

    private func isBeforeByTuple(_ first: Aggregate, _ second: Aggregate) -> Bool {
        let one = resolved.table.records[Int(resolved.connections[first.first].record)]
        let other = resolved.table.records[Int(resolved.connections[second.first].record)]
        let addresses = resolved.table.addresses
        if one.client.address != other.client.address {
            return addresses[one.client.address] < addresses[other.client.address]
        }
        if one.dialled.address != other.dialled.address {
            return addresses[one.dialled.address] < addresses[other.dialled.address]
        }
        let ports = (one.client.port, one.dialled.port, one.transport.rawValue, one.scope)
        let otherPorts = (other.client.port, other.dialled.port, other.transport.rawValue, other.scope)
        return ports != otherPorts ? ports < otherPorts : first.first < second.first
    }

    /// The place of every end's name in alphabetical order, equal names side by side.
    private func nameRanks() -> [Int] {
        var ranks = [Int](repeating: 0, count: ends.count)
        let sorted = ends.indices.sorted { (ends[$0].name, $0) < (ends[$1].name, $1) }
        for (rank, end) in sorted.enumerated() { ranks[end] = rank }
        return ranks
    }

    private func number(_ aggregate: Aggregate, _ key: FlowOrder.Key) -> Double? {
        switch key {
        case .bytes:
            guard aggregate.counted > 0 else { return nil }
            return Double((aggregate.sent ?? .zero).bytes) + Double((aggregate.received ?? .zero).bytes)
        case .sent: return aggregate.sent.map { Double($0.bytes) }
        case .received: return aggregate.received.map { Double($0.bytes) }
        case .packets:
            guard aggregate.counted > 0 else { return nil }
            return Double((aggregate.sent ?? .zero).packets) + Double((aggregate.received ?? .zero).packets)
        case .rate:
            guard let longest = aggregate.longest, longest > 0, aggregate.counted > 0 else { return nil }
            return Double(aggregate.timed.bytes) / longest
        case .connections: return Double(aggregate.connections)
        case .new: return resolved.table.hasEvents ? Double(aggregate.opened) : nil
        case .failed: return Double(aggregate.failed)
        case .duration: return aggregate.longest
        case .port: return aggregate.key.port < AggregateKey.noPort ? Double(aggregate.key.port) : nil
        case .source, .destination, .service, .protocol: return nil
        }
    }

    private func text(_ position: Int, _ key: FlowOrder.Key) -> String? {
        let aggregate = aggregates[position]
        switch key {
        case .source: return self[position].source.name
        case .destination: return self[position].destination.name
        case .service: return serviceName(aggregate)
        case .protocol: return aggregate.key.transport.description
        default: return nil
        }
    }

    private func serviceName(_ aggregate: Aggregate) -> String? {
        aggregate.key.service > 0 ? resolved.services[Int(aggregate.key.service) - 1].description : nil
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
