import NetModel

// Nearly every direction of nearly every table is IPv4 with ports, its fields in the order in which both the kernel
// and libnetfilter_conntrack print them. Reading such a direction at one go, without asking of each field what it is,
// takes half the instructions; whatever looks otherwise is left to the reader of single fields.

extension DirectionFields {
    /// Reads `src=A dst=A sport=N dport=N`, and `packets=N bytes=N` if that follows, at `position`, which is then after
    /// the last of them. Nil, and `position` as it was, when anything is otherwise.
    @inline(__always)
    static func usual(
        _ line: Span<UInt8>,
        _ position: inout Int,
        transport: TransportProtocol
    ) -> DirectionFields? {
        var next = position
        guard transport.hasPorts,
            line.pass(Prefix.source, &next), let source = line.dottedDecimal(&next),
            line.pass(Prefix.destination, &next), let destination = line.dottedDecimal(&next),
            line.pass(Prefix.sourcePort, &next), let sourcePort = line.decimal(&next, limit: UInt64(UInt16.max)),
            line.pass(Prefix.destinationPort, &next),
            let destinationPort = line.decimal(&next, limit: UInt64(UInt16.max))
        else { return nil }
        let tuple = Tuple(
            source: IPAddress(ipv4: source),
            sourcePort: UInt16(truncatingIfNeeded: sourcePort),
            destination: IPAddress(ipv4: destination),
            destinationPort: UInt16(truncatingIfNeeded: destinationPort),
            transport: transport
        )
        var counters: Counters?
        if line.pass(Prefix.packets, &next) {
            guard next < line.count, line[next] == UInt8(ascii: "=") else { return nil }
            next &+= 1
            guard let packets = line.decimal(&next, limit: .max), line.pass(Prefix.bytes, &next),
                let bytes = line.decimal(&next, limit: .max)
            else { return nil }
            counters = Counters(packets: packets, bytes: bytes)
        }
        position = next
        return DirectionFields(tuple, counters)
    }
}

/// The text between two values of a usual direction: its bytes, the first one lowest, and their number.
private enum Prefix {
    /// `src=`
    static var source: (UInt64, Int) { (0x3D63_7273, 4) }
    /// ` dst=`
    static var destination: (UInt64, Int) { (0x3D_7473_6420, 5) }
    /// ` sport=`
    static var sourcePort: (UInt64, Int) { (0x3D_7472_6F70_7320, 7) }
    /// ` dport=`
    static var destinationPort: (UInt64, Int) { (0x3D_7472_6F70_6420, 7) }
    /// ` packets`, whose `=` is a ninth byte
    static var packets: (UInt64, Int) { (0x7374_656B_6361_7020, 8) }
    /// ` bytes=`
    static var bytes: (UInt64, Int) { (0x3D_7365_7479_6220, 7) }
}

extension Span<UInt8> {
    /// Moves past a prefix that stands at `position`; false, and no move, where it does not.
    @inline(__always)
    fileprivate func pass(_ prefix: (bytes: UInt64, length: Int), _ position: inout Int) -> Bool {
        let beyond = UInt64(truncatingIfNeeded: 64 &- prefix.length &* 8)
        guard let word = word(at: position), word &<< beyond == prefix.bytes &<< beyond else { return false }
        position &+= prefix.length
        return true
    }
}
