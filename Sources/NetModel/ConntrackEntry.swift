/// One conntrack entry, or one event about it, as a node reported it.
@usableFromInline package struct ConntrackEntry: Hashable, Sendable {
    /// What an event says happened to the entry (`conntrack -E`); nil for an entry of a dump.
    @usableFromInline package enum Event: UInt8, Sendable {
        case new, update, destroy
    }

    /// What the client sent: its destination is what the client dialled.
    @usableFromInline package var original: Tuple
    /// What the server answers: its source is the real server, its destination the client as the server sees it.
    @usableFromInline package var reply: Tuple
    @usableFromInline package var event: Event?
    /// Nil for a protocol without states, and where the text does not give it.
    @usableFromInline package var state: ConntrackState?
    @usableFromInline package var status: ConntrackStatus
    /// Nil without accounting.
    @usableFromInline package var originalCounters: Counters?
    @usableFromInline package var replyCounters: Counters?
    /// Seconds until the entry expires without another packet; nil where the text does not give it (events).
    @usableFromInline package var timeout: UInt32?
    /// `ct mark`; nil where not printed.
    @usableFromInline package var mark: UInt32?
    /// The conntrack zone, 0 where none is printed.
    @usableFromInline package var zone: UInt16
    /// The kernel's id of the entry (`conntrack -o id`).
    @usableFromInline package var id: UInt32?
    /// Seconds since the entry was made, `delta-time`, on nodes with `nf_conntrack_timestamp=1`.
    @usableFromInline package var ageSeconds: UInt32?
    /// When the entry was made, on nodes with `nf_conntrack_timestamp=1`.
    @usableFromInline package var start: Timestamp?
    /// When the entry ended; only in a destroy event of a node with `nf_conntrack_timestamp=1`.
    @usableFromInline package var stop: Timestamp?
    /// When the event was received (`conntrack -E -o timestamp`).
    @usableFromInline package var eventTime: Timestamp?

    @inlinable @inline(__always)
    package init(
        original: Tuple,
        reply: Tuple,
        event: Event? = nil,
        state: ConntrackState? = nil,
        status: ConntrackStatus = [],
        originalCounters: Counters? = nil,
        replyCounters: Counters? = nil,
        timeout: UInt32? = nil,
        mark: UInt32? = nil,
        zone: UInt16 = 0,
        id: UInt32? = nil,
        ageSeconds: UInt32? = nil,
        start: Timestamp? = nil,
        stop: Timestamp? = nil,
        eventTime: Timestamp? = nil
    ) {
        self.original = original
        self.reply = reply
        self.event = event
        self.state = state
        self.status = status
        self.originalCounters = originalCounters
        self.replyCounters = replyCounters
        self.timeout = timeout
        self.mark = mark
        self.zone = zone
        self.id = id
        self.ageSeconds = ageSeconds
        self.start = start
        self.stop = stop
        self.eventTime = eventTime
    }
}
