import NetModel

/// How much of an input was read, and which of the facts a node may leave out it held: what coverage is stated from.
package struct ConntrackTextCounts: Hashable, Sendable {
    /// All lines, blank ones too.
    package var lines = 0
    /// Lines that gave an entry.
    package var entries = 0
    /// Lines that were refused and reported.
    package var malformed = 0
    /// Entries that are events (`conntrack -E`).
    package var events = 0
    /// Entries that can carry counters: those of dumps and of DESTROY events.
    package var countable = 0
    /// Entries with packets and bytes of at least one direction: the node has `nf_conntrack_acct=1`.
    package var withCounters = 0
    /// Entries with an age: the node has `nf_conntrack_timestamp=1`.
    package var withAge = 0

    package init() {}

    /// Lines that are not entries and need not be: blank ones, and what conntrack(8) says about its own run.
    package var skipped: Int { lines - entries - malformed }

    mutating func add(_ entry: ConntrackEntry) {
        entries += 1
        if entry.event != nil { events += 1 }
        if entry.event == nil || entry.event == .destroy { countable += 1 }
        if entry.originalCounters != nil || entry.replyCounters != nil { withCounters += 1 }
        if entry.ageSeconds != nil { withAge += 1 }
    }
}
