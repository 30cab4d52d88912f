import Drops
import FirewallRules
import NetModel
import Testing

/// An attempt from port 40000; `server` is where a Service's address leads, `seen` a masquerading node.
func attempt(
    from client: String, to dialled: String, _ port: UInt16, server: String? = nil, serverPort: UInt16? = nil,
    seen: String? = nil, _ transport: TransportProtocol = .tcp
) throws -> ConnectionAttempt {
    try ConnectionAttempt(
        client: #require(IPAddress(client)), clientPort: 40000,
        dialled: #require(IPAddress(dialled)), dialledPort: port,
        seenClient: #require(IPAddress(seen ?? client)), seenClientPort: seen == nil ? 40000 : 1024,
        server: #require(IPAddress(server ?? dialled)), serverPort: serverPort ?? port,
        transport: transport)
}

/// Which direction of an attempt a node explains that it passed in a role; nil for none.
func explanation(
    _ node: NodeDrops,
    _ attempt: ConnectionAttempt,
    as role: Passage.Role = .forwards
) -> DropEvidence.Direction? {
    var evidence = DropEvidence([node])
    return evidence.explanation(of: attempt, at: [Passage(node: 0, role: role)])?.direction
}

@Suite("A dropping rule explains an unanswered connection")
struct EvidenceTests {
    private static let web = "-A FORWARD -d 10.244.2.3/32 -p tcp -m tcp --dport 8080 -j DROP"
    private static let hit = drops(forwarding("[3:180] \(web)"))

    @Test("that has its addresses, protocol and port")
    func match() throws {
        var evidence = DropEvidence([drops(forwarding("")), Self.hit])
        let passages = [0, 1].map { Passage(node: $0, role: .forwards) }
        let found = evidence.explanation(of: try attempt(from: "10.244.1.2", to: "10.244.2.3", 8080), at: passages)
        #expect(found?.node == 1)
        #expect(found?.drop == 0)
        #expect(found?.direction == .original)
    }

    @Test("but none with another port, protocol, address or family")
    func others() throws {
        #expect(try explanation(Self.hit, attempt(from: "10.244.1.2", to: "10.244.2.3", 8081)) == nil)
        #expect(try explanation(Self.hit, attempt(from: "10.244.1.2", to: "10.244.2.3", 8080, .udp)) == nil)
        #expect(try explanation(Self.hit, attempt(from: "10.244.1.2", to: "10.244.2.4", 8080)) == nil)
        #expect(try explanation(Self.hit, attempt(from: "fd00::1", to: "fd00::2", 8080)) == nil)
    }

    @Test("but not on a node that it did not pass, or that does not exist")
    func otherNode() throws {
        var evidence = DropEvidence([Self.hit])
        let attempt = try attempt(from: "10.244.1.2", to: "10.244.2.3", 8080)
        #expect(evidence.explanation(of: attempt, at: []) == nil)
        let absent = [1, -1].map { Passage(node: $0, role: .forwards) }
        #expect(evidence.explanation(of: attempt, at: absent) == nil)
    }

    @Test("only if it was hit: within the window, or at all where there is none")
    func hits() throws {
        let attempt = try attempt(from: "10.244.1.2", to: "10.244.2.3", 8080)
        #expect(explanation(drops(forwarding("[0:0] \(Self.web)")), attempt) == nil)
        #expect(explanation(drops(forwarding(Self.web)), attempt) == nil)
        let before = drops(begin: forwarding("[3:180] \(Self.web)"), end: forwarding("[3:180] \(Self.web)"))
        #expect(explanation(before, attempt) == nil)
        let within = drops(begin: forwarding("[3:180] \(Self.web)"), end: forwarding("[4:240] \(Self.web)"))
        #expect(explanation(within, attempt) == .original)
        let gone = drops(begin: forwarding("[3:180] \(Self.web)"), end: forwarding("[0:0] -A FORWARD -j ACCEPT"))
        #expect(explanation(gone, attempt) == nil)
    }

