import NetModel

/// What is kept of an entry that most entries do not have: `nf_conntrack_timestamp` is off, and nobody sets marks.
struct KeptRarities: Sendable {
    var start: Int64 = 0
    var mark: UInt32 = 0

    init() {}

    init(_ entry: borrowing ConntrackEntry) {
        start = entry.start?.nanoseconds ?? 0
        mark = entry.mark ?? 0
    }

    var isNone: Bool { start == 0 && mark == 0 }
}
