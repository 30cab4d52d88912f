import FlowGraph
import NetModel
import Testing

@Suite("Events tell what was opened, closed and refused")
struct EventTests {
    @Test("NEW alone is an opened connection, NEW and DESTROY a closed one")
    func outcomes() {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:80 unreplied event=new at=100")
        observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:80 event=update at=100 state=ESTABLISHED")
        observed.seen("tbn1", "tcp 10.0.0.1:5001 > 10.0.0.2:80 unreplied event=new at=100")
        observed.seen(
            "tbn1",
            "tcp 10.0.0.1:5001 > 10.0.0.2:80 event=destroy at=107 sent=5/400 received=4/900 state=TIME_WAIT"
        )
        let flows = observed.flows()
        #expect(flows.map(\.outcome) == [.closed, .opened])
        #expect(flows.map(\.verdict) == [.accept, .accept])
        #expect(flows.map(\.newConnections) == [1, 1])
        #expect(flows.first?.durationSeconds == 7)
        #expect(flows.first?.bytesPerSecond == 1300.0 / 7)
        #expect(flows.first?.timestamp == Timestamp(seconds: 107))
    }

    @Test("a reset that answers the first packet is a refusal")
    func refused() {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:81 unreplied event=new at=100 state=SYN_SENT")
        observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:81 unreplied event=destroy at=100 state=CLOSE")
        let flow = observed.flows().only
        #expect(flow?.verdict == .refused)
        #expect(flow?.outcome == .refused)
        #expect(flow?.failedConnections == 1)
    }

    @Test("the same tuple used again after its end is another connection")
    func reuse() {
        var observed = Observations()
        for start in [100, 200, 300] {
            observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:80 event=new at=\(start)")
            observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:80 event=destroy at=\(start + 10) sent=5/\(start)")
        }
        #expect(observed.flows().map(\.totalSent?.bytes) == [300, 200, 100])
    }

    @Test("a second node's events are matched to the connection of their time")
    func reuseOnTwoNodes() {
        var observed = Observations()
        for node in ["tbn1", "tbn2"] {
            for start in [100, 200] {
                observed.seen(node, "tcp 10.0.0.1:5000 > 10.0.0.2:80 event=new at=\(start)")
                observed.seen(node, "tcp 10.0.0.1:5000 > 10.0.0.2:80 event=destroy at=\(start + 10) sent=5/\(start)")
            }
        }
        let flows = observed.flows()
        #expect(flows.map(\.totalSent?.bytes) == [200, 100])
        #expect(flows.map(\.observers) == [["tbn1", "tbn2"], ["tbn1", "tbn2"]])
    }

    @Test("a dump taken after the events adds to the connection that is still open")
    func dumpAfterEvents() {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:80 unreplied event=new at=100")
        observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:80 sent=9/700 received=8/600")
        let flow = observed.flows().only
        #expect(flow?.newConnections == 1)
        #expect(flow?.totalSent?.bytes == 700)
    }

    @Test("a dump taken before the events, of the same node, adds nothing")
    func dumpBeforeEvents() {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:80")
        observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:80 unreplied event=new at=100")
        observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:80 event=destroy at=101")
        #expect(observed.flows().map(\.outcome) == [.closed])
    }

    @Test("an end that several nodes report is one end, even where the beginning was missed")
    func endsOnly() {
        var observed = Observations()
        for node in ["tbn1", "tbn2", "tbn3"] {
            observed.seen(node, "tcp 10.0.0.1:5000 > 10.0.0.2:80 event=destroy at=110")
            observed.seen(node, "tcp 10.0.0.1:5000 > 10.0.0.2:80 event=destroy at=310")
        }
        #expect(observed.flows().map(\.observers) == Array(repeating: ["tbn1", "tbn2", "tbn3"], count: 2))
    }

    @Test("many connections of one tuple take time in proportion")
    func hostileReuse() {
        var observed = Observations()
        for time in 0..<20000 {
            observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:80 event=new at=\(time * 100)")
            observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:80 event=destroy at=\(time * 100 + 1)")
        }
        #expect(observed.table.connectionCount == 20000)
    }

    @Test("two zones of a node report one connection's beginning and end twice: once")
    func zonesWithEvents() {
        var observed = Observations()
        for kind in ["new", "destroy"] {
            for zone in [1, 2] {
                observed.seen("ovn1", "tcp 10.0.0.1:5000 > 10.0.0.2:80 event=\(kind) zone=\(zone) sent=5/500")
            }
        }
        let flow = observed.flows().only
        #expect(flow?.newConnections == 1)
        #expect(flow?.totalSent?.bytes == 500)
    }

    @Test(
        "connections of one tuple behind a translation are joined one by one, in their order", arguments: [true, false])
    func reuseBehindATranslation(_ hasTimes: Bool) {
        var observed = Observations()
        for (number, time) in [0, 500].enumerated() {
            for (kind, end) in [("new", time), ("destroy", time + 5)] {
                let at = hasTimes ? "at=\(end)" : ""
                let event = "event=\(kind) \(at) sent=5/\(number + 1)00"
                observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.99.0.3:30080 \(event)")
                observed.seen(
                    "tbn3",
                    "tcp 10.244.1.2:5000 > 10.99.0.3:30080 | 10.244.2.5:8080 > 10.99.0.3:7000 \(event)"
                )
            }
        }
        let flows = observed.flows()
        #expect(flows.map(\.ends) == Array(repeating: "10.244.1.2:5000 > 10.244.2.5:8080", count: 2))
        #expect(flows.map(\.totalSent?.bytes) == [200, 100])
        #expect(flows.map(\.observers) == [["tbn1", "tbn3"], ["tbn1", "tbn3"]])
    }

    @Test("a tuple used a thousand times, seen by two nodes, is a thousand connections")
    func manyReusesOnTwoNodes() {
        var observed = Observations()
        for node in ["tbn1", "tbn2"] {
            for number in 0..<1000 {
                observed.seen(node, "udp 10.0.0.1:123 > 10.0.0.2:123 event=new at=\(number * 100)")
                observed.seen(node, "udp 10.0.0.1:123 > 10.0.0.2:123 event=destroy at=\(number * 100 + 60)")
            }
        }
        #expect(observed.table.connectionCount == 1000)
    }

    @Test("what is new is known only of connections that somebody who listened saw")
    func newOfListeners() {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:80 event=new at=100")
        observed.seen("tbn2", "tcp 10.0.0.3:5000 > 10.0.0.4:80")
        #expect(observed.flows().map(\.newConnections) == [1, nil])
    }

    @Test("without events nobody knows which connections are new")
    func noEvents() {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:80")
        #expect(observed.flows().only?.newConnections == .some(nil))
        #expect(observed.flows().only?.outcome == .some(nil))
    }
}