    @Test(
        "only if it names few enough",
        arguments: [
            ("-d 10.244.2.3/32 -p tcp -m tcp --dport 8080", true),
            ("-d 10.244.2.0/24 -p tcp -m tcp --dport 8080", true),
            ("-d 10.244.0.0/16 -p tcp -m tcp --dport 8080", false),
            ("-d 10.244.2.3/32 -p tcp", true),
            ("-d 10.244.2.0/24 -p tcp", false),
            ("-d 10.244.2.3/32", false),
            ("-s 10.244.1.2/32 -p tcp -m tcp --dport 8080", true),
            ("-p tcp -m tcp --dport 8080", false),
            ("! -d 10.244.2.4/32 -p tcp -m tcp --dport 8080", false),
            ("-d 10.244.2.0/24 -p tcp -m tcp --dport 1024:65535", false),
            ("-d 10.244.2.0/24 -p tcp -m multiport --dports 80,8080:8090", true),
            ("-d 10.244.2.0/24 -p tcp -m tcp ! --dport 80", false),
            ("-i eth0 -d 10.244.2.3/32 -p tcp -m tcp --dport 8080", false),
            ("-i eth0 -d 10.244.2.0/24 -p tcp -m tcp --dport 8080", false),
            ("-o eth0 -d 10.244.2.3/32 -p tcp", false),
            ("-d 10.244.2.3/32 -p tcp -m tcp --dport 8080 -m conntrack --ctstate NEW", true),
            ("-d 10.244.2.3/32 -p tcp -m tcp --dport 8080 -m conntrack --ctstate INVALID", false),
            ("-d 10.244.2.3/32 -p tcp -m tcp --dport 8080 -m conntrack --ctstate RELATED,ESTABLISHED", false),
            ("-d 10.244.2.3/32 -p tcp -m tcp --dport 8080 -m conntrack ! --ctstate RELATED,ESTABLISHED", true),
            ("-d 10.244.2.3/32 -p tcp -m tcp --dport 8080 -m conntrack ! --ctstate NEW", false),
            ("-d 10.244.2.3/32 -p tcp -m tcp --dport 8080 -m mark --mark 0x1/0x1", false),
            ("-d 10.244.2.3/32 -p tcp -m tcp --dport 8080 -m set --match-set blocked src", false),
            ("-d 10.244.2.3/32 -p tcp -m tcp --dport 8080 -m limit --limit 5/sec", false),
        ])
    func pins(conditions: String, explains: Bool) throws {
        let node = drops(forwarding("[3:180] -A FORWARD \(conditions) -j DROP"))
        let attempt = try attempt(from: "10.244.1.2", to: "10.244.2.3", 8080)
        #expect(explanation(node, attempt) == (explains ? .original : nil))
    }

    @Test("in IPv6 within a network of 64 bits")
    func ipv6() throws {
        func node(_ network: String) -> NodeDrops {
            drops(
                forwarding("[3:240] -A FORWARD -d \(network) -p tcp -m tcp --dport 8080 -j REJECT", family: .ipv6))
        }
        let attempt = try attempt(from: "fd00:10:244:1::2", to: "fd00:10:244:2::3", 8080)
        #expect(explanation(node("fd00:10:244:2::3/128"), attempt) == .original)
        #expect(explanation(node("fd00:10:244:2::/64"), attempt) == .original)
        #expect(explanation(node("fd00:10:244::/48"), attempt) == nil)
    }

    @Test("with the conditions of every jump to it")
    func jumps() throws {
        let node = drops(
            forwarding(
                """
                [3:180] -A FORWARD -s 10.244.1.0/24 -j policy
                [3:180] -A policy -d 10.244.2.3/32 -p tcp -m tcp --dport 8080 -j DROP
                """))
        #expect(try explanation(node, attempt(from: "10.244.1.2", to: "10.244.2.3", 8080)) == .original)
        #expect(try explanation(node, attempt(from: "10.244.9.2", to: "10.244.2.3", 8080)) == nil)
    }

    @Test("but not behind a mark, nor where one of several ways is behind one")
    func marks() throws {
        let attempt = try attempt(from: "10.244.1.2", to: "10.244.2.3", 8080)
        let inner = "[3:180] -A policy -d 10.244.2.3/32 -p tcp -m tcp --dport 8080 -j DROP"
        let marked = "[3:180] -A FORWARD -m mark --mark 0x0/0x20000 -j policy"
        #expect(explanation(drops(forwarding("\(marked)\n\(inner)")), attempt) == nil)
        let both = forwarding("\(marked)\n[3:180] -A FORWARD -s 10.244.1.0/24 -j policy\n\(inner)")
        #expect(explanation(drops(both), attempt) == nil)
    }

    @Test("but not from a chain that nothing jumps to")
    func unreachable() throws {
        let node = drops(forwarding("[3:180] -A lost -d 10.244.2.3/32 -p tcp -m tcp --dport 8080 -j DROP"))
        #expect(try explanation(node, attempt(from: "10.244.1.2", to: "10.244.2.3", 8080)) == nil)
    }

