import Drops
import FirewallRules
import NetModel
import TestSupport
import Testing

@Suite("What kube-proxy and the kubelet drop")
struct KubeProxyTests {
    @Test("in iptables is told by the comments, with the Service and the reason")
    func iptables() {
        let node = drops(
            table(
                "filter", base: "FORWARD",
                """
                [9:540] -A FORWARD -j KUBE-SERVICES
                [12:720] -A KUBE-SERVICES -d 10.96.40.11/32 -p tcp -m comment --comment "shop/payments:http has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable
                [3:180] -A KUBE-EXTERNAL-SERVICES -d 198.51.100.7/32 -p tcp -m comment --comment "shop/web:http has no local endpoints" -m tcp --dport 80 -j DROP
                [41:2050] -A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP
                [0:0] -A KUBE-PROXY-FIREWALL -d 198.51.100.8/32 -p tcp -m comment --comment "shop/admin:https traffic not accepted by KUBE-FW-UHJVR435UML62OOS" -m tcp --dport 443 -j DROP
                [1:60] -A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment "block incoming localnet connections" -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP
                """))
        #expect(
            node.drops.map(\.point.attribution) == [
                Attribution(
                    writer: .kubeProxy, subject: service("shop", "payments", "http"), reason: "no endpoints"),
                Attribution(writer: .kubeProxy, subject: service("shop", "web", "http"), reason: "no local endpoints"),
                Attribution(writer: .kubeProxy, reason: "invalid connection state"),
                Attribution(
                    writer: .kubeProxy, subject: service("shop", "admin", "https"),
                    reason: "outside loadBalancerSourceRanges"),
                Attribution(writer: .kubelet, reason: "martian loopback packets"),
            ])
        #expect(
            node.drops.map(\.counts.total)
                == [(12, 720), (3, 180), (41, 2050), (0, 0), (1, 60)].map { counters($0, $1) })
        #expect(node.drops.map(\.point.verdict).first == .reject(with: "icmp-port-unreachable"))
        #expect(node.drops.map(\.isReachable) == [true, false, false, false, false])
    }

    @Test("names a Service's port of no name by the Service alone")
    func unnamedPort() {
        let node = drops(
            forwarding(
                "[0:0] -A KUBE-SERVICES -d 10.96.0.9/32 -p tcp -m comment --comment \"shop/cache has no endpoints\" -j REJECT"
            ))
        #expect(node.attributions("KUBE-SERVICES").first?.subject == service("shop", "cache", nil))
    }

    @Test("in nftables are elements of maps and jumps to the chain that rejects, without counters")
    func nftables() throws {
        let node = drops(try nft("kube-proxy"))
        let payments = try #require(node.drops.first { $0.point.attribution.subject?.name == "payments" })
        #expect(payments.point.kind == .element(of: "no-endpoint-services"))
        #expect(payments.point.verdict.stops)
        #expect(payments.point.verdict != .drop)
        #expect(
            payments.point.attribution
                == Attribution(
                    writer: .kubeProxy, subject: service("shop", "payments", "http"), reason: "no endpoints"))
        #expect(payments.counts == DropCounts(total: nil, window: nil, reason: .notCounted))
        #expect(payments.isReachable)

        let web = node.drops.filter { $0.point.attribution.subject?.name == "web" }
        #expect(
            Set(web.map(\.point.kind)) == [.element(of: "no-endpoint-services"), .element(of: "no-endpoint-nodeports")])
        #expect(web.allSatisfy { $0.point.verdict == .drop && $0.point.attribution.reason == "no local endpoints" })

        #expect(node.of("reject-chain").isEmpty)
        #expect(
            node.attributions("firewall-ULMVA6XW-ns1/svc1/tcp/p80") == [
                Attribution(
                    writer: .kubeProxy, subject: service("ns1", "svc1", "p80"),
                    reason: "outside loadBalancerSourceRanges")
            ])
        #expect(
            node.attributions("cluster-ips-check").map(\.reason) == [
                "no such port of the Service", "no Service has the address",
            ])
        #expect(node.drops.count == 6)
    }

    @Test("on the recorded cluster are three rules a node, none of them hit", arguments: ["node1", "node2"])
    func recorded(node: String) throws {
        let bytes = try readFile(Repository.path("Tests/Fixtures/two-node-cluster/\(node).iptables-save.txt"))
        let ruleset = Ruleset(reading: bytes.span, form: .iptablesSave)
        let node = drops(ruleset)
        #expect(node.filters == [.iptablesNFT])
        #expect(
            node.drops.map(\.point.attribution) == [
                Attribution(writer: .kubelet, reason: "marked for dropping"),
                Attribution(writer: .kubelet, reason: "martian loopback packets"),
                Attribution(writer: .kubeProxy, reason: "invalid connection state"),
            ])
        #expect(node.drops.allSatisfy { $0.isReachable && $0.counts.total == .zero && $0.counts.reason == .readOnce })
    }

    @Test("as iptables -L prints it is the same, in a table without a name")
    func recordedList() throws {
        let bytes = try readFile(Repository.path("Tests/Fixtures/two-node-cluster/node1.iptables-list.txt"))
        let node = drops(Ruleset(reading: bytes.span, form: .iptablesList))
        #expect(node.drops.map(\.point.attribution.writer) == [.kubelet, .kubelet, .kubeProxy])
        #expect(node.drops.allSatisfy { $0.point.table == nil && $0.isReachable })
    }
}
