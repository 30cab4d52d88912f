import Drops
import FirewallRules
import NetModel
import Testing

@Suite("Where packets are dropped")
struct DropPointTests {
    @Test("are rules, in their order, and the policies of base chains that have one")
    func rulesAndPolicies() {
        let node = drops(
            saved(
                """
                *filter
                :INPUT DROP [7:420]
                :FORWARD ACCEPT [0:0]
                :OUTPUT ACCEPT [0:0]
                :custom - [0:0]
                [5:300] -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
                [3:180] -A FORWARD -d 10.0.0.9/32 -p tcp -m tcp --dport 80 -j DROP
                [2:120] -A custom -j REJECT --reject-with tcp-reset
                COMMIT

                """))
        #expect(node.drops.map(\.point.chain) == ["INPUT", "FORWARD", "custom"])
        #expect(node.drops.map(\.point.kind) == [.policy, .rule, .rule])
        #expect(node.drops.map(\.point.verdict) == [.drop, .drop, .reject(with: "tcp-reset")])
        #expect(node.drops.map(\.counts.total) == [(7, 420), (3, 180), (2, 120)].map { counters($0, $1) })
        #expect(node.drops.map(\.isReachable) == [true, true, false])
        #expect(node.drops[1].point.text == "-d 10.0.0.9/32 -p tcp -m tcp --dport 80 -j DROP")
    }

    @Test("are not the policies of chains that the kernel does not enter")
    func policyWithoutHook() {
        let chain = RuleChain(name: "lost", policy: .drop)
        let table = RuleTable(family: .ipv4, name: "filter", chains: [chain])
        #expect(drops(Ruleset(filter: .iptablesNFT, tables: [table])).drops.isEmpty)
    }

    @Test("are the jumps into a chain that drops all, once each, and not the chain's rule")
    func refusingChain() {
        let node = drops(
            forwarding(
                """
                [4:240] -A FORWARD -d 10.0.0.9/32 -p tcp -m tcp --dport 80 -j LOGDROP
                [1:60] -A FORWARD -d 10.0.0.8/32 -p tcp -m tcp --dport 80 -g LOGDROP
                [5:300] -A LOGDROP -j LOG --log-prefix "dropped "
                [5:300] -A LOGDROP -j DROP
                """))
        #expect(node.drops.map(\.point.chain) == ["FORWARD", "FORWARD"])
        #expect(node.drops.map(\.counts.total) == [(4, 240), (1, 60)].map { counters($0, $1) })
        #expect(node.drops.map(\.point.verdict) == [.drop, .drop])
    }

    @Test("are the rules of a chain that does something else with some packets, and not the jumps to it")
    func queueingChain() {
        let node = drops(
            forwarding(
                """
                [23:2944] -A FORWARD -p udp -m udp --dport 9001:9002 -j QD
                [11:1408] -A QD -p udp -m udp --dport 9001 -j NFQUEUE --queue-num 5 --queue-bypass
                [12:1536] -A QD -j DROP
                """))
        #expect(node.drops.map(\.point.chain) == ["QD"])
        #expect(node.drops.map(\.counts.total) == [counters(12, 1536)])
    }

    @Test("are counted in the chain that drops all where the jumps to it are not counted")
    func uncountedJumps() {
        let jump = Rule(number: 1, target: .jump("refuse"), text: "jump refuse")
        let refusal = Rule(
            number: 1, counters: counters(5, 300), target: .verdict(.drop), text: "counter drop")
        let table = RuleTable(
            family: .inet, name: "own",
            chains: [
                RuleChain(name: "forward", hook: ChainHook(place: .forward, priority: 0), rules: [jump]),
                RuleChain(name: "refuse", rules: [refusal]),
            ])
        let node = drops(Ruleset(filter: .nftables, tables: [table]))
        #expect(node.drops.map(\.point.chain) == ["refuse"])
        #expect(node.drops.map(\.counts.total) == [counters(5, 300)])
    }

    @Test("in a chain that only itself jumps to are listed as never reached")
    func unreachableLoop() {
        let node = drops(
            forwarding(
                """
                [4:240] -A loop -d 10.0.0.9/32 -p tcp -m tcp --dport 80 -j DROP
                [4:240] -A loop -j loop
                """))
        #expect(node.drops.map(\.isReachable) == [false])
    }

    @Test("are the elements of a set that count what an uncounted rule drops")
    func elements() throws {
        let node = drops(try nft("guard"))
        let elements = node.drops.filter { $0.point.kind == .element(of: "blocked") }
        #expect(elements.map(\.point.text) == ["203.0.113.9", "203.0.113.10"])
        #expect(elements.map(\.counts.total) == [counters(7, 420), counters(0, 0)])
        let rule = try #require(node.of("forward").first)
        #expect(rule.point.kind == .rule)
        #expect(rule.counts.reason == .notCounted)
        #expect(node.of("input").map(\.point.kind) == [.policy])
        #expect(node.of("input").map(\.counts.total) == [nil])
    }

    @Test("have the ways that lead to them, with every jump's conditions")
    func ways() throws {
        let node = drops(
            forwarding(
                """
                [0:0] -A FORWARD -s 10.1.0.0/16 -j outer
                [0:0] -A FORWARD -p tcp -j inner
                [0:0] -A outer -p udp -j inner
                [0:0] -A inner -d 10.0.0.9/32 -j DROP
                """))
        let ways = try #require(node.ways(to: 0))
        #expect(ways.map(\.hook.place) == [.forward, .forward])
        #expect(ways.map(\.matches.count) == [2, 3])
        #expect(ways[1].matches[0].source?.values.map(\.description) == ["10.1.0.0/16"])
        #expect(ways[1].matches[1].transport?.values == [.udp])
        #expect(ways[1].matches[2].destination?.values.map(\.description) == ["10.0.0.9/32"])
    }

    @Test("have unknown ways where there are more than 64, or chains that jump to one another")
    func tooManyWays() {
        let jumps = (0..<65).map { "[0:0] -A FORWARD -s 10.0.\($0).0/24 -j inner\n" }.joined()
        let many = drops(forwarding(jumps + "[0:0] -A inner -d 10.0.0.9/32 -j DROP"))
        #expect(many.drops.count == 1)
        #expect(many.ways(to: 0) == nil)

        let loop = drops(
            forwarding(
                """
                [0:0] -A FORWARD -j one
                [0:0] -A one -j two
                [0:0] -A two -j one
                [0:0] -A two -d 10.0.0.9/32 -j DROP
                """))
        #expect(loop.drops.map(\.isReachable) == [true])
        #expect(loop.ways(to: 0) == nil)
    }
}
