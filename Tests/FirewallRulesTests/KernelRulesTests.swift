import FirewallRules
import NetModel
import TestSupport
import Testing

/// Rules that the real programs load into a namespace made for the test, and print after the kernel has counted packets.
@Suite("Rules that the kernel holds and counts")
struct KernelRulesTests {
    private func inNamespace(_ body: (NetworkLab) async throws -> Void) async throws {
        try await withNetworkLab(LabTopology(hosts: []), body)
    }

    @discardableResult
    private func run(_ lab: NetworkLab, _ program: String, _ arguments: String...) async throws -> String {
        try await lab.runSuccessfully(on: NetworkLab.router, program, arguments)
    }

    private func read(_ lab: NetworkLab, _ form: RulesForm, _ program: String, _ arguments: String...) async throws
        -> Ruleset
    {
        let bytes = Array(try await lab.runSuccessfully(on: NetworkLab.router, program, arguments).utf8)
        #expect(RulesForm.detect(bytes.span) == form)
        let ruleset = Ruleset(reading: bytes.span, form: form)
        #expect(ruleset.problems == [])
        return ruleset
    }

    private func send(_ lab: NetworkLab, _ count: Int, to address: String, port: Int) async throws {
        let script = "for number in $(seq \(count)); do echo > /dev/udp/\(address)/\(port) || true; done"
        _ = try await lab.runSuccessfully(on: NetworkLab.router, "bash", ["-c", script])
    }

    private static let rules: [[String]] = [
        [
            "-A", "INPUT", "-d", "127.0.0.0/8", "-p", "udp", "--dport", "9999", "-m", "comment", "--comment",
            "first \"quoted\"", "-j", "DROP",
        ],
        ["-A", "INPUT", "-p", "udp", "-m", "multiport", "--dports", "9998,7000:7009", "-g", "MINE"],
        ["-A", "INPUT", "!", "-s", "127.0.0.0/8", "-m", "conntrack", "--ctstate", "INVALID", "-j", "DROP"],
        [
            "-A", "MINE", "-m", "conntrack", "!", "--ctstate", "ESTABLISHED,RELATED", "-m", "comment", "--comment",
            "one", "-m", "comment", "--comment", "two", "-j", "REJECT",
        ],
        ["-A", "FORWARD", "-i", "eth+", "!", "-o", "lo", "-m", "mark", "--mark", "0x1/0x1", "-j", "MINE"],
    ]

    @Test(
        "iptables-save and iptables -L tell the same of them, of either filter",
        arguments: [("iptables-legacy", PacketFilter.iptablesLegacy), ("iptables-nft", .iptablesNFT)])
    func iptables(program: String, filter: PacketFilter) async throws {
        try await inNamespace { lab in
            try await run(lab, program, "-N", "MINE")
            for rule in Self.rules { _ = try await lab.runSuccessfully(on: NetworkLab.router, program, rule) }
            try await send(lab, 3, to: "127.0.0.1", port: 9999)
            try await send(lab, 2, to: "127.0.0.1", port: 7005)
            let save = try await read(lab, .iptablesSave, "\(program)-save", "-c")
            let list = try await read(lab, .iptablesList, program, "-L", "-n", "-v", "-x")
            #expect(save.filter == filter)
            #expect(list.filter == .iptables)
            for ruleset in [save, list] {
                #expect(ruleset.tables.count == 1)
                #expect(ruleset.tables.first?.family == .ipv4)
                let input = try ruleset.chain("INPUT")
                #expect(input.hook == ChainHook(place: .input, priority: 0))
                #expect(input.policy == .accept)
                // Five datagrams of one byte, after the headers of IPv4 and UDP.
                #expect(input.rules.map { $0.counters?.packets } == [3, 2, 0])
                #expect(input.rules.first?.counters?.bytes == 3 * 29)
                #expect(input.rules.map(\.target) == [.verdict(.drop), .goTo("MINE"), .verdict(.drop)])
                #expect(input.rules.map { $0.match.transport?.words } == ["UDP", "UDP", nil])
                #expect(input.rules.map { $0.match.destinationPorts?.words } == ["9999", "9998,7000-7009", nil])
                #expect(input.rules.map { $0.match.destination?.words } == ["127.0.0.0/8", nil, nil])
                #expect(input.rules[2].match.source?.words == "!127.0.0.0/8")
                #expect(input.rules[2].match.states == .invalid)
                #expect(input.rules.map(\.comments) == [["first \"quoted\""], [], []])
                #expect(input.rules.map(\.match.others) == [[], [], []])
                let mine = try #require(try ruleset.chain("MINE").rules.first)
                #expect(mine.counters?.packets == 2)
                #expect(mine.target == .verdict(.reject(with: "icmp-port-unreachable")))
                #expect(mine.match.states == [.established, .related])
                #expect(mine.match.statesAreNegated)
                #expect(mine.comments == ["one", "two"])
                let forward = try #require(try ruleset.chain("FORWARD").rules.first)
                #expect(forward.match.inInterface == "eth+")
                #expect(forward.match.outInterface == "!lo")
                #expect(forward.match.others.count == 1)
                #expect(forward.target == .jump("MINE"))
            }
        }
    }

