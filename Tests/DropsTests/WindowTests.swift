import Drops
import FirewallRules
import NetModel
import Testing

@Suite("What was dropped within a window")
struct WindowTests {
    private static let web = "-A FORWARD -d 10.0.0.9/32 -p tcp -m tcp --dport 80 -j DROP"
    private static let database = "-A FORWARD -d 10.0.0.9/32 -p tcp -m tcp --dport 5432 -j DROP"

    @Test("is the difference of the two readings")
    func difference() {
        let node = drops(begin: forwarding("[3:180] \(Self.web)"), end: forwarding("[10:600] \(Self.web)"))
        #expect(node.drops.map(\.counts) == [DropCounts(total: counters(10, 600), window: counters(7, 420))])
    }

    @Test("finds a rule of nft again whose statements count what they let pass")
    func quota() {
        func ruleset(used: Int, packets: UInt64) -> Ruleset {
            let text = """
                {"nftables": [{"table": {"family": "inet", "name": "host", "handle": 1}}, {"chain": {"family": "inet", \
                "table": "host", "name": "input", "handle": 1, "type": "filter", "hook": "input", "prio": 0, \
                "policy": "accept"}}, {"rule": {"family": "inet", "table": "host", "chain": "input", "handle": 2, \
                "expr": [{"quota": {"val": 100000, "val_unit": "bytes", "used": \(used), "used_unit": "bytes"}}, \
                {"counter": {"packets": \(packets), "bytes": \(packets * 60)}}, {"drop": null}]}}]}
                """
            return Ruleset(reading: Array(text.utf8).span, form: .nftJSON)
        }
        let node = drops(begin: ruleset(used: 912, packets: 20), end: ruleset(used: 1100, packets: 24))
        #expect(node.drops.map(\.counts) == [DropCounts(total: counters(24, 1440), window: counters(4, 240))])
        #expect(node.drops.map(\.point.text) == ["quota 100000 bytes drop"])
    }

    @Test("finds a rule again wherever it stands in its chain")
    func moved() {
        let node = drops(
            begin: forwarding("[3:180] \(Self.web)\n[1:60] \(Self.database)"),
            end: forwarding("[1:60] \(Self.database)\n[4:240] \(Self.web)"))
        #expect(node.drops.map(\.counts.window) == [counters(0, 0), counters(1, 60)])
    }

    @Test("is all that a rule counted that only the end has")
    func written() {
        let node = drops(
            begin: forwarding("[3:180] \(Self.web)"), end: forwarding("[3:180] \(Self.web)\n[2:120] \(Self.database)"))
        #expect(node.drops.last?.counts == DropCounts(total: counters(2, 120), window: counters(2, 120)))
    }

    @Test("is not measured where the counter went down: whoever wrote the rule wrote it again")
    func setBack() {
        let node = drops(begin: forwarding("[9:540] \(Self.web)"), end: forwarding("[1:60] \(Self.web)"))
        #expect(node.drops.map(\.counts) == [DropCounts(total: counters(1, 60), window: nil, reason: .setBack)])
        #expect(node.drops.map(\.counts.isHit) == [true])
    }

