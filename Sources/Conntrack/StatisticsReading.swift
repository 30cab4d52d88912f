import CNetfilterConntrack
package import NetModel

/// Sums what each processor counted (`enum ctattr_stats_cpu`, linux/netfilter/nfnetlink_conntrack.h).
package struct StatisticsReading {
    private var answer = Answer(to: .readStatistics)
    /// What was added so far.
    package private(set) var sum = ConntrackStatistics()

    package init() {}

    /// Adds the messages of a datagram, one a processor.
    /// - Returns: whether more must come.
    /// - Throws: what the kernel answered instead.
    package mutating func read(_ datagram: RawSpan) throws(ConntrackError) -> Bool {
        var sum = self.sum
        defer { self.sum = sum }
        let isComplete = try answer.read(datagram, of: IPCTNL_MSG_CT_GET_STATS_CPU) { datagram, message in
            guard var cursor = message.attributes else { return false }
            while let attribute = cursor.next(in: datagram) {
                guard let value = attribute.number(in: datagram, as: UInt32.self) else { return false }
                sum.add(UInt64(value), as: ctattr_stats_cpu(attribute.type))
            }
            return !cursor.isBroken
        }
        return !isComplete
    }
}

extension ConntrackStatistics {
    fileprivate mutating func add(_ value: UInt64, as kind: ctattr_stats_cpu) {
        switch kind {
        case CTA_STATS_FOUND: found += value
        case CTA_STATS_INVALID: invalid += value
        case CTA_STATS_INSERT_FAILED: insertFailed += value
        case CTA_STATS_DROP: drop += value
        case CTA_STATS_EARLY_DROP: earlyDrop += value
        case CTA_STATS_ERROR: icmpError += value
        case CTA_STATS_SEARCH_RESTART: searchRestart += value
        case CTA_STATS_CLASH_RESOLVE: clashResolve += value
        case CTA_STATS_CHAIN_TOOLONG: chainTooLong += value
        default: break
        }
    }
}
