/// The counters that conntrack keeps of itself, `conntrack -S`, summed over the processors
/// (`enum ctattr_stats_cpu`, linux/netfilter/nfnetlink_conntrack.h). They count from the start of the network namespace.
package struct ConntrackStatistics: Hashable, Sendable {
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
