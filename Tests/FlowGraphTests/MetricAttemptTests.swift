import FlowGraph
import Inventory
import NetModel
import Testing

@Suite("Attempts to connect, and how many failed")
struct MetricAttemptTests {
    private static func tcp(_ port: Int) -> String { "tcp 10.0.0.1:\(port) > 10.0.0.2:80" }
    private static let accepted = "new second state=ESTABLISHED sent=3/200 received=2/900 +sent=3/200 +received=2/900"
    private static let refused = "new destroy unreplied state=CLOSE sent=1/60 received=1/40 +sent=1/60 +received=1/40"
    private static let unanswered = "new second unreplied sent=2/120 received=0/0 +sent=2/120 +received=0/0"
    private static let undecided = "new second unreplied sent=1/60 received=0/0 +sent=1/60 +received=0/0"

    @Test("5 accepted, 2 refused and 1 unanswered are 8 attempts, 3 of which failed")
    func rate() async throws {
        var observed = Observations()
        for port in 1...5 { observed.watched("tbn1", "\(Self.tcp(port)) \(Self.accepted)") }
        for port in 6...7 { observed.watched("tbn1", "\(Self.tcp(port)) \(Self.refused)") }
        observed.watched("tbn1", "\(Self.tcp(8)) \(Self.unanswered)")
        let metrics = try await observed.onlyMetrics()
        #expect(metrics.connections == 8)
        #expect(metrics.attempts == 8)
        #expect(metrics.failedAttempts == 3)
        #expect(metrics.errorRate == 0.375)
    }

    @Test("a connection that was there before the window is none, unless it fails in it")
    func before() async throws {
        var observed = Observations()
        observed.watched(
            "tbn1",
            "\(Self.tcp(1)) first second +sent=3/200 +received=2/900",
            "\(Self.tcp(2)) first destroy state=TIME_WAIT +sent=3/200 +received=2/900",
            "\(Self.tcp(3)) pickedup new second +sent=3/200 +received=2/900",
            "\(Self.tcp(4)) first second unreplied sent=2/120 received=0/0 +sent=0/0 +received=0/0"
        )
        let metrics = try await observed.onlyMetrics()
        #expect(metrics.connections == 4)
        #expect(metrics.attempts == 1)
        #expect(metrics.failedAttempts == 1)
    }

    @Test("without any there is no rate")
    func none() async throws {
        var observed = Observations()
        observed.watched("tbn1", "\(Self.tcp(1)) first second +sent=3/200 +received=2/900")
        let metrics = try await observed.onlyMetrics()
        #expect(metrics.attempts == 0)
        #expect(metrics.failedAttempts == 0)
        #expect(metrics.errorRate == nil)
    }

    @Test("a client port that dials again within the window is one attempt, failed when any of its dials did")
    func sameTuple() async throws {
        for order in [[refusedThenAccepted, acceptedThenRefused], [acceptedThenRefused, refusedThenAccepted]] {
            var observed = Observations()
            for notations in order { observed.watched("tbn1", notations[0], notations[1]) }
            observed.watched("tbn1", "\(Self.tcp(3)) new destroy +sent=5/300 +received=5/900")
            observed.watched("tbn1", "\(Self.tcp(3)) \(Self.accepted)")
            let metrics = try await observed.onlyMetrics()
            #expect(metrics.connections == 6)
            #expect(metrics.attempts == 3)
            #expect(metrics.failedAttempts == 2)
        }
    }

    private var refusedThenAccepted: [String] {
        ["\(Self.tcp(1)) \(Self.refused)", "\(Self.tcp(1)) \(Self.accepted)"]
    }

    private var acceptedThenRefused: [String] {
        ["\(Self.tcp(2)) new destroy +sent=5/300 +received=5/900", "\(Self.tcp(2)) \(Self.refused)"]
    }

