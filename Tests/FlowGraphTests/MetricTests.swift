import FlowGraph
import Inventory
import NetModel
import TestSupport
import Testing

@Suite("The metrics of a pair")
struct MetricTests {
    @Test("sum all ports, protocols and services, and tell the servers' ports in order")
    func sums() async throws {
        var observed = Observations()
        observed.watched(
            "tbn1",
            "tcp 10.244.1.2:1 > 10.96.61.76:80 | 10.244.2.3:8080 > 10.244.1.2:1 first second +sent=3/200 +received=5/1800",
            "tcp 10.244.1.2:2 > 10.244.2.3:8080 first second +sent=1/100 +received=1/100",
            "udp 10.244.1.2:3 > 10.244.2.3:53 first second +sent=1/50 +received=1/50",
            "tcp 10.244.1.2:4 > 10.244.2.3:53 first second +sent=1/60 +received=1/40",
            "tcp 10.244.1.2:5 > 10.244.2.3:45000 first second +sent=0/0 +received=0/0",
            "icmp 10.244.1.2 > 10.244.2.3 id=7 first second +sent=1/84 +received=1/84"
        )
        let metrics = try await observed.onlyMetrics(Cluster.shop.inventory)
        #expect(metrics.connections == 6)
        #expect(metrics.ports == [53, 8080])
        #expect(metrics.transport == .tcp)
        #expect(metrics.bytesPerSecond == Double(2000 + 200 + 100 + 100 + 168) / 5)
        #expect(metrics.packetsPerSecond == 3.2)
        #expect(metrics.totalSent == nil)
    }

    @Test("name the protocol with the most bytes; where none was counted, the one with the most connections")
    func largestProtocol() async throws {
        var counted = Observations()
        counted.watched(
            "tbn1",
            "tcp 10.0.0.1:1 > 10.0.0.2:80 first second +sent=1/50 +received=1/50",
            "tcp 10.0.0.1:2 > 10.0.0.2:80 first second +sent=1/50 +received=1/50",
            "udp 10.0.0.1:3 > 10.0.0.2:53 first second +sent=9/900 +received=1/50"
        )
        #expect(try await counted.onlyMetrics().transport == .udp)
        var uncounted = Observations()
        for port in 1...3 { uncounted.seen("tbn1", "udp 10.0.0.1:\(port) > 10.0.0.2:53") }
        for port in 1...2 { uncounted.seen("tbn1", "tcp 10.0.0.1:\(port) > 10.0.0.2:80") }
        #expect(try await uncounted.onlyMetrics().transport == .udp)
    }

    @Test("are over the connections' life without a window, and absent where nothing was counted")
    func withoutWindow() async throws {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.0.0.1:1 > 10.0.0.2:80 sent=10/1000 received=10/9000 age=10")
        observed.seen("tbn1", "tcp 10.0.0.1:2 > 10.0.0.3:80")
        let metrics = await observed.metrics()
        #expect(metrics["10.0.0.1→10.0.0.2"]?.bytesPerSecond == 1000)
        #expect(metrics["10.0.0.1→10.0.0.2"]?.totalReceived?.bytes == 9000)
        #expect(metrics["10.0.0.1→10.0.0.2"]?.isActive == .some(nil))
        #expect(metrics["10.0.0.1→10.0.0.2"]?.activeConnections == .some(nil))
        #expect(metrics["10.0.0.1→10.0.0.3"]?.bytesPerSecond == .some(nil))
    }

    @Test("of A to B and of B to A are two pairs, both bidirectional")
    func bothDial() async {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.244.2.3:8080 unreplied")
        observed.seen("tbn1", "tcp 10.244.2.3:5000 > 10.244.1.2:80 unreplied")
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 203.0.113.9:443 unreplied")
        observed.seen("tbn1", "tcp 203.0.113.9:5000 > 10.244.2.3:8080 unreplied")
        let metrics = await observed.metrics(in: Cluster.shop.inventory)
        #expect(metrics["shop/frontend→shop/backend"]?.direction == .bidirectional)
        #expect(metrics["shop/backend→shop/frontend"]?.direction == .bidirectional)
        #expect(metrics["shop/frontend→203.0.113.0/24"]?.direction == .egress)
        #expect(metrics["203.0.113.0/24→shop/backend"]?.direction == .ingress)
    }

    @Test("take two ends of one name for one, whose kind is then not known")
    func oneName() async throws {
        var cluster = Cluster()
        cluster.node("tbn1", "10.99.0.11")
        cluster.pod("shop/x-abc-1", "10.244.1.2", on: "tbn1", workload: "x")
        cluster.pod("shop/x", "10.244.1.3", on: "tbn1")
        cluster.pod("shop/db", "10.244.1.4", on: "tbn1")
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.244.1.4:5432")
        observed.seen("tbn1", "tcp 10.244.1.3:5000 > 10.244.1.4:5432")
        #expect(observed.flows(by: .workload, in: cluster.inventory).count == 2)
        let metrics = try await observed.onlyMetrics(cluster.inventory)
        #expect(metrics.names == "shop/x→shop/db")
        #expect(metrics.connections == 2)
        #expect(metrics.source.kind == .pod)
        #expect(metrics.source.workload == "shop/x")
        #expect(metrics.source.workloadKind == nil)
    }

