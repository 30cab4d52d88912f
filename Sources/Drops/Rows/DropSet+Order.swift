import FirewallRules
import NetModel

extension DropSet {
    /// What was hit most within the window first, then what was in total; then by names, so that the same drops always
    /// have the same order.
    static func ordered(_ rows: [Row]) -> [Row] {
        // Rows are large to move about.
        rows.indices.sorted { isBefore(rows[$0], rows[$1]) }.map { rows[$0] }
    }

    private static func isBefore(_ left: Row, _ right: Row) -> Bool {
        let windows = (left.sum.window?.packets ?? 0, right.sum.window?.packets ?? 0)
        if windows.0 != windows.1 { return windows.0 > windows.1 }
        let totals = (left.sum.total?.packets ?? 0, right.sum.total?.packets ?? 0)
        if totals.0 != totals.1 { return totals.0 > totals.1 }
        let isCounted = left.sum.total != nil
        if isCounted != (right.sum.total != nil) { return isCounted }
        return left.point.isNamedBefore(right.point)
    }
}

extension DropPoint {
    /// Whether it comes before another by all that tells one place from another, the writer and whom it is about first.
    fileprivate func isNamedBefore(_ other: DropPoint) -> Bool {
        for name in Self.names {
            let (own, others) = (name(self), name(other))
            if own != others { return own < others }
        }
        return false
    }

    private static let names: [@Sendable (DropPoint) -> String] = [
        { $0.attribution.writer.rawValue },
        { $0.attribution.subject?.namespace ?? "" },
        { $0.attribution.subject?.kind ?? "" },
        { $0.attribution.subject?.name ?? "" },
        { $0.attribution.subject?.port ?? "" },
        { $0.filter.rawValue },
        { $0.family.rawValue },
        { $0.table ?? "" },
        { $0.chain },
        { $0.kind.name },
        { $0.text },
        { $0.verdict.name },
        { $0.verdict.answer },
        { $0.attribution.direction?.rawValue ?? "" },
        { $0.attribution.reason ?? "" },
    ]
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
