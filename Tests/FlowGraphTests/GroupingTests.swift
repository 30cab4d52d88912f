import FlowGraph
import Inventory
import NetModel
import Testing

@Suite("Connections are summed by what was asked for")
struct GroupingTests {
    /// Two frontends on two nodes that use the backend, one of them past the service, and something outside.
    private var observed: Observations {
        var observed = Observations()
        observed.seen(
            "tbn1",
            "tcp 10.244.1.2:5000 > 10.96.61.76:80 | 10.244.2.3:8080 > 10.244.1.2:5000 sent=10/1000 received=9/9000 age=10"
        )
        observed.seen(
            "tbn2",
            "tcp 10.244.2.2:5000 > 10.96.61.76:80 | 10.244.2.3:8080 > 10.244.2.2:5000 sent=20/2000 received=9/100 age=4"
        )
        observed.seen("tbn2", "tcp 10.244.2.2:5001 > 10.244.2.3:8080")
        observed.seen("tbn1", "tcp 10.244.1.2:6000 > 203.0.113.9:443 | 203.0.113.9:443 > 10.99.0.11:61000 sent=3/500")
        return observed
    }

    private var inventory: Inventory {
        var cluster = Cluster.shop
        cluster.pod("shop/frontend-abc-2", "10.244.2.2", on: "tbn2", workload: "frontend")
        return cluster.inventory
    }

    private func rows(_ grouping: Grouping) -> [String] {
        observed.flows(by: grouping, in: inventory).map { flow in
            [
                flow.names, flow.service ?? "-", flow.destinationPort.map(String.init) ?? "-", String(flow.connections),
                flow.totalSent.map { String($0.bytes) } ?? "-",
            ].joined(separator: " ")
        }
    }

