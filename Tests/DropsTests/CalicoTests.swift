import Drops
import FirewallRules
import NetModel
import Testing

@Suite("What Calico drops")
struct CalicoTests {
    private static let pods = PodInterfaces([(namespace: "default", name: "frontend-6d97c79c7b-x2x9z")])
    private static let frontend = Attribution.Subject(
        kind: "Pod", namespace: "default", name: "frontend-6d97c79c7b-x2x9z")

    /// Calico 3.31 with flow logs.
    private static let podChain = forwarding(
        """
        [9000:1] -A FORWARD -m comment --comment "cali:wUHhoiAYhphO9Mso" -j cali-FORWARD
        [57:3420] -A cali-FORWARD -o cali+ -m comment --comment "cali:8ZoYfO5HKXWbB3pk" -j cali-to-wl-dispatch
        [57:3420] -A cali-to-wl-dispatch -o cali7d397dc44dc -m comment --comment "cali:1" -g cali-tw-cali7d397dc44dc
        [2:80] -A cali-to-wl-dispatch -m comment --comment "cali:2" -m comment --comment "Unknown interface" -j DROP
        [8123:901244] -A cali-tw-cali7d397dc44dc -m comment --comment "cali:vWfQYx1m0cGk3b2T" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        [4:160] -A cali-tw-cali7d397dc44dc -m comment --comment "cali:0sQpB7nYt2hJx4Zr" -m conntrack --ctstate INVALID -j DROP
        [57:3420] -A cali-tw-cali7d397dc44dc -m comment --comment "cali:Nn8kS3f0aQe1LmZ7" -j MARK --set-xmark 0x0/0x30000
        [57:3420] -A cali-tw-cali7d397dc44dc -m comment --comment "cali:m2Jx9Tq4rWb6Vc8D" -m comment --comment "Start of tier default" -j MARK --set-xmark 0x0/0x20000
        [57:3420] -A cali-tw-cali7d397dc44dc -m comment --comment "cali:Gh5Kz1Lw7PoYt3Rs" -m mark --mark 0x0/0x20000 -j cali-pi-_qD-UqFAxTTfPkHXsP7O
        [40:2400] -A cali-tw-cali7d397dc44dc -m comment --comment "cali:U8eDc4Fv6TgByH2n" -m comment --comment "Return if policy accepted" -m mark --mark 0x10000/0x10000 -j RETURN
        [17:1020] -A cali-tw-cali7d397dc44dc -m comment --comment "cali:a1S2d3F4g5H6j7K8" -m mark --mark 0x0/0x20000 -j NFLOG --nflog-prefix "DPI|default" --nflog-group 1 --nflog-size 80
        [17:1020] -A cali-tw-cali7d397dc44dc -m comment --comment "cali:Q9w8E7r6T5y4U3i2" -m comment --comment "End of tier default. Drop if no policies passed packet" -m mark --mark 0x0/0x20000 -j DROP
        [0:0] -A cali-tw-cali7d397dc44dc -m comment --comment "cali:Zx1Cv2Bn3Mq4We5R" -m comment --comment "Drop if no profiles matched" -j DROP
        [40:2400] -A cali-pi-_qD-UqFAxTTfPkHXsP7O -p udp -m comment --comment "cali:Lk0Jh9Gf8Ds7Ap6O" -m comment --comment "Policy default/knp.default.allow-dns ingress" -m multiport --dports 53 -j MARK --set-xmark 0x10000/0x10000
        [40:2400] -A cali-pi-_qD-UqFAxTTfPkHXsP7O -m comment --comment "cali:Iu5Yt4Re3Wq2Mn1B" -m mark --mark 0x10000/0x10000 -j NFLOG --nflog-prefix "API0|default/knp.default.allow-dns" --nflog-group 1 --nflog-size 80
        [40:2400] -A cali-pi-_qD-UqFAxTTfPkHXsP7O -m comment --comment "cali:Vc6Xz5As4Df3Gh2J" -m mark --mark 0x10000/0x10000 -j RETURN
        """)

