package import NetModel

/// What happened to every connection between two dumps of the table.
///
/// Entries of the first dump and new ones are kept; an entry is told as soon as its fate is known: when its DESTROY
/// event comes, when the second dump shows it, or at the end, when it vanished without an event. Each is told once.
package struct WindowTable: Sendable {
    package typealias Tell = (ConntrackEntry, WindowObservation) -> Void

    private var ipv4 = WindowFamily<KeptIPv4>()
    private var ipv6 = WindowFamily<KeptIPv6>()
    private var isDumping = true
    private let limit: Int

    /// - Parameter limit: how many connections are kept at the most; an IPv4 one takes some 100 bytes, an IPv6 one
    ///   some 160.
    package init(limit: Int) {
        self.limit = limit
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
        if entry.original.source.isIPv4 {
            ipv4.keep(entry, at: now, .inFirstDump, isFull: isFull)
        } else {
            ipv6.keep(entry, at: now, .inFirstDump, isFull: isFull)
        }
    }

    /// The first dump is over; only events come until the second one begins.
    package mutating func endFirstDump() {
        isDumping = false
    }

    /// The second dump begins.
    package mutating func beginSecondDump() {
        isDumping = true
    }

    /// An event; other events than NEW and DESTROY tell nothing.
    package mutating func event(_ entry: ConntrackEntry, at now: Int64, _ tell: Tell) {
        let isFull = isFull
        if entry.original.source.isIPv4 {
            ipv4.event(entry, at: now, isDumping: isDumping, isFull: isFull, tell)
        } else {
            ipv6.event(entry, at: now, isDumping: isDumping, isFull: isFull, tell)
        }
    }

    /// An entry of the second dump.
    package mutating func second(_ entry: ConntrackEntry, at now: Int64, _ tell: Tell) {
        let isFull = isFull
        let isNewKnown = untracked == 0
        if entry.original.source.isIPv4 {
            ipv4.second(entry, at: now, isFull: isFull, isNewKnown: isNewKnown, tell)
        } else {
            ipv6.second(entry, at: now, isFull: isFull, isNewKnown: isNewKnown, tell)
        }
    }

    /// The second dump is over: tells what was in the first dump, or new, and is there no more. An entry whose DESTROY
    /// event was lost, or never came, carries what it carried when it was last seen, and no differences.
    package mutating func finish(_ tell: Tell) {
        ipv4.finish(tell)
        ipv6.finish(tell)
    }
}
