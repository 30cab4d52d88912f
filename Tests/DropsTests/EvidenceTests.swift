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

/// Which direction of an attempt a node explains; nil for none.
func explanation(_ node: NodeDrops, _ attempt: ConnectionAttempt) -> DropEvidence.Direction? {
    DropEvidence([node]).explanation(of: attempt, on: [0])?.direction
}

@Suite("A dropping rule explains an unanswered connection")
struct EvidenceTests {
    private static let web = "-A FORWARD -d 10.244.2.3/32 -p tcp -m tcp --dport 8080 -j DROP"
    private static let hit = drops(forwarding("[3:180] \(web)"))

    @Test("that has its addresses, protocol and port")
    func match() throws {
        let found = DropEvidence([drops(forwarding("")), Self.hit])
            .explanation(of: try attempt(from: "10.244.1.2", to: "10.244.2.3", 8080), on: [0, 1])
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
        let evidence = DropEvidence([Self.hit])
        let attempt = try attempt(from: "10.244.1.2", to: "10.244.2.3", 8080)
        #expect(evidence.explanation(of: attempt, on: []) == nil)
        #expect(evidence.explanation(of: attempt, on: [1, -1]) == nil)
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
            ("-i eth0 -d 10.244.2.3/32 -p tcp -m tcp --dport 8080", true),
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
            ("[9:540] -A FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT", true),
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
        let found = try #require(DropEvidence([node]).explanation(of: database, on: [0]))
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
        #expect(explanation(drops(forwarding("\(rules(10_000))[3:180] \(Self.web)")), attempt) == nil)
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
        let found = try #require(
            DropEvidence([node]).explanation(of: try attempt(from: "10.244.1.2", to: "10.96.40.11", 80), on: [0]))
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

    private static func explains(_ chain: String, of name: String, _ conditions: String) throws -> DropEvidence
        .Direction?
    {
        let node = drops(table(name, base: chain, "[3:180] -A \(chain) \(conditions) -j DROP"))
        return explanation(node, try throughService())
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

    @Test("may be the answer's, which goes from the server's port to the client's")
    func reply() throws {
        #expect(
            try Self.explains("FORWARD", of: "filter", "-s 10.244.2.3/32 -p tcp -m tcp --sport 8080") == .reply)
        #expect(
            try Self.explains(
                "FORWARD", of: "filter", "-s 10.244.2.3/32 -d 10.244.1.2/32 -p tcp -m tcp --sport 8080") == .reply)
        #expect(
            try Self.explains(
                "PREROUTING", of: "raw", "-s 10.244.2.3/32 -d 10.244.1.2/32 -p tcp -m tcp --sport 8080") == nil)
        #expect(
            try Self.explains("FORWARD", of: "filter", "-s 10.244.2.3/32 -p tcp -m tcp --sport 80") == nil)
    }

    @Test("of an answer are not NEW, and are accepted where established connections are")
    func replyStates() throws {
        let rule = "-s 10.244.2.3/32 -p tcp -m tcp --sport 8080"
        #expect(try Self.explains("FORWARD", of: "filter", "\(rule) -m conntrack --ctstate NEW") == nil)
        #expect(try Self.explains("FORWARD", of: "filter", "\(rule) -m conntrack --ctstate ESTABLISHED") == .reply)
        let node = drops(
            forwarding(
                """
                [9:540] -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
                [3:180] -A FORWARD \(rule) -j DROP
                """))
        #expect(try explanation(node, Self.throughService()) == nil)
    }

    @Test("of a translated connection may or may not count as DNAT, so that a rule which asks for it explains nothing")
    func translatedState() throws {
        let rule = "-d 10.244.2.3/32 -p tcp -m tcp --dport 8080 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT"
        #expect(try Self.explains("FORWARD", of: "filter", rule) == nil)
        let node = drops(forwarding("[3:180] -A FORWARD \(rule) -j DROP"))
        #expect(try explanation(node, attempt(from: "10.244.1.2", to: "10.244.2.3", 8080)) == .original)
    }

    @Test("sent by the client are named before those that the server answers")
    func preference() throws {
        let node = drops(
            forwarding(
                """
                [3:180] -A FORWARD -s 10.244.2.3/32 -p tcp -m tcp --sport 8080 -j DROP
                [3:180] -A FORWARD -d 10.244.2.3/32 -p tcp -m tcp --dport 8080 -j DROP
                """))
        let found = DropEvidence([node]).explanation(of: try Self.throughService(), on: [0])
        #expect(found?.drop == 1)
        #expect(found?.direction == .original)
    }
}
