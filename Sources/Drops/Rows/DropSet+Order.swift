import FirewallRules
import NetModel

extension DropSet {
    /// What was hit most within the window first, then what was in total; then by names, so that the same drops always
    /// have the same order.
    static func ordered(_ rows: [Row]) -> [Row] {
        rows.map { ($0, RowRank($0)) }.sorted { $0.1 < $1.1 }.map(\.0)
    }
}

/// What decides over a row's place.
private struct RowRank: Comparable {
    private let window: UInt64
    private let total: UInt64
    private let isCounted: Bool
    private let names: String

    init(_ row: DropSet.Row) {
        window = row.sum.window?.packets ?? 0
        total = row.sum.total?.packets ?? 0
        isCounted = row.sum.total != nil
        names = row.point.names
    }

    static func < (left: RowRank, right: RowRank) -> Bool {
        if left.window != right.window { return left.window > right.window }
        if left.total != right.total { return left.total > right.total }
        if left.isCounted != right.isCounted { return left.isCounted }
        return left.names < right.names
    }
}

extension DropPoint {
    /// All that tells one place from another, the writer and whom it is about first.
    fileprivate var names: String {
        let subject = attribution.subject
        let place: [String] =
            switch kind {
            case .rule: ["0", text]
            case .element(let set): ["1", set, text]
            case .policy: ["2"]
            }
        let refusal: String =
            switch verdict {
            case .accept, .drop: ""
            case .reject(let message): message ?? "reject"
            }
        let owner = [
            attribution.writer.rawValue, subject?.namespace ?? "", subject?.kind ?? "", subject?.name ?? "",
            subject?.port ?? "", filter.rawValue, family.rawValue, table ?? "", chain,
        ]
        let last = [refusal, attribution.direction?.rawValue ?? "", attribution.reason ?? ""]
        return (owner + place + last).joined(separator: "\u{1}")
    }
}