    /// Since Calico 3.30 the rule with the conditions sets a mark, and what has it is dropped behind it.
    private static let denyChain = forwarding(
        """
        [9:540] -A cali-po-gnp/deny-db -p tcp -m comment --comment "cali:Pq1Ws2Ed3Rf4Tg5Y" -m comment --comment "GlobalNetworkPolicy deny-db egress" -m multiport --dports 5432 -j MARK --set-xmark 0x40000/0x40000
        [9:540] -A cali-po-gnp/deny-db -m comment --comment "cali:Hu6Ji7Ko8Lp9Mn0B" -m mark --mark 0x40000/0x40000 -j NFLOG --nflog-prefix "DPE0|gnp/deny-db" --nflog-group 2 --nflog-size 80
        [9:540] -A cali-po-gnp/deny-db -m comment --comment "cali:Vg7Cf8Xd9Zs0Aq1W" -m mark --mark 0x40000/0x40000 -j DROP
        """)

    @Test("for a pod is told with the pod behind the interface, the direction and the reason")
    func pod() {
        let node = drops(Self.podChain, pods: Self.pods)
        #expect(
            node.attributions("cali-tw-cali7d397dc44dc")
                == [
                    "invalid connection state", "default deny of tier default", "no profile matched",
                ].map { Attribution(writer: .calico, subject: Self.frontend, direction: .ingress, reason: $0) })
        #expect(
            node.of("cali-tw-cali7d397dc44dc").map(\.counts.total)
                == [(4, 160), (17, 1020), (0, 0)].map { counters($0, $1) })
        #expect(
            node.attributions("cali-to-wl-dispatch") == [
                Attribution(writer: .calico, reason: "unknown interface of a workload")
            ])
        #expect(node.drops.allSatisfy { $0.isReachable })
    }

    @Test("for a pod that is not known names the interface")
    func unknownPod() {
        let node = drops(Self.podChain)
        #expect(
            node.attributions("cali-tw-cali7d397dc44dc").first?.subject
                == Attribution.Subject(kind: "Interface", name: "cali7d397dc44dc"))
    }

    @Test("by a policy's rule is told with the policy, the rule's number and the conditions that set the mark")
    func policy() throws {
        let drop = try #require(drops(Self.denyChain).drops.first)
        #expect(drop.point.attribution.subject == Attribution.Subject(kind: "GlobalNetworkPolicy", name: "deny-db"))
        #expect(drop.point.attribution.direction == .egress)
        #expect(drop.point.attribution.reason == "deny rule 0: -p tcp -m multiport --dports 5432")
        #expect(drop.counts.total == counters(9, 540))
        #expect(!drop.isReachable)
    }

    @Test("until 3.29 stands in the rule with the conditions")
    func oldPolicy() {
        let node = drops(
            forwarding(
                """
                [3:180] -A cali-pi-_N0mE1uEul9nsAbL_P-4 -s 10.0.0.0/8 -m comment --comment "cali:A" -m comment --comment "Policy default/knp.default.allow-dns ingress" -j DROP
                """))
        #expect(
            node.drops.map(\.point.attribution) == [
                Attribution(
                    writer: .calico,
                    subject: Attribution.Subject(kind: "NetworkPolicy", namespace: "default", name: "allow-dns"),
                    direction: .ingress, reason: "deny rule")
            ])
    }

    @Test(
        "names policies as each release writes them",
        arguments: [
            ("Policy default/knp.default.allow-dns ingress", "NetworkPolicy", "default", "allow-dns"),
            ("Policy shop/default.allow-web ingress", "NetworkPolicy.projectcalico.org", "shop", "default.allow-web"),
            ("Policy security.deny-db egress", "GlobalNetworkPolicy", nil, "security.deny-db"),
            ("Policy kanp.adminnetworkpolicy.cluster-control egress", "AdminNetworkPolicy", nil, "cluster-control"),
            ("KubernetesNetworkPolicy default/allow-dns ingress", "NetworkPolicy", "default", "allow-dns"),
            ("NetworkPolicy shop/allow-web egress", "NetworkPolicy.projectcalico.org", "shop", "allow-web"),
            ("GlobalNetworkPolicy deny-db egress", "GlobalNetworkPolicy", nil, "deny-db"),
            ("KubernetesClusterNetworkPolicy isolate ingress", "ClusterNetworkPolicy", nil, "isolate"),
        ] as [(String, String, String?, String)])
    func policyComments(comment: String, kind: String, namespace: String?, name: String) {
        let node = drops(
            forwarding(
                "[1:60] -A cali-pi-_x -m comment --comment \"cali:A\" -m comment --comment \"\(comment)\" -j DROP"))
        #expect(
            node.drops.map(\.point.attribution.subject) == [
                Attribution.Subject(kind: kind, namespace: namespace, name: name)
            ])
    }

    @Test(
        "without a policy's comment is told by the log prefix before it",
        arguments: [
            ("DPE0|gnp/deny-db", "GlobalNetworkPolicy", nil, "deny-db", "deny rule 0"),
            ("DPI12|knp/default/allow-dns", "NetworkPolicy", "default", "allow-dns", "deny rule 12"),
            ("DPI3|default/knp.default.allow-dns", "NetworkPolicy", "default", "allow-dns", "deny rule 3"),
            ("DRI1|pro/kns.shop", "Profile", nil, "kns.shop", "deny rule 1"),
        ] as [(String, String, String?, String, String)])
    func prefixes(prefix: String, kind: String, namespace: String?, name: String, reason: String) {
        let node = drops(
            forwarding(
                """
                [1:60] -A cali-pi-_x -m comment --comment "cali:A" -m mark --mark 0x40000/0x40000 -j NFLOG --nflog-prefix "\(prefix)" --nflog-group 1
                [1:60] -A cali-pi-_x -m comment --comment "cali:B" -m mark --mark 0x40000/0x40000 -j DROP
                """))
        let attribution = node.drops.first?.point.attribution
        #expect(attribution?.subject == Attribution.Subject(kind: kind, namespace: namespace, name: name))
        #expect(attribution?.reason == reason)
    }

    @Test(
        "without any comment is told by a chain's name that holds the policy's",
        arguments: [
            ("cali-pi-knp/default/allow-dns", "allow-dns"), ("cali-pi-default/knp.default.allow-dns", "allow-dns"),
            ("cali-pi-default/default/knp.default.allow-dns", "allow-dns"), ("cali-po-gnp/deny-db", "deny-db"),
            ("cali-pri-kns.default", "kns.default"), ("cali-pi-_hbey3K__KRNMm8YLaS9", nil),
            ("cali-pi-shop/allow-web", nil),
        ] as [(String, String?)])
    func chainNames(chain: String, name: String?) {
        let node = drops(forwarding("[1:60] -A \(chain) -m comment --comment \"cali:A\" -j DROP"))
        #expect(node.drops.map(\.point.attribution.subject?.name) == [name])
    }

    @Test("on a host's interface has the host's directions: what comes from the interface is ingress")
    func hostEndpoints() {
        let node = drops(
            forwarding(
                """
                [1:60] -A cali-fh-eth0 -m comment --comment "cali:A" -j DROP
                [1:60] -A cali-thfw-eth0 -m comment --comment "cali:B" -j DROP
                """))
        #expect(node.drops.map(\.point.attribution.direction) == [.ingress, .egress])
        #expect(node.drops.allSatisfy { $0.point.attribution.subject?.name == "eth0" })
    }

    @Test("in nftables has the same names behind the layer's")
    func nftables() throws {
        let node = drops(try nft("calico"), pods: Self.pods)
        #expect(
            node.attributions("filter-cali-tw-cali7d397dc44dc")
                == [
                    "invalid connection state", "default deny of tier default",
                ].map { Attribution(writer: .calico, subject: Self.frontend, direction: .ingress, reason: $0) })
        #expect(node.of("filter-cali-tw-cali7d397dc44dc").allSatisfy { $0.isReachable })
        let deny = try #require(node.of("filter-cali-po-gnp/deny-db").first)
        #expect(deny.point.attribution.subject == Attribution.Subject(kind: "GlobalNetworkPolicy", name: "deny-db"))
        #expect(deny.point.attribution.reason == "deny rule 0: tcp dport 5432")
        #expect(!deny.isReachable)
        #expect(node.attributions("filter-cali-to-wl-dispatch").map(\.reason) == ["unknown interface of a workload"])
        #expect(node.drops.count == 4)
    }
}
