import FlowGraph
import NetModel
import Testing

@Suite("What happened to a connection within a window")
struct OutcomeTests {
    private func flow(_ notation: String, seconds: Int64 = 5) -> Flow? {
        var observed = Observations()
        observed.watched("tbn1", seconds: seconds, notation)
        return observed.flows(all: true).only
    }

    private func outcome(_ notation: String, seconds: Int64 = 5) -> Outcome? {
        flow(notation, seconds: seconds)?.outcome
    }

    private static let tcp = "tcp 10.0.0.1:5000 > 10.0.0.2:80"
    private static let udp = "udp 10.0.0.1:5000 > 10.0.0.2:53"

    @Test(
        "refused: a reset answered the first packet; the state says so, or the one answering packet",
        arguments: [
            "\(tcp) new destroy unreplied state=CLOSE sent=1/60 received=1/40",
            "\(tcp) new destroy unreplied state=CLOSE",
            "\(tcp) new destroy unreplied sent=1/60 received=1/40",
            "\(tcp) new destroy unreplied state=SYN_SENT sent=1/60 received=1/40",
        ])
    func refused(_ notation: String) {
        let flow = flow(notation)
        #expect(flow?.outcome == .refused)
        #expect(flow?.verdict == .refused)
        #expect(flow?.newConnections == 1)
        #expect(flow?.failedConnections == 1)
    }

    @Test(
        "nothing, where a TCP entry came and went unanswered and neither state nor counters tell why",
        arguments: ["\(tcp) new destroy unreplied", "\(tcp) new destroy unreplied state=SYN_SENT"])
    func unknownFate(_ notation: String) {
        let flow = flow(notation)
        #expect(flow != nil)
        #expect(flow?.outcome == .some(nil))
        #expect(flow?.verdict == .unknown)
        #expect(flow?.failedConnections == .some(nil))
    }

    @Test("a TCP connection that was established and then reset was closed, not refused")
    func resetLater() {
        #expect(outcome("\(Self.tcp) first second state=CLOSE before=ESTABLISHED sent=9/900 received=8/800") == .closed)
    }

    @Test("unanswered: nothing came back to two packets, or for three seconds")
    func unanswered() {
        #expect(outcome("\(Self.tcp) new second unreplied state=SYN_SENT sent=2/120 received=0/0") == .unanswered)
        #expect(outcome("\(Self.tcp) new second unreplied state=SYN_SENT start=1001") == .unanswered)
        #expect(outcome("\(Self.tcp) new second unreplied state=SYN_SENT at=1001") == .unanswered)
        #expect(outcome("\(Self.udp) first second unreplied", seconds: 3) == .unanswered)
        #expect(outcome("\(Self.udp) first unreplied sent=2/120 received=0/0") == .unanswered)
    }

    @Test("nothing, while an answer may still come")
    func waiting() {
        #expect(flow("\(Self.tcp) new second unreplied state=SYN_SENT start=1003")?.outcome == .some(nil))
        #expect(flow("\(Self.udp) new second unreplied sent=1/60 received=0/0")?.outcome == .some(nil))
    }

    @Test("opened: a NEW event, or in the second dump only, and still there and answered")
    func opened() {
        #expect(outcome("\(Self.tcp) new second state=ESTABLISHED before=NONE") == .opened)
        #expect(outcome("\(Self.tcp) second state=ESTABLISHED") == .opened)
        // Between the subscription and the dump that begins the window.
        #expect(outcome("\(Self.udp) new first second") == .opened)
        #expect(flow("\(Self.tcp) second")?.newConnections == 1)
    }

    @Test("closed: a DESTROY event came")
    func destroyed() {
        #expect(outcome("\(Self.tcp) first destroy state=TIME_WAIT before=ESTABLISHED") == .closed)
        #expect(outcome("\(Self.udp) first destroy") == .closed)
        #expect(flow("\(Self.udp) first destroy")?.newConnections == 0)
    }

    @Test(
        "closed: gone from the second dump without an event; what it carried last was not measured",
        arguments: ["\(udp) first sent=9/900 received=9/900 +sent=0/0 +received=0/0", "\(udp) first sent=9/900"])
    func vanished(_ notation: String) {
        let flow = flow(notation)
        #expect(flow?.outcome == .closed)
        #expect(flow?.sent == .some(nil))
        #expect(flow?.bytesPerSecond == .some(nil))
        #expect(flow?.countedConnections == 0)
        #expect(flow?.totalSent?.bytes == 900)
    }

