import FlowGraph
import Inventory
import NetModel
import Testing

@Suite("What a component said of packets it dropped decides the verdict")
struct EvidenceTests {
    private static let dropped = DropReason(
        act: .dropped, reason: "filter INPUT on tbn2", policy: "NetworkPolicy a/b")
    private static let rejected = DropReason(act: .rejected, reason: "filter FORWARD on tbn2")

    private func flows(
        _ observed: Observations,
        by grouping: Grouping = .connection,
        _ evidence: (DropReason, [Int])...
    ) -> [Flow] {
        var resolved = ResolvedConnections(observed.table, inventory: .empty)
        for (evidence, positions) in evidence { resolved.note(evidence, of: positions) }
        let set = FlowSet(resolved, by: grouping, filter: FlowFilter(), includesAll: true)
        return set.positions(by: .standard).map { set[$0] }
    }

    @Test("DROP makes it unanswered and REJECT refused, however short it was watched")
    func verdicts() throws {
        var observed = Observations()
        observed.watched(
            "tbn1", seconds: 2,
            "tcp 10.0.0.1:5000 > 10.0.0.2:80 unreplied state=SYN_SENT new second",
            "tcp 10.0.0.1:5001 > 10.0.0.2:80 unreplied state=SYN_SENT new second",
            "tcp 10.0.0.1:5002 > 10.0.0.2:80 unreplied state=SYN_SENT new second"
        )
        let flows = flows(observed, (Self.dropped, [0]), (Self.rejected, [1]))
        try #require(flows.count == 3)
        #expect(flows.map(\.verdict) == [.drop, .reject, .unknown])
        #expect(flows.map(\.outcome) == [.unanswered, .refused, nil])
        #expect(flows.map(\.failedConnections) == [1, 1, nil])
        #expect(flows.map(\.evidence) == [Self.dropped, Self.rejected, nil])
    }

    @Test("an answer that came all the same is an answer")
    func answered() {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:80 state=ESTABLISHED")
        #expect(flows(observed, (Self.dropped, [0])).first?.verdict == .accept)
    }

    @Test("a sum tells what all its dropped connections share, and nothing where they differ")
    func sums() {
        var observed = Observations()
        for port in 5000..<5003 {
            observed.seen("tbn1", "tcp 10.0.0.1:\(port) > 10.0.0.2:80 unreplied state=SYN_SENT age=1")
        }
        observed.seen("tbn1", "tcp 10.0.0.1:6000 > 10.0.0.2:80 state=ESTABLISHED")
        let shared = flows(observed, by: .workload, (Self.dropped, [0, 2]))
        #expect(shared.count == 1)
        #expect(shared.first?.evidence == Self.dropped)
        #expect(shared.first?.failedConnections == 2)
        #expect(shared.first?.verdict == .some(nil))
        let different = flows(observed, by: .workload, (Self.dropped, [0]), (Self.rejected, [2]))
        #expect(different.first?.evidence == .some(nil))
    }

    @Test("failed attempts are those that nobody answered or that were reset, with every address of theirs")
    func attempts() throws {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:80 state=ESTABLISHED")
        observed.seen(
            "tbn1",
            "tcp 10.0.0.1:5001 > 10.96.0.9:80 | 10.0.0.2:8080 > 10.99.0.1:61000 unreplied state=SYN_SENT"
        )
        observed.seen("tbn1", "tcp 10.0.0.1:5002 > 10.0.0.2:80 unreplied state=CLOSE")
        observed.seen("tbn1", "udp 10.0.0.1:5353 > 224.0.0.251:5353 unreplied age=99")
        let attempts = ResolvedConnections(observed.table, inventory: .empty).failedAttempts()
        try #require(attempts.count == 2)
        let silent = attempts[0]
        #expect(silent.transport == .tcp)
        #expect("\(silent.client.address) \(silent.client.port)" == "10.0.0.1 5001")
        #expect("\(silent.dialled.address) \(silent.dialled.port)" == "10.96.0.9 80")
        #expect("\(silent.seenClient.address) \(silent.seenClient.port)" == "10.99.0.1 61000")
        #expect("\(silent.server.address) \(silent.server.port)" == "10.0.0.2 8080")
        #expect(silent.observers == ["tbn1"])
        #expect(silent.serverNode == nil)
        #expect(!silent.isServerOnNodeNetwork)
        #expect(silent.wasActive == nil)
        #expect(!silent.wasReset)
        #expect(attempts[1].wasReset)
    }

    @Test("an attempt from before the window that sent nothing within it was not active")
    func activity() {
        var observed = Observations()
        observed.watched(
            "tbn1",
            "tcp 10.0.0.1:5000 > 10.0.0.2:80 unreplied state=SYN_SENT first second +sent=0/0 +received=0/0",
            "tcp 10.0.0.1:5001 > 10.0.0.2:80 unreplied state=SYN_SENT first second +sent=1/60 +received=0/0",
            "tcp 10.0.0.1:5002 > 10.0.0.2:80 unreplied state=SYN_SENT new second"
        )
        let attempts = ResolvedConnections(observed.table, inventory: .empty).failedAttempts()
        #expect(attempts.map(\.wasActive) == [false, true, true])
    }
}
