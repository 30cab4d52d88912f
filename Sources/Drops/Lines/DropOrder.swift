import NetModel

/// By what lines of drops are sorted: numbers from the largest, texts from A to Z, unknown values last.
package struct DropOrder: Sendable {
    package enum Key: String, CaseIterable, Sendable {
        /// Of the window; where none was measured, in total.
        case packets
        case bytes, total, connections, writer, `for`, chain, node
    }

    package var key: Key
    /// Smallest first for numbers, Z to A for texts; unknown values stay last.
    package var isReversed: Bool

    package init(key: Key, isReversed: Bool) {
        self.key = key
        self.isReversed = isReversed
    }

    /// Lines in order; equal ones stay as they are.
    package func sorted(_ lines: [DropLine]) -> [DropLine] {
        switch key {
        case .packets, .bytes, .total, .connections: Self.sorted(lines, isDescending: !isReversed, by: number)
        case .writer, .for, .chain, .node: Self.sorted(lines, isDescending: isReversed, by: text)
        }
    }

    private static func sorted<Value: Comparable>(
        _ lines: [DropLine],
        isDescending: Bool,
        by value: (DropLine) -> Value?
    ) -> [DropLine] {
        var ranks = lines.enumerated().map { (position: $0, value: value($1)) }
        ranks.sort { left, right in
            guard let own = left.value, let other = right.value else {
                return left.value == nil && right.value == nil ? left.position < right.position : left.value != nil
            }
            guard own == other else { return isDescending ? own > other : own < other }
            return left.position < right.position
        }
        return ranks.map { lines[$0.position] }
    }

    private func number(_ line: DropLine) -> UInt64? {
        switch key {
        case .packets: line.counts.window?.packets ?? line.counts.total?.packets
        case .bytes: line.counts.window?.bytes ?? line.counts.total?.bytes
        case .total: line.counts.total?.packets
        case .connections: UInt64(line.connections)
        case .writer, .for, .chain, .node: nil
        }
    }

    private func text(_ line: DropLine) -> String? {
        switch key {
        case .writer: line.point.attribution.writer.rawValue
        case .for: line.point.attribution.subject?.description
        case .chain: line.point.place
        case .node: line.nodes.first?.name
        case .packets, .bytes, .total, .connections: nil
        }
    }
}
