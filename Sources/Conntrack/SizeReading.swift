import CNetfilterConntrack

/// Decodes the answer about the table's size (`enum ctattr_stats_global`, linux/netfilter/nfnetlink_conntrack.h).
package enum SizeReading {
    /// - Throws: what the kernel answered instead.
    package static func size(_ datagram: RawSpan) throws(ConntrackError) -> TableSize {
        var answer = Answer(to: .readSize)
        var count: UInt32?
        var maximum: UInt32?
        _ = try answer.read(datagram, of: IPCTNL_MSG_CT_GET_STATS) { datagram, message in
            guard var cursor = message.attributes else { return false }
            while let attribute = cursor.next(in: datagram) {
                switch ctattr_stats_global(attribute.type) {
                case CTA_STATS_GLOBAL_ENTRIES: count = attribute.number(in: datagram, as: UInt32.self)
                case CTA_STATS_GLOBAL_MAX_ENTRIES: maximum = attribute.number(in: datagram, as: UInt32.self)
                default: break
                }
            }
            return !cursor.isBroken
        }
        guard let count else { throw ConntrackError(.malformedAnswer, .readSize) }
        return TableSize(count: count, maximum: maximum)
    }
}
