/// What a collector on a node, or who reads conntrack's text in its place, said of the node, of its window and of what
/// it missed. Nil is "not known".
package struct CollectorCoverage: Sendable {
    /// `uname -n`.
    package var hostName: String
    /// `uname -r`.
    package var kernelRelease: String
    /// Whether the kernel tracks connections at all.
    package var hasConntrack = true
    /// Whether no collector ran on the node: the client made the same of the text of the node's own programs. The node's
    /// clock is not known then.
    package var isText = false
    /// Whether events can have been heard; not where only `/proc/net/nf_conntrack` was read.
    package var hearsEvents = true
    /// Over which time the table was watched; nil for one dump without events.
    package var window: ObservationWindow?
    /// By how much the node's clock is ahead of the client's, in milliseconds; negative when it is behind.
    package var clockOffsetMilliseconds: Double?
    /// `net.netfilter.nf_conntrack_acct`.
    package var accounting: Bool?
    /// `net.netfilter.nf_conntrack_timestamp`.
    package var timestamps: Bool?
    /// `net.netfilter.nf_conntrack_events`: 0 none, 1 all, 2 only of connections born while somebody listens.
    package var eventsMode: UInt8?
    /// Events that were received.
    package var events: UInt64 = 0
    /// How often events did not fit the buffer (ENOBUFS), or broke off; how many were lost each time nobody knows.
    package var eventOverruns: UInt64 = 0
    /// `nf_conntrack_count` at the end.
    package var tableCount: UInt32?
    /// `nf_conntrack_max` at the end.
    package var tableMaximum: UInt32?
    /// Within the window: connections that found no place in the table.
    package var insertFailed: UInt64?
    /// Within the window: packets dropped because their connection could not be entered.
    package var drop: UInt64?
    /// Within the window: connections thrown out of a full table before their time.
    package var earlyDrop: UInt64?
    /// Connections that were gone at the end without an event, whose last bytes nobody measured: those of which
    /// `WindowObservation.endedUnheard` is true.
    package var endedUnheard: UInt64 = 0
    /// Connections whose counters somebody set back within the window.
    package var countersWentDown: UInt64 = 0
    /// Connections whose differences were not computed, because more would not fit the collector's memory.
    package var untracked: UInt64 = 0
    /// Messages of the kernel that could not be decoded.
    package var undecodable: UInt64 = 0
    /// How often a dump was begun anew because the table changed under it.
    package var interruptedDumps: UInt64 = 0
    /// Signs that traffic passes beside the table, in words: "interface cilium_host".
    package var bypassSigns: [String] = []
    /// Why the table may be empty, in words, where the collector knows.
    package var emptyReason: String?

    /// Why the collector did not come to its end, in words; nil where it did. What it told before is a part of what there
    /// was.
    package var failure: String?

    package init(hostName: String, kernelRelease: String) {
        self.hostName = hostName
        self.kernelRelease = kernelRelease
    }

    /// Whether connections refused within the window were seen: their entries vanish at once, so only events tell of
    /// them, and one that was lost may have been of any.
    package var showsRefused: Bool {
        hasConntrack && hearsEvents && window != nil && (eventsMode == 1 || eventsMode == 2) && eventOverruns == 0
    }

    /// Whether connections were not entered in the table, or thrown out, within the window.
    package var hasTableLosses: Bool { (insertFailed ?? 0) > 0 || (drop ?? 0) > 0 || (earlyDrop ?? 0) > 0 }
}
