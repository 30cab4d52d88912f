/// An IP protocol by its number (IANA "Assigned Internet Protocol Numbers", `/etc/protocols`).
@usableFromInline package struct TransportProtocol: RawRepresentable, Hashable, Sendable {
    /// The number in the IP header, 0 to 255.
    @usableFromInline package let rawValue: UInt8

    @inlinable
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    // The comparison that every raw value gets by itself is called through a table from other modules.
    @inlinable
    package static func == (left: TransportProtocol, right: TransportProtocol) -> Bool {
        left.rawValue == right.rawValue
    }

    @inlinable package static var icmp: TransportProtocol { TransportProtocol(rawValue: 1) }
    @inlinable package static var igmp: TransportProtocol { TransportProtocol(rawValue: 2) }
    @inlinable package static var ipInIP: TransportProtocol { TransportProtocol(rawValue: 4) }
    @inlinable package static var tcp: TransportProtocol { TransportProtocol(rawValue: 6) }
    @inlinable package static var udp: TransportProtocol { TransportProtocol(rawValue: 17) }
    @inlinable package static var dccp: TransportProtocol { TransportProtocol(rawValue: 33) }
    @inlinable package static var gre: TransportProtocol { TransportProtocol(rawValue: 47) }
    @inlinable package static var esp: TransportProtocol { TransportProtocol(rawValue: 50) }
    @inlinable package static var icmpv6: TransportProtocol { TransportProtocol(rawValue: 58) }
    @inlinable package static var sctp: TransportProtocol { TransportProtocol(rawValue: 132) }
    @inlinable package static var udpLite: TransportProtocol { TransportProtocol(rawValue: 136) }

    /// Whether the ports of a tuple are ports: a connection's two ends are then told apart by them.
    @inlinable package var hasPorts: Bool {
        switch rawValue {
        case 6, 17, 33, 132, 136: true
        default: false
        }
    }

    /// Whether this is ICMP or ICMPv6.
    @inlinable package var isICMP: Bool {
        rawValue == 1 || rawValue == 58
    }
}

extension TransportProtocol: CustomStringConvertible {
    /// The usual name in capitals, `TCP`, or the number.
    @usableFromInline package var description: String {
        switch self {
        case .icmp: "ICMP"
        case .igmp: "IGMP"
        case .ipInIP: "IPIP"
        case .tcp: "TCP"
        case .udp: "UDP"
        case .dccp: "DCCP"
        case .gre: "GRE"
        case .esp: "ESP"
        case .icmpv6: "ICMPv6"
        case .sctp: "SCTP"
        case .udpLite: "UDPLITE"
        default: String(rawValue)
        }
    }

    /// Reads a name as `description` writes it, in any case, or a number from 0 to 255.
    package init?(_ text: some StringProtocol) {
        if let number = UInt8(text) {
            self.init(rawValue: number)
            return
        }
        let known: [TransportProtocol] = [
            .icmp, .igmp, .ipInIP, .tcp, .udp, .dccp, .gre, .esp, .icmpv6, .sctp, .udpLite,
        ]
        let wanted = text.uppercased()
        guard let match = known.first(where: { $0.description.uppercased() == wanted }) else { return nil }
        self = match
    }
}
