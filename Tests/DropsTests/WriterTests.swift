import Drops
import FirewallRules
import Testing

@Suite("Who wrote a rule")
struct WriterTests {
    @Test("kube-router names the pod in both forms of its comments")
    func kubeRouter() {
        let pod = Attribution.Subject(kind: "Pod", namespace: "shop", name: "web-1")
        let node = drops(
            forwarding(
                """
                [1:40] -A KUBE-POD-FW-AAAAAAAAAAAAAAAA -m comment --comment "rule to drop invalid state for pod" -m conntrack --ctstate INVALID -j DROP
                [5:300] -A KUBE-POD-FW-AAAAAAAAAAAAAAAA -m comment --comment "rule to log dropped traffic POD name:web-1 namespace: shop" -m mark ! --mark 0x10000/0x10000 -j NFLOG --nflog-group 100
                [5:300] -A KUBE-POD-FW-AAAAAAAAAAAAAAAA -m comment --comment "rule to REJECT traffic destined for POD name:web-1 namespace: shop" -m mark ! --mark 0x10000/0x10000 -j REJECT --reject-with icmp-port-unreachable
                [6:360] -A KUBE-POD-FW-BBBBBBBBBBBBBBBB -m comment --comment "shop/web-1 reject" -m mark ! --mark 0x10000/0x10000 -j REJECT --reject-with icmp-port-unreachable
                [0:0] -A KUBE-ROUTER-FORWARD -m comment --comment "reject unprogrammed local pod (default-deny)" -d 10.42.0.0/24 -j REJECT
                [0:0] -A KUBE-ROUTER-INPUT -m comment --comment "reject pre-netpol (default-deny)" -j REJECT
                """))
        #expect(
            node.drops.map(\.point.attribution) == [
                Attribution(writer: .kubeRouter, subject: pod, reason: "invalid connection state"),
                Attribution(writer: .kubeRouter, subject: pod, reason: "no network policy allows it"),
                Attribution(writer: .kubeRouter, subject: pod, reason: "no network policy allows it"),
                Attribution(writer: .kubeRouter, reason: "pod without rules yet"),
                Attribution(writer: .kubeRouter, reason: "policies not written yet"),
            ])
    }

    @Test(
        "is told by the chain's name",
        arguments: [
            ("DOCKER", .docker, "port not published"), ("DOCKER-ISOLATION-STAGE-2", .docker, "between Docker networks"),
            ("DOCKER-USER", .unknown, nil), ("ufw-before-input", .ufw, nil), ("ufw6-user-input", .ufw, nil),
            ("CILIUM_FORWARD", .cilium, nil), ("ANTREA-FORWARD", .antrea, nil),
            ("OVN-KUBE-NODEPORT", .ovnKubernetes, nil), ("AWS-CONNMARK-CHAIN-0", .awsVPC, nil),
            ("IN_public_deny", .firewalld, nil), ("IN_SSH", .unknown, nil),
            ("KUBE-IPVS-FILTER", .kubeProxy, "no such port of the Service"),
            ("FORWARD", .unknown, nil), ("LOGDROP", .unknown, nil),
        ] as [(String, Attribution.Writer, String?)])
    func chains(chain: String, writer: Attribution.Writer, reason: String?) {
        let node = drops(forwarding("[0:0] -A \(chain) -s 192.0.2.1/32 -j DROP"))
        #expect(node.drops.map(\.point.attribution.writer) == [writer])
        #expect(node.drops.map(\.point.attribution.reason) == [reason])
    }

    @Test(
        "is told by nft's tables",
        arguments: [("firewalld", .firewalld), ("docker-bridges", .docker), ("ovn-kubernetes", .ovnKubernetes)]
            as [(String, Attribution.Writer)])
    func tables(table: String, writer: Attribution.Writer) {
        let rule = Rule(number: 1, handle: 4, target: .verdict(.drop), text: "drop")
        let chain = RuleChain(name: "filter_IN_public_deny", rules: [rule])
        let ruleset = Ruleset(
            filter: .nftables, tables: [RuleTable(family: .inet, name: table, chains: [chain])])
        let attribution = drops(ruleset).drops.first?.point.attribution
        #expect(attribution?.writer == writer)
        if writer == .firewalld { #expect(attribution?.subject == Attribution.Subject(kind: "Zone", name: "public")) }
    }

    @Test("an administrator's comment is the reason where nobody is known to have written the rule")
    func comment() {
        let node = drops(
            forwarding("[0:0] -A FORWARD -s 192.0.2.1/32 -m comment --comment \"scanner, 2026-03\" -j DROP"))
        #expect(node.drops.map(\.point.attribution) == [Attribution(writer: .unknown, reason: "scanner, 2026-03")])
    }
}