    @Test("one that two nodes saw is one, through a Service too")
    func twoNodes() async throws {
        var observed = Observations()
        for number in 0..<3 {
            let dialled =
                "tcp 10.244.1.2:\(5000 + number) > 10.96.61.76:80 | 10.244.2.3:8080 > 10.244.1.2:\(5000 + number)"
            let served = "tcp 10.244.1.2:\(5000 + number) > 10.244.2.3:8080"
            let fate = number == 0 ? Self.refused : Self.accepted
            observed.watched("tbn1", "\(dialled) \(fate)")
            observed.watched("tbn2", "\(served) \(fate)")
        }
        let metrics = try await observed.onlyMetrics(Cluster.shop.inventory)
        #expect(metrics.names == "shop/frontend→shop/backend")
        #expect(metrics.attempts == 3)
        #expect(metrics.failedAttempts == 1)
        #expect(metrics.observers == ["tbn1", "tbn2"])
    }

    @Test("not told where one of the nodes that saw the pair could not see refused ones", arguments: ["tbn1", "tbn2"])
    func blindNode(_ blind: String) async throws {
        var observed = Observations()
        observed.watched("tbn1", "\(Self.tcp(1)) \(Self.refused)", "tcp 10.0.0.1:9 > 10.0.0.3:80 \(Self.accepted)")
        observed.watched("tbn2", "\(Self.tcp(2)) \(Self.accepted)")
        let metrics = await observed.metrics(blind: [blind])
        let both = try #require(metrics["10.0.0.1→10.0.0.2"])
        #expect(both.connections == 2)
        #expect(both.attempts == nil)
        #expect(both.failedAttempts == nil)
        #expect(both.errorRate == nil)
        #expect(metrics["10.0.0.1→10.0.0.3"]?.attempts == (blind == "tbn1" ? nil : 1))
    }

    @Test("with none known to have failed but one that is not decided, no rate is told; with a failure it is")
    func undecided() async throws {
        var observed = Observations()
        observed.watched("tbn1", "\(Self.tcp(1)) \(Self.accepted)", "\(Self.tcp(2)) \(Self.undecided)")
        let open = try await observed.onlyMetrics()
        #expect(open.attempts == 2)
        #expect(open.failedAttempts == nil)
        #expect(open.errorRate == nil)
        observed.watched("tbn1", "\(Self.tcp(3)) \(Self.refused)", "\(Self.tcp(4)) \(Self.accepted)")
        #expect(try await observed.onlyMetrics().errorRate == 0.25)
    }

    @Test("conntrack's events tell them too, a dump alone does not")
    func text() async throws {
        var observed = Observations()
        observed.seen("tbn1", "\(Self.tcp(1)) event=new unreplied state=SYN_SENT at=1")
        observed.seen("tbn1", "\(Self.tcp(1)) event=destroy unreplied state=CLOSE at=2")
        observed.seen("tbn1", "\(Self.tcp(2)) event=new unreplied state=SYN_SENT at=1")
        observed.seen("tbn1", "\(Self.tcp(2)) event=update state=ESTABLISHED at=1")
        observed.seen("tbn1", "\(Self.tcp(3)) state=ESTABLISHED")
        #expect(try await observed.onlyMetrics().connections == 3)
        #expect(try await observed.onlyMetrics().errorRate == 0.5)
        #expect(try await observed.onlyMetrics(blind: ["tbn1"]).errorRate == nil)
    }

    @Test("a filter chooses the connections that are counted")
    func filtered() async throws {
        var observed = Observations()
        observed.watched("tbn1", "\(Self.tcp(1)) \(Self.accepted)", "\(Self.tcp(2)) \(Self.refused)")
        var filter = FlowFilter()
        filter.outcomes.wanted = [.refused]
        let metrics = await observed.metrics(filter: filter)
        #expect(metrics.values.map(\.connections) == [1])
        #expect(metrics.values.map(\.errorRate) == [1])
    }
}
