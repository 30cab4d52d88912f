import NetModel

/// What is kept of an entry between the two dumps of a window, beside its addresses: as small as it can be, since a
/// million of them are kept.
struct KeptEntry: Sendable {
    struct Presence: OptionSet, Sendable {
        let rawValue: UInt8
        static let counters = Presence(rawValue: 1 << 0)
        static let expiry = Presence(rawValue: 1 << 1)
        static let state = Presence(rawValue: 1 << 2)
        static let start = Presence(rawValue: 1 << 3)
        static let mark = Presence(rawValue: 1 << 4)
        /// Not a field: the entry was told already.
        static let told = Presence(rawValue: 1 << 5)
    }

    /// The kernel's id: tells two connections of one tuple apart that followed one another.
    let id: UInt32
    private let status: UInt32
    /// When the entry expires without another packet, in milliseconds after the window's beginning.
    private let expiry: UInt32
    private let keptCounters: KeptCounters
    let originalPorts: (source: UInt16, destination: UInt16)
    private let replyPorts: (source: UInt16, destination: UInt16)
    let zone: UInt16
    let transport: TransportProtocol
    private let state: ConntrackState
    private var presence: Presence
    var marks: WindowObservation.Marks

    init(_ entry: borrowing ConntrackEntry, at now: Int64, marks: WindowObservation.Marks, isTold: Bool) {
        var presence: Presence = isTold ? .told : []
        var counters: KeptCounters?
        if let original = entry.originalCounters, let reply = entry.replyCounters {
            counters = KeptCounters(original, reply)
        }
        if counters != nil { presence.insert(.counters) }
        if entry.timeout != nil { presence.insert(.expiry) }
        if entry.state != nil { presence.insert(.state) }
        if entry.start != nil { presence.insert(.start) }
        if entry.mark != nil { presence.insert(.mark) }
        id = entry.id ?? 0
        status = entry.status.rawValue
        keptCounters = counters ?? .zero
        expiry = Self.expiry(of: entry.timeout ?? 0, at: now)
        originalPorts = (entry.original.sourcePort, entry.original.destinationPort)
        replyPorts = (entry.reply.sourcePort, entry.reply.destinationPort)
        zone = entry.zone
        transport = entry.original.transport
        state = entry.state ?? .none
        self.presence = presence
        self.marks = marks
    }

    /// Whether the entry was told already.
    var isTold: Bool {
        get { presence.contains(.told) }
        set { if newValue { presence.insert(.told) } else { presence.remove(.told) } }
    }

    /// The counters when the entry was kept; nil where there were none, or greater ones than can be kept.
    var counters: (original: Counters, reply: Counters)? {
        presence.contains(.counters) ? (keptCounters.original, keptCounters.reply) : nil
    }

    var stateBefore: ConntrackState? { presence.contains(.state) ? state : nil }

    /// Whether an entry seen later may be this one: not when the kernel says that it began at another time.
    func mayBe(_ later: borrowing ConntrackEntry, _ rarities: @autoclosure () -> KeptRarities) -> Bool {
        guard presence.contains(.start), let later = later.start else { return true }
        return later.nanoseconds == rarities().start
    }

    /// Whether an entry seen later expires at another time than this one would have: a packet has set its timeout anew.
    /// It expires later, or sooner where the packet changed the state. Timeouts come in whole seconds, and an answer of
    /// the kernel's may be older than it seems.
    ///
    /// - Parameter tolerance: by how much the ages of two answers may differ, in milliseconds.
    func isRefreshed(by later: borrowing ConntrackEntry, at now: Int64, tolerance: UInt64) -> Bool {
        guard presence.contains(.expiry), let timeout = later.timeout else { return false }
        let difference = Int64(Self.expiry(of: timeout, at: now)) - Int64(expiry)
        return difference.magnitude >= 1000 + tolerance
    }

    /// - Parameter now: nanoseconds after the window's beginning.
    private static func expiry(of timeout: UInt32, at now: Int64) -> UInt32 {
        UInt32(clamping: UInt64(timeout) * 1000 + UInt64(max(0, now)) / 1_000_000)
    }

    /// The entry as it was kept, but for its timeout: when it is told from memory, it is over.
    func entry(_ addresses: KeptAddresses, _ rarities: KeptRarities) -> ConntrackEntry {
        let counters = counters
        return ConntrackEntry(
            original: Tuple(
                source: addresses.source,
                sourcePort: originalPorts.source,
                destination: addresses.destination,
                destinationPort: originalPorts.destination,
                transport: transport
            ),
            reply: Tuple(
                source: addresses.replySource,
                sourcePort: replyPorts.source,
                destination: addresses.replyDestination,
                destinationPort: replyPorts.destination,
                transport: transport
            ),
            state: stateBefore,
            status: ConntrackStatus(rawValue: status),
            originalCounters: counters?.original,
            replyCounters: counters?.reply,
            mark: presence.contains(.mark) ? rarities.mark : nil,
            zone: zone,
            id: id,
            start: presence.contains(.start) ? Timestamp(nanoseconds: rarities.start) : nil
        )
    }
}
