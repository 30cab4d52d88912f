package import NetModel

/// The conntrack table of the calling thread's network namespace, read over netlink (`NETLINK_NETFILTER`, ctnetlink).
///
/// Each request opens a socket of its own: a dump that was stopped leaves no rest behind for the next one.
package struct ConntrackTable: Sendable {
    package init() {}

    /// Reads every entry: all families, zones and protocols.
    ///
    /// Times are the kernel's: `start` where it keeps timestamps; `ageSeconds` is never set.
    ///
    /// - Parameters:
    ///   - entry: called for each entry, in the kernel's order.
    ///   - between: called before each receive but the first, some 100 entries apart; false stops the dump.
    /// - Throws: when the kernel refuses or the dump breaks; entries that were delivered before stay true.
    package func dump(
        entry: (ConntrackEntry) -> Void,
        between: () -> Bool = { true }
    ) throws(ConntrackError) -> DumpSummary {
        throw ConntrackError(.unavailable, .dumpTable)
    }

    /// The table's own counters.
    package func statistics() throws(ConntrackError) -> TableStatistics {
        throw ConntrackError(.unavailable, .readStatistics)
    }

    /// How many entries there are and how many there may be.
    package func size() throws(ConntrackError) -> TableSize {
        throw ConntrackError(.unavailable, .readSize)
    }
}