    @Test(
        "closed: one side closed it within the window, though the entry is still there",
        arguments: ["FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE"])
    func closing(_ state: String) {
        #expect(
            outcome("\(Self.tcp) first second state=\(state) before=ESTABLISHED +sent=2/104 +received=1/52") == .closed)
        #expect(outcome("\(Self.tcp) first second state=\(state) before=TIME_WAIT +sent=0/0 +received=0/0") == .idle)
    }

    @Test("opened and closed within the window is closed, and new")
    func openedAndClosed() {
        for notation in [
            "\(Self.tcp) new second state=TIME_WAIT", "\(Self.tcp) second state=TIME_WAIT", "\(Self.tcp) new destroy",
        ] {
            #expect(outcome(notation) == .closed)
            #expect(flow(notation)?.newConnections == 1)
        }
    }

    @Test("carried: there all the while, and bytes or packets differ")
    func carried() {
        #expect(outcome("\(Self.tcp) first second state=ESTABLISHED +sent=1/60 +received=0/0") == .carried)
        #expect(outcome("\(Self.udp) first second +received=1/60") == .carried)
        #expect(flow("\(Self.udp) first second +sent=1/60")?.newConnections == 0)
    }

    @Test("idle: there all the while, and nothing differs")
    func idle() {
        #expect(outcome("\(Self.tcp) first second state=ESTABLISHED +sent=0/0 +received=0/0") == .idle)
    }

    @Test("without accounting a connection carried something when its timeout was set anew")
    func withoutAccounting() {
        #expect(outcome("\(Self.tcp) first second state=ESTABLISHED refreshed") == .carried)
        #expect(outcome("\(Self.tcp) first second state=ESTABLISHED") == .idle)
    }

    @Test("counters that somebody set back tell nothing of the window")
    func countersWentDown() {
        let notation = "\(Self.udp) first second reset-counters sent=1/60 received=1/60 +sent=1/60 +received=1/60"
        #expect(flow(notation)?.sent == .some(nil))
        #expect(flow(notation)?.countedConnections == 0)
        #expect(outcome(notation) == .idle)
        #expect(outcome(notation + " refreshed") == .carried)
    }

    @Test("an entry of which a collector could not say in which dumps it was has no outcome")
    func nothingKnown() {
        #expect(flow("\(Self.tcp) state=ESTABLISHED")?.outcome == .some(nil))
        #expect(flow("\(Self.tcp) state=ESTABLISHED")?.newConnections == 0)
    }

    @Test("flows are filtered by outcome")
    func filter() {
        var observed = Observations()
        observed.watched(
            "tbn1", "\(Self.tcp) first second refreshed", "\(Self.udp) first second",
            "tcp 10.0.0.1:5001 > 10.0.0.2:80 new second")
        var filter = FlowFilter()
        filter.outcomes.wanted = [.idle, .opened]
        #expect(Set(observed.flows(filter: filter).map(\.outcome)) == [.idle, .opened])
    }

    @Test(
        "idle: only the entry went away, of a connection that was over before the window",
        arguments: [
            "\(tcp) first destroy state=TIME_WAIT before=TIME_WAIT +sent=0/0 +received=0/0",
            "\(tcp) first destroy state=CLOSE before=CLOSE", "\(tcp) first before=TIME_WAIT",
            "\(udp) first destroy +sent=0/0 +received=0/0",
        ])
    func reaped(_ notation: String) {
        #expect(outcome(notation) == .idle)
    }

    @Test(
        "closed: it carried something before its entry went away",
        arguments: [
            "\(tcp) first destroy state=TIME_WAIT before=TIME_WAIT +sent=1/52 +received=0/0",
            "\(udp) first destroy +sent=1/60 +received=1/60", "\(udp) first destroy",
        ])
    func closedAfterAll(_ notation: String) {
        #expect(outcome(notation) == .closed)
    }

    @Test("idle ones are counted, not listed, unless they are asked for")
    func idleIsCounted() {
        var observed = Observations()
        observed.watched("tbn1", seconds: 5, "\(Self.tcp) first second state=ESTABLISHED +sent=0/0 +received=0/0")
        observed.watched("tbn1", seconds: 5, "\(Self.udp) first second +sent=1/100 +received=1/80")
        let set = observed.flowSet(by: .connection)
        #expect(set.count == 1)
        #expect(set.omitted.idle == 1)
        #expect(observed.flowSet(by: .workload).omitted.idle == 1)
        #expect(observed.flowSet(by: .connection, all: true).count == 2)
        var idle = FlowFilter()
        idle.outcomes.wanted = [.idle]
        #expect(observed.flowSet(by: .connection, filter: idle).count == 1)
    }

    @Test("a connection that was picked up in mid-stream is not new, though its entry is")
    func pickedUp() {
        let flow = flow("\(Self.tcp) new pickedup second state=ESTABLISHED +sent=2/104 +received=1/52")
        #expect(flow?.outcome == .carried)
        #expect(flow?.newConnections == 0)
        #expect(flow?.failedConnections == 0)
    }

    @Test("without counters nothing is said of a short window, in which a packet need not move a timeout")
    func shortWindow() {
        #expect(flow("\(Self.tcp) first second state=ESTABLISHED", seconds: 2)?.outcome == .some(nil))
        #expect(outcome("\(Self.tcp) first second state=ESTABLISHED", seconds: 3) == .idle)
        #expect(outcome("\(Self.tcp) first second state=ESTABLISHED +sent=0/0 +received=0/0", seconds: 1) == .idle)
    }
}
