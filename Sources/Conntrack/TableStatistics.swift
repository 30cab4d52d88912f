/// The counters that conntrack keeps of itself, `conntrack -S`, summed over the processors
/// (`enum ctattr_stats_cpu`, linux/netfilter/nfnetlink_conntrack.h). They count from the start of the network namespace.
package struct TableStatistics: Hashable, Sendable {
    package var found: UInt64 = 0
    package var invalid: UInt64 = 0
    package var insertFailed: UInt64 = 0
    package var drop: UInt64 = 0
    package var earlyDrop: UInt64 = 0
    /// `error`: packets of ICMP errors that fit no connection.
    package var icmpError: UInt64 = 0
    package var searchRestart: UInt64 = 0
    /// Insertions that met their own double and were joined with it; 0 on kernels that do not count it.
    package var clashResolve: UInt64 = 0
    package var chainTooLong: UInt64 = 0

    package init() {}
}

/// How full the table is (`enum ctattr_stats_global`, linux/netfilter/nfnetlink_conntrack.h).
package struct TableSize: Hashable, Sendable {
    /// Entries in this network namespace, `nf_conntrack_count`.
    package var count: UInt32
    /// The most entries a namespace may have, `nf_conntrack_max`; nil on kernels before 5.13, which do not tell it.
    package var maximum: UInt32?

    package init(count: UInt32, maximum: UInt32?) {
        self.count = count
        self.maximum = maximum
    }
}
