/// The last message of what one START asked for.
package struct End: Hashable, Sendable {
    /// Entries in all `entries` frames.
    package var entries: UInt64 = 0
    /// Frames since HELLO or the last END, this one not counted.
    package var frames: UInt64 = 0
    /// The CRC-32 of the checksums of those frames, four bytes each, lowest first, in their order.
    package var checksum: UInt32 = 0
    /// When the first dump began, CLOCK_REALTIME of the node in nanoseconds since 1970.
    package var began: Int64 = 0
    /// When the last dump ended.
    package var ended: Int64 = 0
    /// From the beginning of the first dump to that of the second, CLOCK_MONOTONIC, in nanoseconds: the time between two
    /// readings of one connection, since both dumps show them in about the same order. 0 for a snapshot.
    package var window: Int64 = 0
    package var losses = Losses()
    /// At the end; nil where it could not be read.
    package var statistics: ConntrackStatistics?
    /// The same over the window; nil for a snapshot.
    package var statisticsOfWindow: ConntrackStatistics?
    /// `nf_conntrack_count` at the end.
    package var tableCount: UInt32?
    /// `nf_conntrack_max` at the end.
    package var tableMaximum: UInt32?

    package init() {}
}

/// What a collector knows to have missed.
package struct Losses: Hashable, Sendable {
    /// Events that were received.
    package var events: UInt64 = 0
    /// How often the kernel said that events did not fit the buffer (ENOBUFS); how many were lost each time nobody knows.
    package var eventOverruns: UInt64 = 0
    /// How often a dump was begun anew because the table changed under it (NLM_F_DUMP_INTR).
    package var interruptedDumps: UInt64 = 0
    /// Connections whose differences were not computed, because more would not fit the collector's memory.
    package var untracked: UInt64 = 0
    /// Connections whose counters went down within the window.
    package var countersWentDown: UInt64 = 0
    /// Messages of the kernel that could not be decoded.
    package var undecodable: UInt64 = 0

    package init() {}
}

/// `conntrack -S` over all processors (`enum ctattr_stats_cpu`, linux/netfilter/nfnetlink_conntrack.h).
package struct ConntrackStatistics: Hashable, Sendable {
    package var found: UInt64 = 0
    package var invalid: UInt64 = 0
    package var insertFailed: UInt64 = 0
    package var drop: UInt64 = 0
    package var earlyDrop: UInt64 = 0
    package var icmpError: UInt64 = 0
    package var searchRestart: UInt64 = 0
    package var clashResolve: UInt64 = 0
    package var chainTooLong: UInt64 = 0

    package init() {}
}