    @Test("is not measured of a rule that was gone at the end, of which the beginning's total is told")
    func removed() {
        let node = drops(
            begin: forwarding("[9:540] \(Self.web)\n[1:60] \(Self.database)"),
            end: forwarding("[1:60] \(Self.database)"))
        #expect(
            node.drops.map(\.counts) == [
                DropCounts(total: counters(1, 60), window: counters(0, 0)),
                DropCounts(total: counters(9, 540), window: nil, reason: .removed),
            ])
        #expect(node.drops.last?.counts.isHit == false)
        #expect(node.ways(to: 1) == nil)
    }

    @Test("tells equal rules apart by their order")
    func equalRules() {
        let node = drops(
            begin: forwarding("[3:180] \(Self.web)\n[5:300] \(Self.web)"),
            end: forwarding("[4:240] \(Self.web)\n[9:540] \(Self.web)"))
        #expect(node.drops.map(\.counts.window) == [counters(1, 60), counters(4, 240)])
    }

    @Test(
        "finds every rule again beside one that was written or removed, before, between or behind them",
        arguments: 0...3)
    func besideAnother(_ place: Int) {
        let earlier = ["[3:180] \(Self.web)", "[5:300] \(Self.web)", "[1:60] \(Self.database)"]
        let later = ["[4:240] \(Self.web)", "[9:540] \(Self.web)", "[3:180] \(Self.database)"]
        let other = "[7:420] -A FORWARD -d 10.0.0.1/32 -j DROP"
        func with(_ rules: [String]) -> String { (rules[..<place] + [other] + rules[place...]).joined(separator: "\n") }
        let known = [counters(1, 60), counters(4, 240), counters(2, 120)]
        let written = drops(begin: forwarding(earlier.joined(separator: "\n")), end: forwarding(with(later)))
        #expect(written.drops.map(\.counts.window) == known[..<place] + [counters(7, 420)] + known[place...])
        let removed = drops(begin: forwarding(with(earlier)), end: forwarding(later.joined(separator: "\n")))
        #expect(removed.drops.map(\.counts.window) == known + [nil])
        #expect(removed.drops.last?.counts.reason == .removed)
    }

    @Test("is not measured where the rules were read once, or were not counted")
    func onceAndUncounted() {
        #expect(
            drops(forwarding("[3:180] \(Self.web)")).drops.map(\.counts) == [
                DropCounts(total: counters(3, 180), window: nil, reason: .readOnce)
            ])
        #expect(
            drops(begin: forwarding(Self.web), end: forwarding(Self.web)).drops.map(\.counts) == [
                DropCounts(total: nil, window: nil, reason: .notCounted)
            ])
    }

    @Test("is not measured where only the beginning could be read")
    func onlyBeginning() {
        var rules = NodeRules(name: "node-a", isNode: true)
        rules.add(forwarding("[3:180] \(Self.web)"), moment: .begin)
        #expect(
            rules.drops().drops.map(\.counts) == [DropCounts(total: counters(3, 180), window: nil, reason: .readOnce)])
    }

    @Test("takes nothing for written or removed where a reading lacks the table or was not complete")
    func incompleteReadings() {
        let other = table("mangle", base: "PREROUTING", "[1:60] -A PREROUTING -s 192.0.2.1/32 -j DROP")
        let node = drops(begin: other, end: forwarding("[3:180] \(Self.web)"))
        #expect(node.drops.map(\.counts.reason) == [.readOnce, .readOnce])

        var begin = forwarding("[1:60] \(Self.database)")
        begin.problems = [RulesProblem(line: 7, message: "not a rule")]
        let partly = drops(begin: begin, end: forwarding("[3:180] \(Self.web)\n[2:120] \(Self.database)"))
        #expect(partly.drops.map(\.counts.reason) == [.readOnce, nil])
        #expect(partly.problems == [RulesProblem(line: 7, message: "not a rule")])
    }

    @Test("follows nft's handles, and takes a rule with a new handle for one written again")
    func handles() {
        func rules(_ rules: [(handle: UInt64, packets: UInt64)]) -> Ruleset {
            let rules = rules.map {
                Rule(
                    number: 1, handle: $0.handle, counters: counters($0.packets, $0.packets * 60),
                    target: .verdict(.drop), text: "tcp dport 80 drop")
            }
            let chain = RuleChain(name: "forward", hook: ChainHook(place: .forward, priority: 0), rules: rules)
            return Ruleset(filter: .nftables, tables: [RuleTable(family: .inet, name: "own", chains: [chain])])
        }
        let swapped = drops(begin: rules([(4, 10), (5, 2)]), end: rules([(5, 3), (4, 10)]))
        #expect(swapped.drops.map(\.counts.window?.packets) == [1, 0])
        let rewritten = drops(begin: rules([(4, 10)]), end: rules([(8, 12)]))
        #expect(rewritten.drops.map(\.counts.reason) == [.setBack])
    }
}