    @Test("count connections that were idle throughout, but neither probes nor what carries others unless asked")
    func leftOut() async {
        var observed = Observations()
        observed.watched(
            "tbn2",
            "tcp 10.244.1.2:1 > 10.244.2.3:8080 first second +sent=0/0 +received=0/0",
            "tcp 10.99.0.12:1 > 10.244.2.3:8081 first second +sent=0/0 +received=0/0",
            "udp 10.99.0.11:5000 > 10.99.0.12:8472 first second +sent=9/900 +received=0/0"
        )
        let set = await observed.metricSet(in: Cluster.shop.inventory)
        #expect(set.count == 1)
        #expect(set.omitted.probes == 1)
        #expect(set.omitted.carriers == 1)
        #expect(set.omitted.idle == 0)
        let all = await observed.metrics(in: Cluster.shop.inventory, all: true)
        #expect(all.count == 3)
    }

    @Test("tell ports by every grouping", arguments: Grouping.allCases)
    func ports(_ grouping: Grouping) async {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.96.61.76:80 | 10.244.2.3:8080 > 10.244.1.2:5000")
        let metrics = await observed.metrics(by: grouping, in: Cluster.shop.inventory)
        #expect(metrics.values.map(\.ports) == [[8080]])
    }

    @Test("keep every port that a scanner dialled")
    func scanner() async throws {
        var observed = Observations()
        for port in 1...3000 { observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:\(port)") }
        let metrics = try await observed.onlyMetrics()
        #expect(metrics.ports == Array(1...3000))
    }

    @Test("come in the order that is asked for, unknown values last")
    func order() async {
        var observed = Observations()
        observed.watched(
            "tbn1",
            "tcp 10.0.0.1:1 > 10.0.0.2:80 new second sent=1/100 received=1/100 +sent=1/100 +received=1/100",
            "tcp 10.0.0.1:1 > 10.0.0.3:80 new second sent=4/200 received=4/200 +sent=4/200 +received=4/200",
            "tcp 10.0.0.1:2 > 10.0.0.3:80 new destroy unreplied state=CLOSE",
            "tcp 10.0.0.4:1 > 10.0.0.1:80 first second",
            "tcp 10.0.0.4:2 > 10.0.0.1:80 first second",
            "tcp 10.0.0.4:3 > 10.0.0.1:80 first second"
        )
        let set = await observed.metricSet()
        func names(_ key: MetricOrder.Key, reversed: Bool = false) -> [String] {
            set.positions(by: MetricOrder(key: key, isReversed: reversed)).map { set[$0].names }
        }
        let (small, large, idle) = ("10.0.0.1→10.0.0.2", "10.0.0.1→10.0.0.3", "10.0.0.4→10.0.0.1")
        #expect(names(.bytes) == [large, small, idle])
        #expect(names(.bytes, reversed: true) == [small, large, idle])
        #expect(names(.rate) == [large, small, idle])
        #expect(names(.packets) == [large, small, idle])
        #expect(names(.connections) == [idle, large, small])
        #expect(names(.errors) == [large, small, idle])
        #expect(names(.source) == [large, small, idle])
        #expect(names(.destination) == [idle, small, large])
        #expect(names(.destination, reversed: true) == [large, small, idle])
    }

    @Test(
        "are the same on however many cores, and add up to what the flows do",
        arguments: Grouping.allCases.filter { $0 != .connection }, [1, 2, 4])
    func parts(_ grouping: Grouping, _ parts: Int) async {
        var observed = Observations()
        var random = SplitMix(seed: 7)
        let fates = [
            "first second", "new second", "first destroy", "new destroy unreplied state=CLOSE",
            "new second unreplied sent=2/120 received=0/0", "first second refreshed", "new destroy",
        ]
        for number in 0..<600 {
            let (client, server) = (random.next() % 4, random.next() % 5)
            // Few client ports, so that tuples come back.
            let tuple = "tcp 10.244.1.\(client):\(random.next() % 40) > 10.244.2.\(server):\(80 + random.next() % 3)"
            let fate = fates[Int(random.next() % 7)]
            observed.watched(
                "tbn\(number % 3)", "\(tuple) \(fate) +sent=\(random.next() % 9)/\(random.next() % 999) +received=1/40")
        }
        let inventory = Cluster.shop.inventory
        let whole = await observed.metrics(by: grouping, in: inventory, blind: ["tbn2"])
        let split = await observed.metrics(by: grouping, in: inventory, blind: ["tbn2"], parts: parts)
        #expect(split.mapValues { "\($0)" } == whole.mapValues { "\($0)" })
        let flows = observed.flows(by: grouping, in: inventory, all: true)
        let connections = flows.reduce(0) { $0 + $1.connections }
        let bytes = flows.reduce(0) { $0 + ($1.sent?.bytes ?? 0) + ($1.received?.bytes ?? 0) }
        let set = await observed.metricSet(by: grouping, in: inventory, all: true, parts: parts)
        let pairs = (0..<set.count).map { set[$0] }
        #expect(pairs.reduce(0) { $0 + $1.connections } == connections)
        let measured = pairs.reduce(0) { $0 + ($1.bytesPerSecond ?? 0) }
        #expect((measured * 5).rounded() == Double(bytes))
    }
}
