/// An IP protocol by its number (IANA "Assigned Internet Protocol Numbers", `/etc/protocols`).
package struct TransportProtocol: RawRepresentable, Hashable, Sendable {
    /// The number in the IP header, 0 to 255.
    package let rawValue: UInt8

    @inlinable
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let icmp = TransportProtocol(rawValue: 1)
    package static let igmp = TransportProtocol(rawValue: 2)
    package static let ipInIP = TransportProtocol(rawValue: 4)
    package static let tcp = TransportProtocol(rawValue: 6)
    package static let udp = TransportProtocol(rawValue: 17)
    package static let dccp = TransportProtocol(rawValue: 33)
    package static let gre = TransportProtocol(rawValue: 47)
    package static let esp = TransportProtocol(rawValue: 50)
    package static let icmpv6 = TransportProtocol(rawValue: 58)
    package static let sctp = TransportProtocol(rawValue: 132)
    package static let udpLite = TransportProtocol(rawValue: 136)

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
    package var description: String {
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
