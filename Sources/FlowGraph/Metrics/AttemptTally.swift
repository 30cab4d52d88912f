import NetModel

/// What metrics need of every connection beside the sums of flows: who dialled, with what result, and what was used.
struct AttemptTally: ConnectionTally {
    /// What is known of the result of an attempt, in the order in which it decides: of several connections of one tuple
    /// the greatest is that of the attempt.
    enum Fate: UInt8, Comparable, Sendable {
        case succeeded
        /// Neither an answer nor a failure was observed.
        case undecided
        /// Refused or unanswered.
        case failed

        static func < (left: Fate, right: Fate) -> Bool { left.rawValue < right.rawValue }
    }

    /// The tally of one flow, or of one pair.
    struct Counts: Sendable {
        /// Distinct outer tuples of which a connection began, or failed.
        var attempts: UInt32 = 0
        var failed: UInt32 = 0
        var undecided: UInt32 = 0
        /// Connections that are known to have been used within the window.
        var active: UInt32 = 0
        /// Connections that are known not to have been.
        var inactive: UInt32 = 0

        mutating func add(_ fate: Fate) {
            attempts += 1
            if fate == .failed { failed += 1 }
            if fate == .undecided { undecided += 1 }
        }

        mutating func add(_ other: Counts) {
            attempts += other.attempts
            failed += other.failed
            undecided += other.undecided
            active += other.active
            inactive += other.inactive
        }
    }

    /// An attempt whose tuple had several connections: which of them are one attempt is found when all are known.
    struct Repeated: Sendable {
        var flow: UInt32
        /// The first connection that had the tuple, which stands for it.
        var first: UInt32
        var fate: Fate
    }

    /// One a flow that has any.
    private(set) var counts: [Counts] = []
    private(set) var repeated: [Repeated] = []
    private let incarnations: Incarnations
    private let addresses: AddressTable
    /// Whether anything can be told: not of dumps alone.
    private let isNeeded: Bool

    init(_ resolved: ResolvedConnections) {
        incarnations = resolved.table.incarnationsOfTuples()
        addresses = resolved.table.addresses
        isNeeded = resolved.hasWindows || resolved.table.tellsAnyNew
    }

    @inline(__always)
    mutating func add(
        _ record: ConnectionRecord,
        at position: Int,
        _ window: ConnectionWindow?,
        _ result: ConnectionResult,
        to flow: Int
    ) {
        guard isNeeded else { return }
        count(record, at: position, window, result, to: flow)
    }

    private mutating func count(
        _ record: ConnectionRecord,
        at position: Int,
        _ window: ConnectionWindow?,
        _ result: ConnectionResult,
        to flow: Int
    ) {
        while counts.count <= flow { counts.append(Counts()) }
        if let window {
            let isIPv4 = addresses[record.client.address].isIPv4
            switch record.isActive(window, result, isIPv4: isIPv4) {
            case true: counts[flow].active += 1
            case false: counts[flow].inactive += 1
            case nil: break
            }
        }
        let hasFailed = result.outcome?.isFailure ?? false
        guard hasFailed || record.isNew(window) else { return }
        let fate: Fate = hasFailed ? .failed : result.verdict == .unknown ? .undecided : .succeeded
        if incarnations.isRepeated(position) {
            let first = UInt32(incarnations.first(of: position))
            repeated.append(Repeated(flow: UInt32(flow), first: first, fate: fate))
        } else {
            counts[flow].add(fate)
        }
    }

    mutating func merge(_ other: AttemptTally, moved: [Int]) {
        for (flow, counts) in other.counts.enumerated() {
            while self.counts.count <= moved[flow] { self.counts.append(Counts()) }
            self.counts[moved[flow]].add(counts)
        }
        for var attempt in other.repeated {
            attempt.flow = UInt32(moved[Int(attempt.flow)])
            repeated.append(attempt)
        }
    }

    /// The counts of pairs, where each attempt counts once a pair.
    ///
    /// - Parameter pairs: of each flow the position of its pair.
    func counts(ofPairs pairs: [UInt32], count: Int) -> [Counts] {
        var result = [Counts](repeating: Counts(), count: count)
        for (flow, counts) in counts.enumerated() { result[Int(pairs[flow])].add(counts) }
        let attempts = repeated.map { attempt in
            (key: UInt64(pairs[Int(attempt.flow)]) << 32 | UInt64(attempt.first), fate: attempt.fate)
        }
        var next = attempts.sorted { ($0.key, $0.fate) < ($1.key, $1.fate) }[...]
        while let attempt = next.popFirst() {
            // The last of a tuple is the one that decides.
            if next.first?.key != attempt.key { result[Int(attempt.key >> 32)].add(attempt.fate) }
        }
        return result
    }
}
