import NetModel

/// Names of IP protocols as iptables and nft print them, from /etc/protocols and their own tables (libxtables
/// `xtables_chain_protos`, nft's `inet_proto`).
enum ProtocolName: String, CaseIterable, Sendable {
    case icmp, igmp, ipip, ipencap, tcp, udp, dccp, gre, esp, ah, icmpv6, sctp, udplite, comp, ipcomp, mh, pim, ospf,
        vrrp
    case rsvp, eigrp, hopopt, ipv6
    case ipv6ICMP = "ipv6-icmp"
    case ipv6MH = "ipv6-mh"
    case ipv6NoNext = "ipv6-nonxt"
    case ipv6Options = "ipv6-opts"

    /// The number in the IP header.
    var number: UInt8 {
        switch self {
        case .hopopt: 0
        case .icmp: 1
        case .igmp: 2
        case .ipip, .ipencap: 4
        case .tcp: 6
        case .udp: 17
        case .dccp: 33
        case .ipv6: 41
        case .rsvp: 46
        case .gre: 47
        case .esp: 50
        case .ah: 51
        case .icmpv6, .ipv6ICMP: 58
        case .ipv6NoNext: 59
        case .ipv6Options: 60
        case .eigrp: 88
        case .ospf: 89
        case .pim: 103
        case .comp, .ipcomp: 108
        case .vrrp: 112
        case .sctp: 132
        case .mh, .ipv6MH: 135
        case .udplite: 136
        }
    }

    static let table = WordTable<ProtocolName>()
}
