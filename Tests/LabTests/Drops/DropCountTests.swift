import TestSupport
import Testing

@Suite("What kubectl netviz drops counts is what a real kernel dropped", .serialized)
struct DropCountTests {
    /// Rules for the server of both kinds of iptables: a chain of its own, rules, a Service without endpoints as
    /// kube-proxy writes it, and a policy.
    private static let iptables = """
        *filter
        :INPUT DROP [0:0]
        :FORWARD ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        :BLOCK - [0:0]
        :KUBE-SERVICES - [0:0]
        -A INPUT -i lo -j ACCEPT
        -A INPUT -p icmp -j BLOCK
        -A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
        -A INPUT -s 10.244.1.2/32 -p udp -m udp --dport 9101 -j DROP
        -A INPUT -p tcp -m tcp --dport 9102 -j REJECT --reject-with tcp-reset
        -A INPUT -p tcp -m tcp --dport 9107 -j DROP
        -A BLOCK -p icmp -m icmp --icmp-type 8 -m comment --comment "no echoes" -j DROP
        -A KUBE-SERVICES -d 10.244.2.2/32 -p tcp -m comment --comment "shop/payments:http has no endpoints" -m tcp --dport 9104 -j REJECT --reject-with icmp-port-unreachable
        COMMIT

        """

    private static let ip6tables = """
        *filter
        :INPUT ACCEPT [0:0]
        :FORWARD ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        -A INPUT -p udp -m udp --dport 9106 -j DROP
        COMMIT

        """

    private static let nft = """
        table inet host {
            set blocked {
                type ipv4_addr . inet_service
                counter
                elements = { 10.244.1.2 . 9101 }
            }
            map verdicts {
                type inet_service : verdict
                elements = { 9103 : drop }
            }
            chain refused {
                counter reject with icmp type port-unreachable comment "nobody serves this"
            }
            chain input {
                type filter hook input priority filter; policy drop;
                iif "lo" accept
                meta l4proto ipv6-icmp accept
                icmp type echo-request counter drop comment "no echoes"
                ip saddr . udp dport @blocked drop
                tcp dport 9102 counter reject with tcp reset
                ip daddr 10.244.2.2 tcp dport 9104 goto refused
                meta nfproto ipv6 udp dport 9106 counter drop
                udp dport vmap @verdicts
            }
        }

        """

    /// What is sent within the window; twice as much is sent before it, but for the pings.
    private static let packets = "udp:9101=7 tcp:9102=3 udp:9103=4 tcp:9104=2 udp6:9106=6"
    private static let before = "udp:9101=14 tcp:9102=6 udp:9103=8 tcp:9104=4 udp6:9106=12"

    private func watched(_ lab: DropLab) async throws -> DropList {
        try await lab.hit(Self.before)
        return try await lab.drops {
            try await lab.hit(Self.packets)
            try await lab.ping(5)
        }
    }

    @Test("of iptables, whichever of the two it is", arguments: ["legacy", "nft"])
    func iptables(_ kind: String) async throws {
        let loads = [
            (program: ["iptables-\(kind)-restore"], rules: Self.iptables),
            (program: ["ip6tables-\(kind)-restore"], rules: Self.ip6tables),
        ]
        let drops = try await DropLab.with(loads, watched)
        func counted(_ chain: String, _ text: String) -> [String] {
            drops.fields(chain: chain, containing: text, "packets", "bytes", "total_packets", "total_bytes")
        }
        // 100 bytes under a UDP and an IP header; a SYN with its options; a ping's 64 bytes under an IP header.
        #expect(counted("INPUT", "--dport 9101") == ["7", "896", "21", "2688"])
        #expect(counted("INPUT", "--dport 9102") == ["3", "180", "9", "540"])
        #expect(counted("KUBE-SERVICES", "--dport 9104") == ["2", "120", "6", "360"])
        #expect(counted("INPUT", "policy") == ["4", "512", "12", "1536"])
        #expect(counted("BLOCK", "icmp") == ["5", "420", "5", "420"])
        #expect(counted("INPUT", "--dport 9106") == ["6", "888", "18", "2664"])
        #expect(counted("INPUT", "--dport 9107") == ["0", "0", "0", "0"])
        #expect(
            drops.fields(
                chain: "KUBE-SERVICES", containing: "9104", "verdict", "writer", "for_kind", "for_namespace",
                "for_name", "for_port", "reason", "packet_filter", "reject_with")
                == [
                    "REJECT", "kube-proxy", "Service", "shop", "payments", "http", "no endpoints", "iptables-\(kind)",
                    "icmp-port-unreachable",
                ])
        #expect(drops.fields(chain: "INPUT", containing: "9106", "family", "verdict") == ["ip6", "DROP"])
        // nft prints the tables of iptables-nft, too: they are told once.
        #expect(drops.items.count == 7)
        #expect(drops.coverage["nodes"]?[0]?["rules_read_at_both_ends"] == true)
    }

    @Test("of nft: rules, elements of sets and maps; what has no counter is not said to be zero")
    func nft() async throws {
        let drops = try await DropLab.with([(program: ["nft", "-f", "-"], rules: Self.nft)], watched)
        func counted(_ chain: String, _ text: String) -> [String] {
            drops.fields(chain: chain, containing: text, "packets", "bytes", "total_packets", "total_bytes")
        }
        #expect(counted("input", "echo-request") == ["5", "420", "5", "420"])
        #expect(counted("input", "9102") == ["3", "180", "9", "540"])
        #expect(counted("input", "9106") == ["6", "888", "18", "2664"])
        #expect(counted("refused", "reject") == ["2", "120", "6", "360"])
        #expect(counted("input", "policy") == ["-", "-", "-", "-"])
        #expect(drops.fields(chain: "input", containing: "policy", "window_not_measured") == ["no counter"])
        // The rule does not count what it drops; the element that it finds does.
        #expect(counted("input", "@blocked") == ["-", "-", "-", "-"])
        #expect(counted("input", "10.244.1.2 . 9101") == ["7", "896", "21", "2688"])
        #expect(
            drops.fields(chain: "input", containing: "9103", "place", "set", "packets") == ["element", "verdicts", "-"])
    }

    @Test("a rule that was written anew within the window is not measured, one that came then counts wholly")
    func rewritten() async throws {
        let load = [(program: ["iptables-nft-restore"], rules: Self.iptables)]
        let drops = try await DropLab.with(load) { lab in
            try await lab.hit("udp:9101=14")
            return try await lab.drops {
                try await lab.hit("udp:9101=7")
                let script = """
                    iptables-nft -Z INPUT
                    iptables-nft -I INPUT -s 10.244.1.2/32 -p udp -m udp --dport 9108 -j DROP
                    iptables-nft -D INPUT -p tcp -m tcp --dport 9107 -j DROP
                    """
                _ = try await lab.lab.runSuccessfully(on: DropLab.server, "sh", ["-ec", script])
                try await lab.hit("udp:9101=2 udp:9108=3")
            }
        }
        func told(_ text: String) -> [String] {
            drops.fields(chain: "INPUT", containing: text, "packets", "window_not_measured", "total_packets")
        }
        #expect(told("9101") == ["-", "counter set back", "2"])
        #expect(told("9108") == ["3", "-", "3"])
        #expect(told("9107") == ["-", "removed within the window", "0"])
    }
}
