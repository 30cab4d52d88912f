import Drops
import FirewallRules
import NetModel
import Testing

@Suite("A table that several texts hold")
struct TableChoiceTests {
    private static let rule = "[3:180] -A FORWARD -d 10.0.0.9/32 -p tcp -m tcp --dport 80 -j DROP"

    /// How nft prints the table of iptables-nft.
    private static func shown(by family: RuleFamily = .ipv4, chains: [String] = ["FORWARD"]) -> Ruleset {
        let rule = Rule(
            number: 1, handle: 9, counters: counters(3, 180), target: .verdict(.drop), text: "ip daddr 10.0.0.9 drop")
        let content = chains.map {
            RuleChain(name: $0, hook: ChainHook(builtIn: $0, table: "filter"), rules: [rule])
        }
        return Ruleset(filter: .nftables, tables: [RuleTable(family: family, name: "filter", chains: content)])
    }

    @Test("is taken from iptables-nft, not from nft")
    func nftShowsIPTables() {
        let node = drops(Self.shown(), forwarding(Self.rule))
        #expect(node.drops.map(\.point.filter) == [.iptablesNFT])
        #expect(node.filters == [.iptablesNFT, .nftables])
    }

    @Test("of another family is taken from nft as well")
    func otherFamily() {
        let node = drops(Self.shown(by: .ipv6), forwarding(Self.rule))
        #expect(node.drops.map(\.point.filter) == [.nftables, .iptablesNFT])
    }

    @Test("of iptables-legacy is another than nft's")
    func legacy() {
        let node = drops(Self.shown(), forwarding(Self.rule, filter: .iptablesLegacy))
        #expect(node.drops.map(\.point.filter) == [.nftables, .iptablesLegacy])
    }

    @Test("is taken from iptables-save, not from iptables -L")
    func savedAndListed() {
        let list = """
            Chain FORWARD (policy ACCEPT 0 packets, 0 bytes)
                pkts      bytes target     prot opt in     out     source               destination
                   3      180 DROP       6    --  *      *       0.0.0.0/0            10.0.0.9             tcp dpt:80

            """
        let listed = Ruleset(reading: Array(list.utf8).span, form: .iptablesList)
        #expect(drops(listed).drops.map(\.counts.total) == [counters(3, 180)])
        let node = drops(listed, forwarding(Self.rule))
        #expect(node.drops.map(\.point.table) == ["filter"])
        #expect(drops(listed, Self.shown()).drops.map(\.point.filter) == [.iptables])
    }

    @Test("of a text that does not say whose it is is nft's as well where the chains are the same")
    func undecided() {
        let saved = forwarding(Self.rule, filter: .iptables)
        #expect(drops(saved, Self.shown()).drops.map(\.point.filter) == [.iptables])
        #expect(drops(saved, Self.shown(chains: ["INPUT"])).drops.map(\.point.filter) == [.iptables, .nftables])
    }

    @Test("given twice is counted once, and said so")
    func twice() {
        let node = drops(forwarding(Self.rule), forwarding(Self.rule))
        #expect(node.drops.count == 1)
        #expect(
            node.problems.map(\.message) == ["the table iptables-nft ip filter was given twice; the first is taken"])
    }
}
