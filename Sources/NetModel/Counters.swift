/// What one direction of a connection carried (`CTA_COUNTERS_*`): exists only where `nf_conntrack_acct` was 1 when
/// the connection began.
@usableFromInline package struct Counters: Hashable, Sendable {
    @usableFromInline package var packets: UInt64
    /// Bytes from the IP header on.
    @usableFromInline package var bytes: UInt64

    @inlinable
    package init(packets: UInt64, bytes: UInt64) {
        self.packets = packets
        self.bytes = bytes
    }

    @inlinable
    package static func == (left: Counters, right: Counters) -> Bool {
        left.packets == right.packets && left.bytes == right.bytes
    }

    @inlinable package static var zero: Counters { Counters(packets: 0, bytes: 0) }

    /// The larger of each number: two nodes that saw one connection counted the same packets, at two moments.
    @inlinable
    package func maximum(_ other: Counters) -> Counters {
        Counters(packets: max(packets, other.packets), bytes: max(bytes, other.bytes))
    }

    /// The sum, kept at the largest number rather than wrapped round.
    @inlinable
    package static func + (left: Counters, right: Counters) -> Counters {
        let (packets, packetsOverflow) = left.packets.addingReportingOverflow(right.packets)
        let (bytes, bytesOverflow) = left.bytes.addingReportingOverflow(right.bytes)
        return Counters(packets: packetsOverflow ? .max : packets, bytes: bytesOverflow ? .max : bytes)
    }
}
