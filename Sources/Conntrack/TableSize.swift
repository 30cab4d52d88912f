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
