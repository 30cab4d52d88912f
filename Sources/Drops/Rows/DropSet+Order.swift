import FirewallRules
import NetModel

extension DropSet {
    /// What was hit most within the window first, then what was in total; then by names, so that the same drops always
    /// have the same order.
    static func ordered(_ rows: [Row]) -> [Row] {
        // Rows are large to move about, and most of them are told apart by their numbers.
        var ranks = rows.indices.map { Rank(rows[$0].point, rows[$0].sum, at: $0) }
        ranks.sort { $0.isBefore($1) }
        return ranks.map { rows[$0.position] }
    }

    private struct Rank {
        let point: DropPoint
        let window: UInt64
        let total: UInt64
        let isCounted: Bool
        let position: Int

        init(_ point: DropPoint, _ counts: DropCounts, at position: Int) {
            self.point = point
            window = counts.window?.packets ?? 0
            total = counts.total?.packets ?? 0
            isCounted = counts.total != nil
            self.position = position
        }

        func isBefore(_ other: Rank) -> Bool {
            if window != other.window { return window > other.window }
            if total != other.total { return total > other.total }
            return isCounted == other.isCounted ? point.isNamedBefore(other.point) : isCounted
        }
    }
}

extension DropPoint {
    /// Whether it comes before another by all that tells one place from another, the writer and whom it is about first.
    fileprivate func isNamedBefore(_ other: DropPoint) -> Bool {
        if attribution.writer != other.attribution.writer {
            return attribution.writer.rawValue < other.attribution.writer.rawValue
        }
        if attribution.subject != nil || other.attribution.subject != nil,
            let isBefore = Self.isBefore(attribution.subject, other.attribution.subject)
        {
            return isBefore
        }
        if filter != other.filter { return filter.rawValue < other.filter.rawValue }
        if family != other.family { return family.rawValue < other.family.rawValue }
        if let isBefore = Self.isBefore(table, other.table) { return isBefore }
        if chain != other.chain { return chain < other.chain }
        if kind != other.kind { return kind.name < other.kind.name }
        if text != other.text { return text < other.text }
        if verdict != other.verdict {
            let (name, otherName) = (verdict.name, other.verdict.name)
            return name != otherName ? name < otherName : verdict.answer < other.verdict.answer
        }
        if attribution.direction != other.attribution.direction {
            return (attribution.direction?.rawValue ?? "") < (other.attribution.direction?.rawValue ?? "")
        }
        return Self.isBefore(attribution.reason, other.attribution.reason) ?? false
    }

    private static func isBefore(_ left: Attribution.Subject?, _ right: Attribution.Subject?) -> Bool? {
        isBefore(left?.namespace, right?.namespace) ?? isBefore(left?.kind, right?.kind)
            ?? isBefore(left?.name, right?.name) ?? isBefore(left?.port, right?.port)
    }

    /// Nil where the texts are the same; what is not known is as an empty text.
    private static func isBefore(_ left: String?, _ right: String?) -> Bool? {
        if left == right { return nil }
        let (left, right) = (left ?? "", right ?? "")
        return left == right ? nil : left < right
    }
}

extension DropPoint.Kind {
    /// Rules first, policies last.
    fileprivate var name: String {
        switch self {
        case .rule: "0"
        case .element(let set): "1" + set
        case .policy: "2"
        }
    }
}

extension RuleVerdict {
    fileprivate var answer: String {
        if case .reject(let answer) = self { answer ?? "" } else { "" }
    }
}