    @Test(
        "but not where an earlier rule surely takes its packets elsewhere",
        arguments: [
            ("[9:540] -A FORWARD -s 10.244.1.2/32 -j ACCEPT", false),
            ("[9:540] -A FORWARD -s 10.244.1.9/32 -j ACCEPT", true),
            ("[9:540] -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", true),
            ("[9:540] -A FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT", false),
            ("[9:540] -A FORWARD -i lo -j ACCEPT", true),
            ("[9:540] -A FORWARD -i eth1 -j ACCEPT", false),
            ("[9:540] -A FORWARD -i eth1 -p udp -j ACCEPT", true),
            ("[9:540] -A FORWARD -m set --match-set ok src -j ACCEPT", false),
            ("[9:540] -A FORWARD -p tcp -j NFQUEUE --queue-num 5", false),
            ("[9:540] -A FORWARD -m limit --limit 5/sec -j LOG", true),
            ("[9:540] -A FORWARD -s 10.244.1.2/32 -j DROP", false),
            ("[9:540] -A FORWARD -m mark --mark 0x1/0x1 -j allowed\n[9:540] -A allowed -j ACCEPT", false),
            ("[9:540] -A FORWARD -s 10.0.0.0/8 -j DROP", false),
            ("[9:540] -A FORWARD -j allowed\n[9:540] -A allowed -s 10.244.1.0/24 -p tcp -j ACCEPT", false),
            (
                "[9:540] -A FORWARD -j allowed\n[9:540] -A allowed -s 10.244.1.0/24 -j RETURN\n[0:0] -A allowed -j ACCEPT",
                true
            ),
            ("[9:540] -A FORWARD -g elsewhere\n[9:540] -A elsewhere -p udp -j ACCEPT", false),
        ])
    func earlierRules(before: String, explains: Bool) throws {
        let node = drops(forwarding("\(before)\n[3:180] \(Self.web)"))
        let attempt = try attempt(from: "10.244.1.2", to: "10.244.2.3", 8080)
        #expect(explanation(node, attempt) == (explains ? .original : nil))
    }

    @Test("by its elements where a set of nft's is looked up")
    func sets() throws {
        let node = drops(try nft("guard"))
        let database = try attempt(from: "10.244.1.2", to: "10.244.2.4", 5432)
        var evidence = DropEvidence([node])
        let explained = evidence.explanation(of: database, at: [Passage(node: 0, role: .forwards)])
        let found = try #require(explained)
        #expect(node.drops[found.drop].point.attribution.reason == "no direct access to databases")
        #expect(try explanation(node, attempt(from: "10.244.1.2", to: "10.244.2.5", 5432)) == nil)
        let ipv6 = try attempt(from: "fd00:10:244:1::2", to: "fd00:10:244:2::3", 8080)
        #expect(explanation(node, ipv6) == .original)
    }

    @Test("from among very many rules, but not behind more than can be looked at for each connection")
    func manyRules() throws {
        let attempt = try attempt(from: "10.244.1.2", to: "10.244.2.3", 8080)
        func rules(_ count: Int) -> String {
            (0..<count).map { "[1:60] -A FORWARD -s 10.9.\($0 / 250 % 250).\($0 % 250)/32 -p tcp -j ACCEPT\n" }.joined()
        }
        #expect(explanation(drops(forwarding("\(rules(5_000))[3:180] \(Self.web)")), attempt) == .original)
        #expect(explanation(drops(forwarding("\(rules(17_000))[3:180] \(Self.web)")), attempt) == nil)
    }

    @Test("as long as not too many attempts have been compared with too many rules; the rest is counted")
    func budget() throws {
        let rules = (0..<1_000).map { "[1:60] -A FORWARD -s 10.9.\($0 / 250).\($0 % 250)/32 -j ACCEPT\n" }.joined()
        var evidence = DropEvidence([drops(forwarding("\(rules)[3:180] \(Self.web)"))], mostVisits: 84_000)
        let passages = [Passage(node: 0, role: .forwards)]
        var found = 0
        for client in 1...100 {
            let attempt = try attempt(from: "10.244.1.\(client)", to: "10.244.2.3", 8080)
            // The second time the answer is known.
            for _ in 1...2 where evidence.explanation(of: attempt, at: passages) != nil { found += 1 }
        }
        #expect(evidence.unexamined > 0)
        #expect(found > 100)
        #expect(found + evidence.unexamined >= 199)
    }

    @Test("on a node of kube-proxy, whose Service has no endpoints")
    func kubeProxy() throws {
        let node = drops(
            forwarding(
                """
                [4780:19552784] -A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
                [12:720] -A FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
                [12:720] -A KUBE-SERVICES -d 10.96.40.11/32 -p tcp -m comment --comment "shop/payments:http has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable
                [0:0] -A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP
                [0:0] -A KUBE-FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT
                [4517:19229574] -A KUBE-FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
                """))
        var evidence = DropEvidence([node])
        let dial = try attempt(from: "10.244.1.2", to: "10.96.40.11", 80)
        let explained = evidence.explanation(of: dial, at: [Passage(node: 0, role: .forwards)])
        let found = try #require(explained)
        #expect(node.drops[found.drop].point.attribution.subject == service("shop", "payments", "http"))
    }
}