    @Test("by workload, the default")
    func workload() {
        #expect(
            rows(.workload) == [
                "shop/frontend > shop/backend shop/backend:http 8080 2 3000",
                "shop/frontend > 203.0.113.0/24 - 443 1 500", "shop/frontend > shop/backend - 8080 1 -",
            ]
        )
    }

    @Test("by pod")
    func pod() {
        #expect(
            rows(.pod) == [
                "shop/frontend-abc-1 > shop/backend-abc-1 shop/backend:http 8080 1 1000",
                "shop/frontend-abc-2 > shop/backend-abc-1 shop/backend:http 8080 1 2000",
                "shop/frontend-abc-1 > 203.0.113.9 - 443 1 500", "shop/frontend-abc-2 > shop/backend-abc-1 - 8080 1 -",
            ]
        )
    }

    @Test("by service, a server that was dialled past its one service belongs to it still")
    func service() {
        #expect(
            rows(.service) == [
                "shop/frontend > shop/backend shop/backend:http 8080 2 3000",
                "shop/frontend > 203.0.113.0/24 - 443 1 500", "shop/frontend > shop/backend - 8080 1 -",
            ]
        )
        #expect(observed.flows(by: .service, in: inventory).map(\.destination.kind) == [.service, .external, .service])
    }

    @Test("by namespace, node and zone ports do not divide")
    func places() {
        #expect(rows(.namespace) == ["shop > shop - - 3 3000", "shop > (external) - - 1 500"])
        #expect(
            rows(.node) == [
                "node:tbn1 > node:tbn2 - - 1 1000", "node:tbn2 > node:tbn2 - - 2 2000",
                "node:tbn1 > (external) - - 1 500",
            ]
        )
        #expect(rows(.zone) == ["a > b - - 1 1000", "b > b - - 2 2000", "a > (external) - - 1 500"])
    }

    @Test("a rate is what the connections with a known age carried, over the longest of them")
    func rate() {
        let flow = observed.flows(by: .workload, in: inventory).first
        #expect(flow?.durationSeconds == 10)
        #expect(flow?.bytesPerSecond == (1000 + 9000 + 2000 + 100) / 10.0)
    }

    @Test("connections one after the other carried their bytes over all of the time, not over the longest of them")
    func rateOfASequence() {
        var observed = Observations()
        for number in 0..<60 {
            observed.seen("tbn1", "tcp 10.244.1.2:\(5000 + number) > 10.244.2.3:8080 event=new at=\(number)")
            observed.seen(
                "tbn1",
                "tcp 10.244.1.2:\(5000 + number) > 10.244.2.3:8080 event=destroy at=\(number + 1) sent=6/500 received=6/9500"
            )
        }
        let flow = observed.flows(by: .workload, in: Cluster.shop.inventory).only
        #expect(flow?.bytesPerSecond == 10000)
        #expect(flow?.durationSeconds == 1)
    }

    @Test("a rate is of counted connections only; without one of a known age there is none")
    func rateOfCounted() {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.244.2.3:8080 sent=5/1000 age=10")
        observed.seen("tbn1", "tcp 10.244.1.2:5001 > 10.244.2.3:8080 age=10000")
        #expect(observed.flows(by: .workload).only?.bytesPerSecond == 100)
        var untimed = Observations()
        untimed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.244.2.3:8080 sent=5/1000")
        untimed.seen("tbn1", "tcp 10.244.1.2:5001 > 10.244.2.3:8080 age=500")
        #expect(untimed.flows(by: .workload).only?.bytesPerSecond == .some(nil))
    }

    @Test("a pod with an address of each family is one pod, a namespace one namespace")
    func severalAddresses() {
        var cluster = Cluster.shop
        cluster.pod("shop/dual", "10.244.1.9", on: "tbn1")
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.99.0.11:5000 > 10.244.2.3:8080")
        observed.seen("tbn1", "tcp 10.244.1.9:5000 > 10.244.2.3:8080")
        observed.seen("tbn1", "tcp 10.244.1.9:5001 > 10.96.61.76:81 unreplied age=9")
        #expect(
            observed.flows(by: .namespace, in: cluster.inventory).map(\.names).sorted() == [
                "(nodes) > shop", "shop > shop",
            ])
    }

    @Test("how many of the connections were counted is told beside the sums")
    func counted() {
        let flow = observed.flows(by: .namespace, in: inventory).first
        #expect(flow?.connections == 3)
        #expect(flow?.countedConnections == 2)
    }

    @Test("a sum is bidirectional when both sides carried payload, or each dialled the other")
    func direction() {
        // 9 packets and 100 bytes are fewer than their headers alone: no payload came back.
        #expect(observed.flows(by: .node, in: inventory).map(\.direction) == [.bidirectional, .egress, .egress])
        var mutual = Observations()
        mutual.seen("tbn1", "tcp 10.244.1.2:5000 > 10.244.2.3:8080")
        mutual.seen("tbn1", "tcp 10.244.2.3:5000 > 10.244.1.2:9000")
        #expect(mutual.flows(by: .workload, in: inventory).map(\.direction) == [.bidirectional, .bidirectional])
    }

    @Test("the order of the input never changes the order of the flows")
    func deterministicOrder() {
        let notations = (0..<40).map { "tcp 10.244.\($0 % 3).2:\(5000 + $0) > 10.244.2.3:\(8000 + $0 % 7)" }
        var forward = Observations()
        var backward = Observations()
        for notation in notations { forward.seen("tbn1", notation) }
        for notation in notations.reversed() { backward.seen("tbn1", notation) }
        for grouping in Grouping.allCases {
            let one = forward.flows(by: grouping, in: inventory).map { "\($0.ends) \($0.names) \($0.connections)" }
            let other = backward.flows(by: grouping, in: inventory).map { "\($0.ends) \($0.names) \($0.connections)" }
            #expect(one == other)
        }
    }

    @Test("sorted by any column, numbers from the largest, unknown ones last, and the other way round")
    func order() {
        let set = observed.flowSet(by: .workload, in: inventory)
        func ports(_ key: FlowOrder.Key, reversed: Bool = false) -> [String] {
            set.positions(by: FlowOrder(key: key, isReversed: reversed)).map {
                "\(set[$0].destinationPort ?? 0)\(set[$0].service == nil ? "" : "s")"
            }
        }
        #expect(ports(.bytes) == ["8080s", "443", "8080"])
        #expect(ports(.bytes, reversed: true) == ["443", "8080s", "8080"])
        #expect(ports(.connections) == ["8080s", "443", "8080"])
        #expect(ports(.destination) == ["443", "8080s", "8080"])
        #expect(ports(.destination, reversed: true) == ["8080s", "8080", "443"])
        #expect(ports(.service) == ["8080s", "443", "8080"])
        #expect(ports(.rate) == ["8080s", "443", "8080"])
    }
}
