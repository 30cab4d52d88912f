import FirewallRules
import NetModel
import Testing

@Suite("The text of iptables -L")
struct ListReaderTests {
    private static let columns =
        "    pkts      bytes target     prot opt in     out     source               destination         "

    private func listed(_ line: String) throws -> Rule {
        let ruleset = read(
            "Chain INPUT (policy ACCEPT 1 packets, 2 bytes)\n\(Self.columns)\n\(line)\n\nChain MINE (1 references)\n\(Self.columns)\n",
            .iptablesList)
        #expect(ruleset.problems == [])
        return try #require(ruleset.tables.first?.chains.first?.rules.first)
    }

    @Test(
        "of the recorded nodes says the same as their iptables-save: chains, policies, counters, targets and comments",
        arguments: ["node1", "node2"])
    func recordedCluster(node: String) throws {
        let listBytes = try recorded("\(node).iptables-list.txt")
        let saveBytes = try recorded("\(node).iptables-save.txt")
        let list = Ruleset(reading: listBytes.span, form: .iptablesList)
        let save = Ruleset(reading: saveBytes.span, form: .iptablesSave)
        #expect(list.problems == [])
        #expect(save.problems == [])
        let filter = try #require(save.tables.first { $0.name == "filter" })
        let listed = try #require(list.tables.first)
        #expect(list.tables.count == 1)
        #expect(listed.name == nil)
        #expect(listed.family == .ipv4)
        #expect(Set(listed.chains.map(\.name)) == Set(filter.chains.map(\.name)))
        #expect(filter.chains.flatMap(\.rules).count == 13)
        for chain in filter.chains {
            let same = try list.chain(chain.name)
            #expect(same.hook == chain.hook)
            #expect(same.policy == chain.policy)
            #expect(same.policyCounters == chain.policyCounters)
            #expect(same.rules.map(\.counters) == chain.rules.map(\.counters))
            #expect(same.rules.map(\.target) == chain.rules.map(\.target))
            #expect(same.rules.map(\.comments) == chain.rules.map(\.comments))
            #expect(same.rules.map(\.match.states) == chain.rules.map(\.match.states))
            #expect(same.rules.map(\.match.source) == chain.rules.map(\.match.source))
            #expect(same.rules.map(\.match.destination) == chain.rules.map(\.match.destination))
            #expect(same.rules.map(\.match.others.isEmpty) == chain.rules.map(\.match.others.isEmpty))
        }
    }

    @Test("columns are read, whatever stands in them")
    func columns() throws {
        let rule = try listed(
            "      12      720 DROP       6    --  !eth0  cali+  !10.0.0.0/8           1.2.3.4              tcp dpt:80")
        #expect(rule.counters == Counters(packets: 12, bytes: 720))
        #expect(rule.target == .verdict(.drop))
        #expect(rule.match.transport?.words == "TCP")
        #expect(rule.match.inInterface == "!eth0")
        #expect(rule.match.outInterface == "cali+")
        #expect(rule.match.source?.words == "!10.0.0.0/8")
        #expect(rule.match.destination?.words == "1.2.3.4/32")
        #expect(rule.match.destinationPorts?.words == "80")
        #expect(rule.match.others == [])
        #expect(rule.text == "! -s 10.0.0.0/8 -d 1.2.3.4 ! -i eth0 -o cali+ -p 6 tcp dpt:80 -j DROP")
    }

    @Test("a rule without a target leaves its column blank")
    func noTarget() throws {
        let rule = try listed(
            "       0        0            17   --  *      *       0.0.0.0/0            0.0.0.0/0            udp dpt:53")
        #expect(rule.target == .other(""))
        #expect(rule.match.transport?.words == "UDP")
    }

