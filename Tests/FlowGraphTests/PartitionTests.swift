import FlowGraph
import Inventory
import NetModel
import Testing

@Suite("Work in parts gives what work in one piece gives")
struct PartitionTests {
    private var observed: Observations {
        var observed = Observations()
        for number in 0..<300 {
            let port = 5000 + number
            let node = "tbn\(number % 3)"
            observed.seen(
                node,
                number % 2 == 0
                    ? "tcp 10.244.1.2:\(port) > 10.96.61.76:80 | 10.244.2.3:8080 > 10.244.1.2:\(port) sent=5/\(port) age=\(number)"
                    : "udp 10.244.2.3:\(port) > 203.0.113.\(number % 7):53 unreplied age=9"
            )
            if number % 5 == 0 { observed.seen("tbn9", "tcp 10.244.1.2:\(port) > 10.244.2.3:8080") }
        }
        return observed
    }

    @Test("whatever the number of parts, for every grouping", arguments: Grouping.allCases, [1, 2, 3, 7, 1000])
    func parts(_ grouping: Grouping, _ parts: Int) async {
        let inventory = Cluster.shop.inventory
        let whole = observed.flowSet(by: grouping, in: inventory)
        let resolved = await ResolvedConnections.resolve(observed.table, inventory: inventory, parts: parts)
        let set = await FlowSet.sum(resolved, by: grouping, filter: FlowFilter(), includesAll: false, parts: parts)
        #expect(
            set.positions(by: .standard).map { "\(set[$0])" } == whole.positions(by: .standard).map { "\(whole[$0])" }
        )
        #expect(set.omitted == whole.omitted)
    }
}
