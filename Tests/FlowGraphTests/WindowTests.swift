import FlowGraph
import Inventory
import NetModel
import Testing

@Suite("What a connection carried within a window")
struct WindowTests {
    private static let tcp = "tcp 10.0.0.1:5000 > 10.0.0.2:80"

    @Test("is told beside its totals, and its rate is over the window")
    func oneConnection() throws {
        var observed = Observations()
        observed.watched(
            "tbn1", "\(Self.tcp) first second sent=100/9000 received=90/80000 start=400 +sent=3/200 +received=5/1800")
        let flow = try #require(observed.flows().only)
        #expect(flow.sent == Counters(packets: 3, bytes: 200))
        #expect(flow.received == Counters(packets: 5, bytes: 1800))
        #expect(flow.totalSent?.bytes == 9000)
        #expect(flow.bytesPerSecond == 400)
        #expect(flow.packetsPerSecond == 1.6)
        #expect(flow.durationSeconds == 605)
        #expect(flow.timestamp == Timestamp(seconds: 1005))
        #expect(flow.countedConnections == 1)
        #expect(flow.hasWindow)
    }

    @Test("without a window there are only totals, and the rate is over the connection's life")
    func noWindow() throws {
        var observed = Observations()
        observed.seen("tbn1", "\(Self.tcp) sent=100/9000 received=90/81000 age=9")
        let flow = try #require(observed.flows().only)
        #expect(flow.sent == nil)
        #expect(flow.received == nil)
        #expect(flow.bytesPerSecond == 10000)
        #expect(!flow.hasWindow)
    }

    @Test("two nodes counted the same packets: the larger number, over the longer window, counted once")
    func twoNodes() throws {
        var observed = Observations()
        observed.watched("tbn1", seconds: 4, "\(Self.tcp) first second +sent=3/200 +received=5/1800")
        observed.watched("tbn2", seconds: 5, "\(Self.tcp) first second +sent=4/260 +received=5/1740")
        let flow = try #require(observed.flows().only)
        #expect(flow.sent == Counters(packets: 4, bytes: 260))
        #expect(flow.received == Counters(packets: 5, bytes: 1800))
        #expect(flow.bytesPerSecond == 412)
        #expect(flow.countedConnections == 1)
    }

    @Test("a node without accounting takes nothing from what another measured", arguments: [["a", "b"], ["b", "a"]])
    func oneNodeMeasured(_ order: [String]) {
        var observed = Observations()
        for node in order {
            observed.watched(node, "\(Self.tcp) first second " + (node == "a" ? "+sent=3/200 +received=0/0" : ""))
        }
        #expect(observed.flows().map(\.sent?.bytes) == [200])
        #expect(observed.flows().map(\.outcome) == [.carried])
    }

    @Test("a node that has the ends exchanged measured the other direction")
    func exchangedOnOneNode() throws {
        for order in [["client", "server"], ["server", "client"]] {
            var observed = Observations()
            for node in order {
                observed.watched(
                    node,
                    node == "client"
                        ? "\(Self.tcp) assured first second +sent=3/200 +received=5/1800"
                        : "tcp 10.0.0.2:80 > 10.0.0.1:5000 first second +sent=6/1900 +received=3/200"
                )
            }
            let flow = try #require(observed.flows().only)
            #expect(flow.ends == "10.0.0.1:5000 > 10.0.0.2:80")
            #expect(flow.sent?.bytes == 200)
            #expect(flow.received?.bytes == 1900)
        }
    }

    @Test("a pick-up that is turned round has its directions exchanged")
    func turnedRound() throws {
        var observed = Observations()
        observed.watched(
            "tbn2", "tcp 10.244.2.3:8080 > 10.244.1.2:47000 first second +sent=6/1900 +received=3/200")
        let flow = try #require(observed.flows(in: Cluster.shop.inventory).only)
        #expect(flow.turnedRound)
        #expect(flow.sent?.bytes == 200)
        #expect(flow.received?.bytes == 1900)
    }

