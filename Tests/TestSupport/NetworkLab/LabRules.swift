/// The nftables rules of a lab, in the language of nft(8).
enum LabRules {
    /// Marks a connection whose client address the router replaces; the bit kube-proxy uses.
    private static let masqueradeMark = "0x4000"

    /// One rule that looks at the connection's state is what makes the kernel track connections in a namespace.
    private static let tracking = """
        chain tracked_input { type filter hook input priority -10; ct state new counter; }
        chain tracked_output { type filter hook output priority -10; ct state new counter; }
        chain tracked_forward { type filter hook forward priority -10; ct state new counter; }
        """

    static func host(_ host: LabHost) -> String {
        """
        table inet lab {
        \(tracking)
        chain dropped { type filter hook input priority 0;
        \(host.drops.map { "\($0) drop" }.joined(separator: "\n"))
        }
        }
        """
    }

    static func router(_ topology: LabTopology) -> String {
        """
        table inet lab {
        \(tracking)
        chain services { type nat hook prerouting priority dstnat;
        \(topology.services.flatMap { rules(of: $0, in: topology) }.joined(separator: "\n"))
        }
        chain masquerading { type nat hook postrouting priority srcnat;
        meta mark \(masqueradeMark) masquerade
        \(topology.masqueradedTowards.sorted().map { "oifname \"to-\($0)\" masquerade" }.joined(separator: "\n"))
        }
        }
        """
    }

    private static func rules(of service: LabService, in topology: LabTopology) -> [String] {
        guard let server = topology.hosts.first(where: { $0.name == service.server }) else { return [] }
        let mark = service.masquerades ? "meta mark set \(masqueradeMark) " : ""
        let match = "\(service.transport.rawValue) dport \(service.port) \(mark)dnat"
        var rules: [String] = []
        if let address = service.ipv4 {
            rules.append("ip daddr \(address) \(match) ip to \(server.ipv4):\(service.serverPort)")
        }
        if let address = service.ipv6 {
            rules.append("ip6 daddr \(address) \(match) ip6 to [\(server.ipv6)]:\(service.serverPort)")
        }
        return rules
    }
}