@Suite("The packets that a dropping rule sees")
struct HookTests {
    /// Dials a Service; the way to its endpoint is masqueraded.
    private static func throughService() throws -> ConnectionAttempt {
        try attempt(
            from: "10.244.1.2", to: "10.96.0.9", 80, server: "10.244.2.3", serverPort: 8080, seen: "192.168.1.11")
    }

    private static func explains(
        _ chain: String,
        of name: String,
        _ conditions: String,
        as role: Passage.Role = .forwards
    ) throws -> DropEvidence.Direction? {
        let node = drops(table(name, base: chain, "[3:180] -A \(chain) \(conditions) -j DROP"))
        return explanation(node, try throughService(), as: role)
    }

    @Test(
        "before the destination is translated are those to the Service's address, and on a later node to the server's")
    func beforeTranslation() throws {
        #expect(try Self.explains("PREROUTING", of: "raw", "-d 10.96.0.9/32 -p tcp -m tcp --dport 80") == .original)
        #expect(
            try Self.explains("PREROUTING", of: "mangle", "-d 10.244.2.3/32 -p tcp -m tcp --dport 8080") == .original)
        #expect(
            try Self.explains("PREROUTING", of: "raw", "-s 192.168.1.11/32 -d 10.244.2.3/32 -p tcp -m tcp --dport 8080")
                == .original)
    }

    @Test("after the translation are those to the server, not to the Service")
    func afterTranslation() throws {
        #expect(try Self.explains("FORWARD", of: "filter", "-d 10.96.0.9/32 -p tcp -m tcp --dport 80") == nil)
        #expect(try Self.explains("FORWARD", of: "filter", "-d 10.244.2.3/32 -p tcp -m tcp --dport 8080") == .original)
        #expect(
            try Self.explains("FORWARD", of: "filter", "-s 192.168.1.11/32 -p tcp -m tcp --dport 8080") == .original)
    }

    @Test(
        "are those of its hook: what is delivered to the node is not forwarded, and what is in its table passed all hooks",
        arguments: [
            ("PREROUTING", "raw", [Passage.Role.delivers, .forwards, .loopsBack]),
            ("PREROUTING", "mangle", [.delivers, .forwards, .loopsBack]),
            ("INPUT", "filter", [.delivers, .loopsBack]),
            ("FORWARD", "filter", [.forwards]),
            ("POSTROUTING", "mangle", [.forwards]),
            ("OUTPUT", "filter", []),
            ("OUTPUT", "raw", []),
        ]
    )
    func hooks(chain: String, name: String, roles: [Passage.Role]) throws {
        let rule = "-d 10.244.2.3/32 -p tcp -m tcp --dport 8080"
        for role in [Passage.Role.delivers, .forwards, .tracks, .loopsBack] {
            let found = try Self.explains(chain, of: name, rule, as: role)
            #expect(found == (roles.contains(role) ? .original : nil), "\(role)")
        }
    }

    @Test("are the answer's only before it is looked up, since the table would know of it")
    func reply() throws {
        let answer = "-s 10.244.2.3/32 -d 192.168.1.11/32 -p tcp -m tcp --sport 8080"
        #expect(try Self.explains("PREROUTING", of: "raw", answer, as: .tracks) == .reply)
        #expect(try Self.explains("PREROUTING", of: "mangle", answer, as: .tracks) == nil)
        #expect(try Self.explains("PREROUTING", of: "raw", answer, as: .forwards) == nil)
        #expect(try Self.explains("FORWARD", of: "filter", answer, as: .tracks) == nil)
        let otherPort = "-s 10.244.2.3/32 -d 192.168.1.11/32 -p tcp -m tcp --sport 80"
        #expect(try Self.explains("PREROUTING", of: "raw", otherPort, as: .tracks) == nil)
        let beforeMasquerading = "-s 10.244.2.3/32 -d 10.244.1.2/32 -p tcp -m tcp --sport 8080"
        #expect(try Self.explains("PREROUTING", of: "raw", beforeMasquerading, as: .tracks) == nil)
    }

    @Test("of a translated connection may or may not count as DNAT, so that a rule which asks for it explains nothing")
    func translatedState() throws {
        let rule = "-d 10.244.2.3/32 -p tcp -m tcp --dport 8080 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT"
        #expect(try Self.explains("FORWARD", of: "filter", rule) == nil)
        let node = drops(forwarding("[3:180] -A FORWARD \(rule) -j DROP"))
        #expect(try explanation(node, attempt(from: "10.244.1.2", to: "10.244.2.3", 8080)) == .original)
    }
}