    @Test("what modules and targets print after the addresses")
    func conditions() throws {
        let any = "0    --  *      *       0.0.0.0/0            0.0.0.0/0           "
        let ports = try listed(
            "       1        2 ACCEPT     6    --  *      *       0.0.0.0/0            0.0.0.0/0            tcp spts:1024:65535 dpt:!22 flags:0x17/0x02"
        )
        #expect(ports.match.sourcePorts?.words == "1024-65535")
        #expect(ports.match.destinationPorts?.words == "!22")
        #expect(ports.match.others == ["flags:0x17/0x02"])
        let states = try listed(
            "       0        0 REJECT     \(any) multiport sports 53,80:90 ! ctstate RELATED,ESTABLISHED reject-with icmp-port-unreachable"
        )
        #expect(states.match.sourcePorts?.words == "53,80-90")
        #expect(states.match.states == [.related, .established])
        #expect(states.match.statesAreNegated)
        #expect(states.target == .verdict(.reject(with: "icmp-port-unreachable")))
        let goTo = try listed("       0        0 MINE       \(any)[goto]  ADDRTYPE match dst-type LOCAL")
        #expect(goTo.target == .goTo("MINE"))
        #expect(goTo.match.others == ["ADDRTYPE match dst-type LOCAL"])
        let range = try listed(
            "       0        0 MINE       \(any) source IP range 10.0.0.0-10.0.0.1 mark match 0x1/0x1")
        #expect(range.target == .jump("MINE"))
        #expect(range.match.source?.words == "10.0.0.0/31")
        #expect(range.match.others == ["mark match 0x1/0x1"])
        let set = try listed(
            "       0        0 DROP       \(any) ! match-set KUBE-X src,dst /* a comment */ /* another */")
        #expect(set.match.sets == ["KUBE-X"])
        #expect(set.match.others == ["! match-set KUBE-X src,dst"])
        #expect(set.comments == ["a comment", "another"])
        let log = try listed("       0        0 LOG        \(any) LOG flags 0 level 4 prefix \"dropped it: \"")
        #expect(log.logPrefix == "dropped it: ")
        #expect(log.match.others == [])
        let nflog = try listed(
            "       0        0 NFLOG      \(any) nflog-prefix \"DPI|default\" nflog-group 1 nflog-size 80")
        #expect(nflog.logPrefix == "DPI|default")
        #expect(nflog.match.others == [])
        let mark = try listed("       0        0 MARK       \(any) MARK or 0x8000")
        #expect(mark.target == .other("MARK"))
        #expect(mark.match == RuleMatch())
    }

    @Test("of IPv6, as printed before 1.8.9 without options and as since then")
    func ipv6() throws {
        for options in ["    ", "--  "] {
            let ruleset = read(
                "Chain INPUT (policy DROP 3 packets, 4 bytes)\n\(Self.columns)\n       5        6 DROP       icmpv6 \(options)  *      *       fe80::/10            ::/0                \n",
                .iptablesList)
            #expect(ruleset.problems == [])
            #expect(ruleset.tables.first?.family == .ipv6)
            let input = try ruleset.chain("INPUT")
            #expect(input.policy == .drop)
            #expect(input.policyCounters == Counters(packets: 3, bytes: 4))
            #expect(input.rules.first?.match.source?.words == "fe80::/10")
            #expect(input.rules.first?.match.destination == nil)
            #expect(input.rules.first?.match.transport?.words == "ICMPv6")
            #expect(input.rules.first?.target == .verdict(.drop))
        }
    }

    @Test("without -v there are no counters, and with line numbers these are no counters")
    func fewerColumns() throws {
        let ruleset = read(
            """
            Chain INPUT (policy ACCEPT)
            num  target     prot opt source               destination
            1    DROP       6    --  10.0.0.0/8           1.2.3.4              tcp dpt:80
            2    REJECT     6    -- !10.0.0.0/9           0.0.0.0/0            reject-with tcp-reset
            """, .iptablesList)
        #expect(ruleset.problems == [])
        let input = try ruleset.chain("INPUT")
        #expect(input.policyCounters == nil)
        #expect(input.rules.map(\.counters) == [nil, nil])
        #expect(input.rules.map(\.target) == [.verdict(.drop), .verdict(.reject(with: "tcp-reset"))])
        #expect(input.rules.map { $0.match.source?.words } == ["10.0.0.0/8", "!10.0.0.0/9"])
    }

    @Test("without -x large counters are rounded, which is told once")
    func rounded() throws {
        let ruleset = read(
            """
            Chain INPUT (policy ACCEPT 12K packets, 5M bytes)
             pkts bytes target     prot opt in     out     source               destination
             120K   99M DROP       all  --  any    any     anywhere             anywhere
                1    40 DROP       tcp  --  any    any     anywhere             anywhere             tcp dpt:http
            """, .iptablesList)
        #expect(ruleset.problems.map(\.line) == [1])
        #expect(
            ruleset.problems.first?.message
                == "large counters are rounded to thousands or millions; iptables -x prints them exactly")
        let input = try ruleset.chain("INPUT")
        #expect(input.policyCounters == Counters(packets: 12_000, bytes: 5_000_000))
        #expect(input.rules.first?.counters == Counters(packets: 120_000, bytes: 99_000_000))
        #expect(input.rules.first?.match == RuleMatch())
        #expect(input.rules.last?.match.others == ["dpt:http"])
    }

    @Test("lines that are none are told by their number, and the rest is used")
    func problems() throws {
        let ruleset = read(
            """
            iptables v1.8.9: cannot do it
            Chain INPUT
            Chain INPUT (policy ACCEPT 0 packets, 0 bytes)
            \(Self.columns)
                   0        0 DROP       0    --  *      *       0.0.0.0/0            0.0.0.0/0
                   99999999999999999999 0 DROP   0    --  *      *       0.0.0.0/0            0.0.0.0/0
                   0        0 DROP
            """, .iptablesList)
        #expect(ruleset.problems.map(\.line) == [1, 2, 6, 7])
        #expect(try ruleset.chain("INPUT").rules.count == 1)
        #expect(read("nothing\n", .iptablesList).isUnreadable)
        #expect(!read("", .iptablesList).isUnreadable)
    }
}