    @Test("a NodePort on a third node: what each of three tables measured is one connection's")
    func nodePortOnAThirdNode() throws {
        var observed = Observations()
        observed.watched("tbn1", "tcp 10.244.1.2:5000 > 10.99.0.13:30080 first second +sent=3/200 +received=5/1800")
        observed.watched(
            "tbn3",
            "tcp 10.244.1.2:5000 > 10.99.0.13:30080 | 10.244.2.3:8080 > 10.99.0.13:40001 first second refreshed")
        observed.watched("tbn2", "tcp 10.99.0.13:40001 > 10.244.2.3:8080 first second +sent=4/252 +received=5/1800")
        let flow = try #require(observed.flows().only)
        #expect(flow.ends == "10.244.1.2:5000 > 10.244.2.3:8080")
        #expect(flow.sent?.bytes == 252)
        #expect(flow.received?.bytes == 1800)
        #expect(flow.outcome == .carried)
    }

    @Test("numbers beyond 32 bits stay what they are, whichever direction they are of")
    func largeNumbers() {
        var observed = Observations()
        observed.watched(
            "tbn1", "\(Self.tcp) first second +sent=4294967296/4294967295 +received=7/18446744073709551615")
        observed.watched("tbn2", "tcp 10.0.0.2:80 > 10.0.0.1:5000 first second +sent=9/1 +received=1/4294967297")
        observed.watched("tbn1", "tcp 10.0.0.1:5001 > 10.0.0.2:80 first second +sent=1/4294967295 +received=0/0")
        let flows = observed.flows()
        let sent = [Counters(packets: 4_294_967_296, bytes: 4_294_967_297), Counters(packets: 1, bytes: 4_294_967_295)]
        let received = [Counters(packets: 9, bytes: .max), Counters.zero]
        #expect(flows.map(\.sent) == sent)
        #expect(flows.map(\.received) == received)
    }

    @Test("a sum is of what was measured, and says of how many connections")
    func partlyMeasured() throws {
        var observed = Observations()
        observed.watched(
            "tbn1",
            "tcp 10.0.0.1:5000 > 10.0.0.2:80 first second sent=9/900 received=9/900 +sent=1/100 +received=1/50",
            "tcp 10.0.0.1:5001 > 10.0.0.2:80 first sent=9/900 received=9/900",
            "tcp 10.0.0.1:5002 > 10.0.0.2:80 first second"
        )
        let flow = try #require(observed.flows(by: .workload, all: true).only)
        #expect(flow.connections == 3)
        #expect(flow.countedConnections == 1)
        #expect(flow.sent?.bytes == 100)
        #expect(flow.totalSent?.bytes == 1800)
        #expect(flow.bytesPerSecond == 30)
    }

    @Test("a tuple used again within the window is another connection, on every node that saw it")
    func reuse() {
        var observed = Observations()
        for node in ["tbn1", "tbn2"] {
            observed.watched(
                node,
                "\(Self.tcp) first destroy +sent=1/100",
                "\(Self.tcp) new destroy unreplied state=CLOSE +sent=1/60 +received=1/40",
                "\(Self.tcp) new second +sent=1/300"
            )
        }
        let flows = observed.flows()
        #expect(flows.map(\.sent?.bytes) == [300, 100, 60])
        #expect(flows.map(\.outcome) == [.opened, .closed, .refused])
        #expect(flows.allSatisfy { $0.observers == ["tbn1", "tbn2"] })
    }

    @Test("a connection that a node holds in several zones is one, though it began and ended within the window")
    func zones() {
        var observed = Observations()
        observed.watched(
            "ovn1",
            "\(Self.tcp) zone=1 new destroy +sent=1/60", "\(Self.tcp) zone=2 new destroy +sent=1/60",
            "\(Self.tcp) zone=1 new second +sent=1/90", "\(Self.tcp) zone=2 new second +sent=1/90"
        )
        #expect(observed.flows().map(\.sent?.bytes) == [90, 60])
        #expect(observed.flows().map(\.newConnections) == [1, 1])
    }

    @Test("many connections of one tuple take time in proportion")
    func hostileReuse() {
        var observed = Observations()
        for _ in 0..<20000 { observed.watched("tbn1", "\(Self.tcp) new destroy") }
        #expect(observed.table.connectionCount == 20000)
    }

