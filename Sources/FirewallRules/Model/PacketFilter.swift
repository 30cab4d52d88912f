/// Which of the kernel's packet filters holds rules, as the program that prints them tells.
package enum PacketFilter: String, CaseIterable, Sendable {
    /// The kernel's older ip_tables, by iptables-legacy.
    case iptablesLegacy = "iptables-legacy"
    /// nf_tables, by the iptables program that writes its own tables there.
    case iptablesNFT = "iptables-nft"
    /// nf_tables, by nft(8).
    case nftables = "nft"
    /// Text of iptables that does not say which of the two it is of (`iptables -L`).
    case iptables
}

/// Which packets a table sees: the address families of nft(8).
package enum RuleFamily: String, CaseIterable, Sendable {
    case ipv4 = "ip"
    case ipv6 = "ip6"
    case inet, arp, bridge, netdev

    /// Whether a packet of IPv4, or else of IPv6, passes the table.
    package func sees(isIPv4: Bool) -> Bool {
        switch self {
        case .ipv4: isIPv4
        case .ipv6: !isIPv4
        case .inet, .bridge, .netdev: true
        case .arp: false
        }
    }
}