    @Test("of ip6tables likewise")
    func ip6tables() async throws {
        try await inNamespace { lab in
            for program in ["ip6tables-legacy", "ip6tables-nft"] {
                try await run(lab, program, "-A", "OUTPUT", "-d", "::1", "-p", "udp", "--dport", "9997", "-j", "ACCEPT")
                try await run(lab, program, "-A", "INPUT", "-s", "fe80::/10", "-p", "icmpv6", "-j", "DROP")
            }
            try await send(lab, 4, to: "::1", port: 9997)
            for program in ["ip6tables-legacy", "ip6tables-nft"] {
                let save = try await read(lab, .iptablesSave, "\(program)-save", "-c")
                let list = try await read(lab, .iptablesList, program, "-L", "-n", "-v", "-x")
                for ruleset in [save, list] {
                    #expect(ruleset.tables.map(\.family) == [.ipv6])
                    let output = try #require(try ruleset.chain("OUTPUT").rules.first)
                    #expect(output.counters?.packets == 4)
                    #expect(output.match.destination?.words == "::1/128")
                    #expect(output.target == .verdict(.accept))
                    let input = try #require(try ruleset.chain("INPUT").rules.first)
                    #expect(input.counters == .zero)
                    #expect(input.match.source?.words == "fe80::/10")
                    #expect(input.match.transport?.words == "ICMPv6")
                }
            }
        }
    }

    @Test("nft prints the rules that iptables-nft loaded, with the same counts")
    func iptablesInNFT() async throws {
        try await inNamespace { lab in
            try await run(
                lab, "iptables-nft", "-A", "INPUT", "-p", "udp", "--dport", "9999", "-s", "127.0.0.0/8", "-j", "DROP")
            try await send(lab, 3, to: "127.0.0.1", port: 9999)
            let save = try await read(lab, .iptablesSave, "iptables-nft-save", "-c")
            let nft = try await read(lab, .nftJSON, "nft", "-j", "list", "ruleset")
            let expected = try #require(try save.chain("INPUT").rules.first)
            let found = try #require(try nft.chain("INPUT").rules.first)
            #expect(found.counters == expected.counters)
            #expect(found.counters?.packets == 3)
            #expect(found.match == expected.match)
            #expect(found.target == expected.target)
            #expect(try nft.chain("INPUT").hook == (try save.chain("INPUT").hook))
            #expect(found.text == "ip saddr 127.0.0.0/8 udp dport 9999 drop")
            #expect(expected.text == "-s 127.0.0.0/8 -p udp -m udp --dport 9999 -j DROP")
        }
    }

