import Drops
import FirewallRules
import NetModel
import Testing

@Suite("Drops summed over nodes")
struct DropSetTests {
    private static let web = "-A FORWARD -d 10.0.0.9/32 -p tcp -m tcp --dport 80 -j DROP"
    private static let database = "-A FORWARD -d 10.0.0.9/32 -p tcp -m tcp --dport 5432 -j DROP"

    @Test("have one row for a rule that several nodes have, with each node's numbers and the sums")
    func sum() {
        let set = DropSet([
            drops(begin: forwarding("[3:180] \(Self.web)"), end: forwarding("[10:600] \(Self.web)")),
            drops(begin: forwarding("[0:0] \(Self.web)"), end: forwarding("[1:60] \(Self.web)"), node: "node-b"),
        ])
        #expect(set.rows.count == 1)
        #expect(set.rows[0].nodes.map(\.node) == [0, 1])
        #expect(set.rows[0].nodes.map(\.counts.window) == [counters(7, 420), counters(1, 60)])
        #expect(set.rows[0].sum == DropCounts(total: counters(11, 660), window: counters(8, 480)))
        #expect(set.rows[0].unmeasuredNodes == 0)
        #expect(set.rows[0].isReachable)
    }

    @Test("say how many nodes could not measure the window")
    func unmeasured() {
        let set = DropSet([
            drops(begin: forwarding("[3:180] \(Self.web)"), end: forwarding("[10:600] \(Self.web)")),
            drops(begin: forwarding("[9:540] \(Self.web)"), end: forwarding("[1:60] \(Self.web)")),
            drops(begin: forwarding(Self.web), end: forwarding(Self.web)),
        ])
        #expect(set.rows.map(\.sum) == [DropCounts(total: counters(11, 660), window: counters(7, 420))])
        #expect(set.rows.map(\.unmeasuredNodes) == [1])

        let none = DropSet([drops(forwarding("[3:180] \(Self.web)"))])
        #expect(none.rows.map(\.sum) == [DropCounts(total: counters(3, 180), window: nil, reason: .readOnce)])
    }

    @Test("hold equal rules of one chain together")
    func equalRules() {
        let set = DropSet([
            drops(
                begin: forwarding("[3:180] \(Self.web)\n[5:300] \(Self.web)"),
                end: forwarding("[4:240] \(Self.web)\n[9:540] \(Self.web)"))
        ])
        #expect(set.rows.map(\.sum) == [DropCounts(total: counters(13, 780), window: counters(5, 300))])
        #expect(set.rows[0].nodes.map(\.drops) == [[0, 1]])
    }

    @Test("are ordered by the packets of the window, then of the total, then by names")
    func order() {
        let quiet = "-A FORWARD -d 10.0.0.7/32 -j DROP"
        let other = "-A FORWARD -d 10.0.0.8/32 -j DROP"
        let begin = forwarding("[0:0] \(other)\n[0:0] \(quiet)\n[90:1] \(Self.web)\n[0:0] \(Self.database)")
        let end = forwarding("[0:0] \(other)\n[0:0] \(quiet)\n[91:61] \(Self.web)\n[5:300] \(Self.database)")
        let set = DropSet([drops(begin: begin, end: end)])
        #expect(
            set.rows.map(\.point.text) == [Self.database, Self.web, quiet, other].map { String($0.dropFirst(11)) })
    }

    @Test("keep apart what only another filter or verdict has in common")
    func differences() {
        let set = DropSet([
            drops(forwarding("[1:60] \(Self.web)")),
            drops(forwarding("[1:60] \(Self.web)", filter: .iptablesLegacy)),
            drops(forwarding("[1:60] -A FORWARD -d 10.0.0.9/32 -p tcp -m tcp --dport 80 -j REJECT")),
        ])
        #expect(set.rows.count == 3)
    }

    @Test("are none without drops")
    func empty() {
        #expect(DropSet([]).rows.isEmpty)
        #expect(DropSet([drops(forwarding(""))]).rows.isEmpty)
    }
}
