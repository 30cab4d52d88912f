import NetModel

/// The sums of one flow, kept small: with thousands of flows every connection added fetches its own from far away.
struct FlowSums: Sendable {
    private struct Marks: OptionSet, Sendable {
        let rawValue: UInt8
        static let hasSent = Marks(rawValue: 1 << 0)
        static let hasReceived = Marks(rawValue: 1 << 1)
        static let payloadBothWays = Marks(rawValue: 1 << 2)
        static let dialledDiffer = Marks(rawValue: 1 << 3)
        static let hasWindow = Marks(rawValue: 1 << 4)
        static let hasSentWithin = Marks(rawValue: 1 << 5)
        static let hasReceivedWithin = Marks(rawValue: 1 << 6)
    }

    /// Number of a set of observers.
    var observers: UInt32
    private(set) var connections: UInt32 = 0
    /// Connections with counters; where there is a window, with counters of it.
    private(set) var counted: UInt32 = 0
    private(set) var opened: UInt32 = 0
    private(set) var failed: UInt32 = 0
    private(set) var verdicts = CaseMask<Verdict>()
    private(set) var outcomes = CaseMask<Outcome>()
    private(set) var states = CaseMask<ConntrackState>()
    private(set) var directions = CaseMask<FlowDirection>()
    private var allSent = Counters.zero
    private var allReceived = Counters.zero
    /// Sum of both directions of those connections whose duration is known, and what a rate is over: from the first
    /// beginning to the last end, or the longest age.
    private(set) var timed = Counters.zero
    private var firstStart = Int64.max
    private var lastEnd = Int64.min
    private var countedAge: Double = 0
    private var longestSeconds = -1.0
    private var latestEnd = Int64.min
    private var commonDialled = ConnectionRecord.End(address: 0, port: 0)
    private var marks: Marks = []
    // Last, so that without a window they are not fetched.
    private var allSentWithin = Counters.zero
    private var allReceivedWithin = Counters.zero

    init(observers: UInt32) {
        self.observers = observers
    }

    /// Client to server; nil without a counted connection.
    var sent: Counters? { marks.contains(.hasSent) ? allSent : nil }
    /// Server to client; nil without a counted connection.
    var received: Counters? { marks.contains(.hasReceived) ? allReceived : nil }
    /// Whether a connection was seen within a window.
    var hasWindow: Bool { marks.contains(.hasWindow) }
    /// Client to server within the window; nil where no connection was measured.
    var sentWithin: Counters? { marks.contains(.hasSentWithin) ? allSentWithin : nil }
    /// Server to client within the window; nil where no connection was measured.
    var receivedWithin: Counters? { marks.contains(.hasReceivedWithin) ? allReceivedWithin : nil }
    /// Client to server: of the window where there is one, else of the connections' life.
    var sentShown: Counters? { hasWindow ? sentWithin : sent }
    /// Server to client: of the window where there is one, else of the connections' life.
    var receivedShown: Counters? { hasWindow ? receivedWithin : received }
    /// The longest duration in seconds, nil where none is known.
    var longest: Double? { longestSeconds >= 0 ? longestSeconds : nil }
    /// Over how many seconds `timed` was carried; nil where that is not known.
    var timedSeconds: Double? {
        let span = lastEnd > firstStart ? FlowGraph.seconds(from: firstStart, to: lastEnd) : 0
        let seconds = max(span, countedAge)
        return seconds > 0 ? seconds : nil
    }
    /// When a connection was last observed, in nanoseconds since the epoch; nil where no time was reported.
    var latest: Int64? { latestEnd > .min ? latestEnd : nil }
    /// What all connections dialled, nil when they differ.
    var dialled: ConnectionRecord.End? { marks.contains(.dialledDiffer) ? nil : commonDialled }
    /// Whether a connection carried more than headers in both directions.
    var carriedPayloadBothWays: Bool { marks.contains(.payloadBothWays) }

    /// Adds a connection.
    mutating func add(
        _ record: ConnectionRecord,
        _ window: ConnectionWindow?,
        _ result: ConnectionResult,
        direction: FlowDirection?,
        in addresses: AddressTable
    ) {
        if connections == 0 {
            commonDialled = record.dialled
        } else if commonDialled != record.dialled {
            marks.insert(.dialledDiffer)
        }
        connections += 1
        if record.isNew(window) { opened += 1 }
        if let outcome = result.outcome, outcome.isFailure { failed += 1 }
        verdicts.insert(result.verdict)
        outcomes.insert(result.outcome)
        states.insert(record.flags.contains(.hasState) ? record.state : nil)
        if let direction { directions.insert(direction) }
        addCounters(record, window)
        if let moment = record.lastObserved(window) { latestEnd = max(latestEnd, moment) }
        if !marks.contains(.payloadBothWays),
            record.carriedPayloadBothWays(isIPv4: addresses[record.client.address].isIPv4)
        {
            marks.insert(.payloadBothWays)
        }
    }

    private mutating func addCounters(_ record: ConnectionRecord, _ window: ConnectionWindow?) {
        let sent = record.counters(.hasSent)
        let received = record.counters(.hasReceived)
        if window?.isCounted ?? (sent != nil || received != nil) { counted += 1 }
        if let window { addCounters(within: window) }
        if let sent {
            allSent = allSent + sent
            marks.insert(.hasSent)
        }
        if let received {
            allReceived = allReceived + received
            marks.insert(.hasReceived)
        }
        guard let duration = record.duration(window) else { return }
        longestSeconds = max(longestSeconds, duration)
        guard sent != nil || received != nil else { return }
        timed = timed + (sent ?? .zero) + (received ?? .zero)
        if let span = record.span {
            firstStart = min(firstStart, span.lowerBound)
            lastEnd = max(lastEnd, span.upperBound)
        } else {
            countedAge = max(countedAge, duration)
        }
    }

    private mutating func addCounters(within window: ConnectionWindow) {
        marks.insert(.hasWindow)
        if let sent = window.sent {
            allSentWithin = allSentWithin + sent
            marks.insert(.hasSentWithin)
        }
        if let received = window.received {
            allReceivedWithin = allReceivedWithin + received
            marks.insert(.hasReceivedWithin)
        }
    }

    /// Adds other sums of the same flow, but for their observers, whose numbers are those of another builder.
    mutating func merge(_ other: FlowSums) {
        if connections == 0 {
            commonDialled = other.commonDialled
        } else if commonDialled != other.commonDialled {
            marks.insert(.dialledDiffer)
        }
        marks.formUnion(other.marks)
        connections += other.connections
        counted += other.counted
        opened += other.opened
        failed += other.failed
        allSent = allSent + other.allSent
        allReceived = allReceived + other.allReceived
        allSentWithin = allSentWithin + other.allSentWithin
        allReceivedWithin = allReceivedWithin + other.allReceivedWithin
        timed = timed + other.timed
        firstStart = min(firstStart, other.firstStart)
        lastEnd = max(lastEnd, other.lastEnd)
        countedAge = max(countedAge, other.countedAge)
        longestSeconds = max(longestSeconds, other.longestSeconds)
        latestEnd = max(latestEnd, other.latestEnd)
        verdicts.merge(other.verdicts)
        outcomes.merge(other.outcomes)
        states.merge(other.states)
        directions.merge(other.directions)
    }
}
