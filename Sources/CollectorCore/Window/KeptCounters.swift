import NetModel

/// The counters of both directions in 22 bytes: of packets 40 bits, a trillion, and of bytes 48 bits, 280 TB.
struct KeptCounters: Sendable {
    private let originalPackets: UInt32
    private let originalBytes: UInt32
    private let replyPackets: UInt32
    private let replyBytes: UInt32
    private let originalBytesHigh: UInt16
    private let replyBytesHigh: UInt16
    private let originalPacketsHigh: UInt8
    private let replyPacketsHigh: UInt8

    static let zero = KeptCounters()

    private init() {
        (originalPackets, originalBytes, replyPackets, replyBytes) = (0, 0, 0, 0)
        (originalBytesHigh, replyBytesHigh, originalPacketsHigh, replyPacketsHigh) = (0, 0, 0, 0)
    }

    /// Nil where a number is larger than what is kept of it.
    init?(_ original: Counters, _ reply: Counters) {
        guard let originalPacketsHigh = UInt8(exactly: original.packets >> 32),
            let replyPacketsHigh = UInt8(exactly: reply.packets >> 32),
            let originalBytesHigh = UInt16(exactly: original.bytes >> 32),
            let replyBytesHigh = UInt16(exactly: reply.bytes >> 32)
        else { return nil }
        originalPackets = UInt32(truncatingIfNeeded: original.packets)
        originalBytes = UInt32(truncatingIfNeeded: original.bytes)
        replyPackets = UInt32(truncatingIfNeeded: reply.packets)
        replyBytes = UInt32(truncatingIfNeeded: reply.bytes)
        self.originalPacketsHigh = originalPacketsHigh
        self.replyPacketsHigh = replyPacketsHigh
        self.originalBytesHigh = originalBytesHigh
        self.replyBytesHigh = replyBytesHigh
    }

    var original: Counters {
        Counters(
            packets: UInt64(originalPacketsHigh) << 32 | UInt64(originalPackets),
            bytes: UInt64(originalBytesHigh) << 32 | UInt64(originalBytes)
        )
    }

    var reply: Counters {
        Counters(
            packets: UInt64(replyPacketsHigh) << 32 | UInt64(replyPackets),
            bytes: UInt64(replyBytesHigh) << 32 | UInt64(replyBytes)
        )
    }
}
