/// One direction of a connection as conntrack keys it: `struct nf_conntrack_tuple`
/// (linux/netfilter/nf_conntrack_tuple.h).
///
/// For ICMP and ICMPv6 the kernel keeps the identifier where the source port would be, and type and code where the
/// destination port would be; so does this. For GRE the two are the call keys. For any other protocol they are zero.
@usableFromInline package struct Tuple: Hashable, Sendable {
    @usableFromInline package var source: IPAddress
    @usableFromInline package var destination: IPAddress
    /// Source port in host order, or ICMP identifier, or GRE source key.
    @usableFromInline package var sourcePort: UInt16
    /// Destination port in host order, or ICMP type × 256 + code, or GRE destination key.
    @usableFromInline package var destinationPort: UInt16
    @usableFromInline package var transport: TransportProtocol

    @inlinable
    package init(
        source: IPAddress,
        sourcePort: UInt16,
        destination: IPAddress,
        destinationPort: UInt16,
        transport: TransportProtocol
    ) {
        self.source = source
        self.destination = destination
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.transport = transport
    }

    /// The tuple of a packet that answers this one (the kernel's `nf_ct_invert_tuple`).
    @inlinable package var inverted: Tuple {
        guard transport.isICMP else {
            return Tuple(
                source: destination,
                sourcePort: destinationPort,
                destination: source,
                destinationPort: sourcePort,
                transport: transport
            )
        }
        let type = UInt8(truncatingIfNeeded: destinationPort >> 8)
        let answer = Tuple.invertedICMPType(type, of: transport)
        return Tuple(
            source: destination,
            sourcePort: sourcePort,
            destination: source,
            destinationPort: UInt16(answer) << 8 | destinationPort & 0xFF,
            transport: transport
        )
    }

    /// The type that answers an ICMP type: echo, timestamp, information and address mask (RFC 792, RFC 950), ICMPv6
    /// echo and node information (RFC 4443, RFC 4620). A type that has no answer is its own.
    @usableFromInline
    static func invertedICMPType(_ type: UInt8, of transport: TransportProtocol) -> UInt8 {
        switch (transport.rawValue, type) {
        case (1, 8): 0
        case (1, 0): 8
        case (1, 13): 14
        case (1, 14): 13
        case (1, 15): 16
        case (1, 16): 15
        case (1, 17): 18
        case (1, 18): 17
        case (58, 128): 129
        case (58, 129): 128
        case (58, 139): 140
        case (58, 140): 139
        default: type
        }
    }

    /// ICMP type and code, for ICMP and ICMPv6.
    package var icmpType: (type: UInt8, code: UInt8) {
        (UInt8(destinationPort >> 8), UInt8(truncatingIfNeeded: destinationPort))
    }
}