    @Test("conntrack's text of one node and a collector's of another are joined")
    func textAndCollector() throws {
        var observed = Observations()
        observed.seen("tbn1", "\(Self.tcp) sent=10/1000 received=10/1000 age=20")
        observed.watched("tbn2", "\(Self.tcp) first second sent=11/1100 received=9/900 +sent=1/100 +received=0/0")
        let flow = try #require(observed.flows().only)
        #expect(flow.totalSent?.bytes == 1100)
        #expect(flow.sent?.bytes == 100)
        #expect(flow.bytesPerSecond == 20)
        #expect(flow.observers == ["tbn1", "tbn2"])
    }

    @Test("flows are sorted by what they carried within the window")
    func order() {
        var observed = Observations()
        observed.watched(
            "tbn1",
            "tcp 10.0.0.1:5000 > 10.0.0.2:80 first second sent=9/9000 received=9/900 +sent=1/100 +received=9/900",
            "tcp 10.0.0.1:5001 > 10.0.0.2:80 first second sent=9/8000 received=9/900 +sent=5/500 +received=1/50",
            "tcp 10.0.0.1:5002 > 10.0.0.2:80 first sent=9/99999 received=9/900"
        )
        let set = observed.flowSet(by: .connection)
        func ports(_ key: FlowOrder.Key) -> [UInt16?] {
            set.positions(by: FlowOrder(key: key, isReversed: false)).map { set[$0].sourcePort }
        }
        #expect(ports(.bytes) == [5000, 5001, 5002])
        #expect(ports(.sent) == [5001, 5000, 5002])
        #expect(ports(.received) == [5000, 5001, 5002])
        #expect(ports(.packets) == [5000, 5001, 5002])
        #expect(ports(.rate) == [5000, 5001, 5002])
    }

    @Test("the sums are the same on however many cores")
    func parts() async {
        var observed = Observations()
        for port in 0..<200 {
            observed.watched(
                "tbn1", "tcp 10.0.0.1:\(5000 + port) > 10.0.0.\(2 + port % 3):80 first second +sent=1/\(port)")
        }
        let resolved = await ResolvedConnections.resolve(observed.table, inventory: .empty, parts: 3)
        let set = await FlowSet.sum(resolved, by: .workload, filter: FlowFilter(), includesAll: true, parts: 3)
        let flows = set.positions(by: .standard).map { set[$0] }
        let alone = observed.flows(by: .workload, all: true)
        #expect(flows.map(\.sent) == alone.map(\.sent))
        let bytes = flows.reduce(0) { $0 + ($1.sent?.bytes ?? 0) }
        let counted = flows.reduce(0) { $0 + $1.countedConnections }
        #expect(bytes == 19900)
        #expect(counted == 200)
    }

    @Test("a window without length is none, and the end of one beyond the range is the last moment")
    func lengths() {
        #expect(ObservationWindow(begin: Timestamp(seconds: 1), nanoseconds: 0) == nil)
        #expect(ObservationWindow(begin: Timestamp(seconds: 1), nanoseconds: -5) == nil)
        let last = ObservationWindow(begin: Timestamp(nanoseconds: .max - 1), nanoseconds: .max)
        #expect(last?.end.nanoseconds == .max)
    }

    @Test("a connection that is said to have begun before time itself has a duration all the same")
    func hostileStart() {
        var observed = Observations()
        observed.watched("tbn1", "\(Self.tcp) first second start=-9223372036854775808 sent=1/1 +sent=1/1")
        #expect(observed.flows().only?.durationSeconds.map { $0 > 9e9 } == true)
    }

    @Test("what ended without an event is told from what an event told of")
    func endedUnheard() {
        #expect(WindowObservation(marks: [.inFirstDump]).endedUnheard)
        #expect(!WindowObservation(marks: [.inFirstDump, .destroyEvent]).endedUnheard)
        #expect(!WindowObservation(marks: [.inFirstDump, .inSecondDump]).endedUnheard)
        #expect(!WindowObservation(marks: [.newEvent]).endedUnheard)
    }
}
