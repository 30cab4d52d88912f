package import NetModel

/// What happened to every connection between two dumps of the table.
///
/// Entries of the first dump and new ones are kept; an entry is told as soon as its fate is known: when its DESTROY
/// event comes, when the second dump shows it, or at the end, when it vanished without an event. Each is told once.
package struct WindowTable: Sendable {
    package typealias Tell = (ConntrackEntry, WindowObservation) -> Void

    /// What the collector is at.
    enum Phase: Sendable { case firstDump, between, secondDump }

    private var ipv4: WindowFamily<KeptIPv4>
    private var ipv6: WindowFamily<KeptIPv6>
    private var phase = Phase.firstDump
    private var heardAll = false
    private let limit: Int
    private let origin: Int64

    /// - Parameters:
    ///   - origin: when the window begins, CLOCK_MONOTONIC in nanoseconds.
    ///   - limit: how many connections are kept at the most; an IPv4 one takes some 100 bytes, an IPv6 one
    ///   some 160.
    ///   - tolerance: by how many milliseconds the times that are given with entries of the two dumps may differ from
    ///   when the kernel answered; a timeout that differs by less says nothing.
    package init(limit: Int, origin: Int64 = 0, tolerance: UInt64 = 100) {
        self.limit = limit
        self.origin = origin
        ipv4 = WindowFamily(tolerance: tolerance)
        ipv6 = WindowFamily(tolerance: tolerance)
    }

    /// Connections that could not be kept, because as many were kept as may be.
    package var untracked: UInt64 { ipv4.untracked + ipv6.untracked }
    /// Connections whose counters went down.
    package var countersWentDown: UInt64 { ipv4.countersWentDown + ipv6.countersWentDown }

    private var isFull: Bool { ipv4.table.count + ipv6.table.count >= limit }

    /// An entry of the first dump.
    ///
    /// - Parameter now: CLOCK_MONOTONIC in nanoseconds.
    package mutating func first(_ entry: ConntrackEntry, at now: Int64) {
        let isFull = isFull
        let now = now - origin
        if entry.original.source.isIPv4 {
            ipv4.first(entry, at: now, isFull: isFull)
        } else {
            ipv6.first(entry, at: now, isFull: isFull)
        }
    }

    /// The first dump is over, and all events of its time were taken; only events come until the second one begins.
    package mutating func endFirstDump() {
        phase = .between
        ipv4.endFirstDump()
        ipv6.endFirstDump()
    }

    /// The window is over, and all events of its time were taken; the second dump begins.
    ///
    /// - Parameter heardAll: whether an event told of every connection that began within the window: then the dump shows
    ///   what began after it as well, and that is not told.
    package mutating func beginSecondDump(heardAll: Bool) {
        self.heardAll = heardAll
        phase = .secondDump
    }

    /// An event; other events than NEW and DESTROY tell nothing.
    package mutating func event(_ entry: ConntrackEntry, at now: Int64, _ tell: Tell) {
        let isFull = isFull
        let now = now - origin
        if entry.original.source.isIPv4 {
            ipv4.event(entry, at: now, phase, isFull: isFull, tell)
        } else {
            ipv6.event(entry, at: now, phase, isFull: isFull, tell)
        }
    }

    /// An entry of the second dump.
    ///
    /// - Parameters:
    ///   - uncertainty: what `tolerance` is for this entry, where it is more.
    ///   - tellsIdle: false where so much is uncertain that without counters nobody knows whether a packet passed.
    package mutating func second(
        _ entry: ConntrackEntry,
        at now: Int64,
        uncertainty: UInt64 = 0,
        tellsIdle: Bool = true,
        _ tell: Tell
    ) {
        let isFull = isFull
        let now = now - origin
        let known = WindowKnowledge(
            isFull: isFull,
            isNewKnown: untracked == 0,
            areNewOnesOutside: heardAll,
            uncertainty: uncertainty,
            tellsIdle: tellsIdle
        )
        if entry.original.source.isIPv4 {
            ipv4.second(entry, at: now, known, tell)
        } else {
            ipv6.second(entry, at: now, known, tell)
        }
    }

    /// The second dump is over: tells what was in the first dump, or new, and is there no more. An entry whose DESTROY
    /// event was lost, or never came, carries what it carried when it was last seen, and no differences.
    package mutating func finish(_ tell: Tell) {
        ipv4.finish(tell)
        ipv6.finish(tell)
    }

    /// The window breaks off before the second dump is over: tells what was kept, as it was last seen. Nothing is known
    /// of what became of it.
    package mutating func abandon(_ tell: (ConntrackEntry) -> Void) {
        ipv4.abandon(tell)
        ipv6.abandon(tell)
    }
}
