import NetModel

/// What tells one flow from another under a grouping: positions of groups, a service, a port.
struct AggregateKey {
    var source: UInt32
    var destination: UInt32
    /// Position of the service + 1, 0 for none.
    var service: UInt32
    /// The server's port, or one of the two values that no port has.
    var port: UInt32
    var transport: TransportProtocol
    var leg: Leg?

    /// The grouping does not keep ports, or the protocol has none.
    static let noPort: UInt32 = 1 << 16
    /// A port that was handed out for one connection.
    static let ephemeralPort: UInt32 = 1 << 17

    /// The whole key in two words: 32 bits each for the groups and the service, 18 for the port, 8 and 2 for the rest.
    var words: (UInt64, UInt64) {
        let legBits: UInt64 =
            switch leg {
            case nil: 0
            case .overlay: 1
            case .mesh: 2
            }
        return (
            (UInt64(source) << 32) | UInt64(destination),
            (UInt64(service) << 32) | (UInt64(port) << 12) | (UInt64(transport.rawValue) << 2) | legBits
        )
    }
}

/// The sums of one flow while connections are added to it.
struct Aggregate {
    let key: AggregateKey
    /// Position of the first connection, which stands for what all of them share.
    let first: Int
    var connections = 0
    var counted = 0
    var opened = 0
    var failed = 0
    var sent: Counters?
    var received: Counters?
    /// Sums of those connections whose duration is known, and the longest duration.
    var timed = Counters.zero
    var longest: Double?
    var latest: Int64?
    var verdicts = CaseMask<Verdict>()
    var outcomes = CaseMask<Outcome>()
    var states = CaseMask<ConntrackState>()
    var directions = CaseMask<FlowDirection>()
    var payloadBothWays = false
    var observers: UInt32
    /// What all connections dialled, nil when they differ.
    var dialled: ConnectionRecord.End?

    init(key: AggregateKey, first: Int, observers: UInt32) {
        self.key = key
        self.first = first
        self.observers = observers
    }

    /// Adds another sum of the same key, but for its observers, whose numbers are those of another builder.
    mutating func merge(_ other: Aggregate) {
        if connections == 0 { dialled = other.dialled } else if dialled != other.dialled { dialled = nil }
        connections += other.connections
        counted += other.counted
        opened += other.opened
        failed += other.failed
        if let sent = other.sent { self.sent = (self.sent ?? .zero) + sent }
        if let received = other.received { self.received = (self.received ?? .zero) + received }
        timed = timed + other.timed
        if let longest = other.longest { self.longest = max(self.longest ?? 0, longest) }
        if let latest = other.latest { self.latest = max(self.latest ?? .min, latest) }
        verdicts.merge(other.verdicts)
        outcomes.merge(other.outcomes)
        states.merge(other.states)
        directions.merge(other.directions)
        payloadBothWays = payloadBothWays || other.payloadBothWays
    }

    mutating func add(_ record: ConnectionRecord, verdict: Verdict, outcome: Outcome?) {
        if connections == 0 { dialled = record.dialled } else if dialled != record.dialled { dialled = nil }
        connections += 1
        if record.flags.contains(.opened) { opened += 1 }
        let sent = record.counters(.hasSent)
        let received = record.counters(.hasReceived)
        if sent != nil || received != nil { counted += 1 }
        if let sent { self.sent = (self.sent ?? .zero) + sent }
        if let received { self.received = (self.received ?? .zero) + received }
        verdicts.insert(verdict)
        outcomes.insert(outcome)
        states.insert(record.flags.contains(.hasState) ? record.state : nil)
        if let outcome, outcome.isFailure { failed += 1 }
        if let duration = record.duration {
            longest = max(longest ?? 0, duration)
            timed = timed + (sent ?? .zero) + (received ?? .zero)
        }
        if record.flags.contains(.hasEnd) { latest = max(latest ?? .min, record.end) }
    }
}