    private static let nftRules = """
        table inet guard {
        set ports { type inet_service; counter; elements = { 9996, 9997 }; }
        map verdicts { type ipv4_addr . inet_proto . inet_service : verdict; elements = { 127.0.0.1 . udp . 9995 comment "shop/pay:http" : drop, 127.0.0.2 . tcp . 1-9 : goto other }; flags interval; }
        counter named { packets 5 bytes 6; }
        chain other { counter reject with icmpx admin-prohibited comment "bye"
        }
        chain input { type filter hook input priority filter + 5; policy accept;
        udp dport { 9998, 9999 } counter drop comment "two ports"
        udp dport @ports counter drop
        ip daddr . meta l4proto . th dport vmap @verdicts
        ct state vmap { invalid : drop, established : accept }
        iifname "lo" ip saddr 127.0.0.0/8 udp dport 7000-7009 counter name named accept
        }
        }
        """

    @Test("of nft: sets, maps, named counters, and texts as nft itself prints them")
    func nft() async throws {
        try await inNamespace { lab in
            _ = try await lab.runSuccessfully(
                on: NetworkLab.router, "nft", ["-f", "-"], input: Array(Self.nftRules.utf8))
            try await send(lab, 3, to: "127.0.0.1", port: 9999)
            try await send(lab, 2, to: "127.0.0.1", port: 9996)
            try await send(lab, 1, to: "127.0.0.1", port: 7001)
            let ruleset = try await read(lab, .nftJSON, "nft", "-j", "list", "ruleset")
            let printed = try await run(lab, "nft", "list", "ruleset")
            // The lab has a table of its own beside this one.
            let table = try #require(ruleset.tables.first { $0.name == "guard" })
            #expect(table.family == .inet)
            let input = try #require(table.chains.first { $0.name == "input" })
            #expect(input.hook == ChainHook(place: .input, priority: 5))
            #expect(input.rules.map { $0.counters?.packets } == [3, 2, nil, nil, 6])
            #expect(input.rules.first?.counters?.bytes == 3 * 29)
            #expect(input.rules[0].match.destinationPorts?.words == "9998,9999")
            #expect(input.rules[1].match.sets == ["ports"])
            #expect(input.rules[2].target == .verdictMap("verdicts"))
            for rule in input.rules {
                let words = printed.split(separator: "\n").contains { line in
                    let withoutCounter = line.replacing(
                        #/counter (packets \d+ bytes \d+|name "named") /#, with: "")
                    return withoutCounter.contains("\t" + rule.text)
                }
                #expect(words, "nft does not print: \(rule.text)")
            }
            let ports = try #require(table.sets.first { $0.name == "ports" })
            #expect(Set(ports.elements.map(\.text)) == ["9996", "9997"])
            #expect(ports.elements.first { $0.text == "9996" }?.counters?.packets == 2)
            #expect(ports.elements.first { $0.text == "9996" }?.match.destinationPorts?.words == "9996")
            let verdicts = try #require(table.sets.first { $0.name == "verdicts" })
            let drop = try #require(verdicts.elements.first { $0.target == .verdict(.drop) })
            #expect(drop.text == "127.0.0.1 . udp . 9995")
            #expect(drop.comment == "shop/pay:http")
            #expect(drop.match.destination?.words == "127.0.0.1/32")
            let goTo = try #require(verdicts.elements.first { $0.target == .goTo("other") })
            #expect(goTo.match.destinationPorts?.words == "1-9")
            let states = try #require(table.sets.first { $0.name == "input rule 4 vmap" })
            #expect(Set(states.elements.map(\.text)) == ["invalid", "established"])
            let reject = try #require(table.chains.first { $0.name == "other" }?.rules.first)
            #expect(reject.target == .verdict(.reject(with: "icmpx-admin-prohibited")))
            #expect(reject.comments == ["bye"])
        }
    }
}
