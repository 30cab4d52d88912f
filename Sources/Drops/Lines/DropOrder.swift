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
        let ranked = lines.enumerated().map { Ranked(position: $0, number: number($1), text: text($1)) }
        return ranked.sorted(by: isBefore).map { lines[$0.position] }
    }

    private struct Ranked {
        let position: Int
        let number: UInt64?
        let text: String?
    }

    private func isBefore(_ left: Ranked, _ right: Ranked) -> Bool {
        if left.number != right.number {
            guard let number = left.number, let other = right.number else { return left.number != nil }
            return isReversed ? number < other : number > other
        }
        if left.text != right.text {
            guard let text = left.text, let other = right.text else { return left.text != nil }
            return isReversed ? text > other : text < other
        }
        return left.position < right.position
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
