import FlowGraph
import Inventory
import NetModel
import Testing

@Suite("Filters choose connections by their ends and by what became of them")
struct FilterTests {
    private typealias Criterion = FlowFilter.EndCriterion

    private var observed: Observations {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.96.61.76:80 | 10.244.2.3:8080 > 10.244.1.2:5000")
        observed.seen("tbn2", "tcp 10.244.9.9:5001 > 10.244.2.3:8080 unreplied age=9")
        observed.seen("tbn1", "udp 10.244.1.2:5002 > 203.0.113.9:53")
        observed.seen("tbn2", "tcp 10.244.2.3:5003 > 10.244.1.2:9000")
        return observed
    }

    /// The clients' ports of what passes.
    private func passing(_ change: (inout FlowFilter) -> Void) -> [UInt16] {
        var filter = FlowFilter()
        change(&filter)
        return observed.flows(in: Cluster.shop.inventory, filter: filter).compactMap(\.sourcePort).sorted()
    }

    private func passing(
        _ side: FlowFilter.Side,
        _ wanted: Criterion...,
        excluding excluded: [Criterion] = []
    ) -> [UInt16] {
        passing { $0.ends.append(FlowFilter.EndClause(side: side, wanted: wanted, excluded: excluded)) }
    }

    @Test("without criteria everything passes")
    func everything() {
        #expect(passing { _ in } == [5000, 5001, 5002, 5003])
    }

    @Test("a pod by a prefix, with or without its namespace, or by a glob")
    func pods() {
        #expect(passing(.from, .pod(NamePattern("front", style: .prefix))) == [5000, 5002])
        #expect(passing(.from, .pod(NamePattern("shop/front", style: .prefix))) == [5000, 5002])
        #expect(passing(.from, .pod(NamePattern("other/front", style: .prefix))) == [])
        #expect(passing(.to, .pod(NamePattern("*end-abc-?", style: .prefix))) == [5000, 5001, 5003])
        #expect(passing(.either, .pod(NamePattern("shop/", style: .prefix))) == [5000, 5001, 5002, 5003])
    }

    @Test("of the client, of the server, or of either")
    func sides() {
        let backend = Criterion.workload(NamePattern("shop/backend", style: .prefix))
        #expect(passing(.from, backend) == [5003])
        #expect(passing(.to, backend) == [5000, 5001])
        #expect(passing(.either, backend) == [5000, 5001, 5003])
    }

    @Test("repeated criteria are alternatives, clauses must all hold, excluded ones never")
    func combination() {
        let frontend = Criterion.workload(NamePattern("frontend", style: .prefix))
        let backend = Criterion.workload(NamePattern("backend", style: .prefix))
        #expect(passing(.from, frontend, backend) == [5000, 5002, 5003])
        #expect(passing(.either, excluding: [frontend]) == [5001])
        #expect(
            passing {
                $0.ends.append(.init(side: .from, wanted: [frontend], excluded: []))
                $0.ends.append(.init(side: .to, wanted: [backend], excluded: []))
            } == [5000]
        )
    }

    @Test("a service dialled, or one that the end stands behind, whatever was dialled")
    func services() {
        let service = Criterion.service(NamePattern("shop/backend", style: .exact))
        #expect(passing(.to, service) == [5000, 5001])
        #expect(passing(.from, service) == [5003])
        #expect(passing(.to, .service(NamePattern("back*", style: .exact))) == [5000, 5001])
        #expect(passing(.to, .service(NamePattern("back", style: .exact))) == [])
    }

    @Test("labels by a selector")
    func labels() throws {
        #expect(passing(.from, .label(try LabelSelector("app=frontend"))) == [5000, 5002])
        #expect(passing(.to, .label(try LabelSelector("app notin (frontend)"))) == [5000, 5001])
    }

    @Test("addresses by network, the dialled and the translated ones too")
    func addresses() throws {
        #expect(passing(.to, .address(try #require(IPPrefix("203.0.113.0/24")))) == [5002])
        #expect(passing(.to, .address(try #require(IPPrefix("10.96.61.76")))) == [5000])
        #expect(passing(.from, .address(try #require(IPPrefix("10.244.0.0/16")))) == [5000, 5001, 5002, 5003])
    }

    @Test("ports of the client, of the server, and the one dialled")
    func ports() {
        #expect(passing(.to, .port(80)) == [5000])
        #expect(passing(.to, .port(8080)) == [5000, 5001])
        #expect(passing(.from, .port(5002)) == [5002])
        #expect(passing(.either, .port(5003), .port(53)) == [5002, 5003])
    }

    @Test("protocol, verdict, outcome")
    func results() {
        #expect(passing { $0.protocols.wanted = [.udp] } == [5002])
        #expect(passing { $0.protocols.excluded = [.udp] } == [5000, 5001, 5003])
        #expect(passing { $0.verdicts.wanted = [.noReply] } == [5001])
        #expect(passing { $0.verdicts.excluded = [.accept] } == [5001])
        #expect(passing { $0.outcomes.wanted = [.unanswered] } == [5001])
    }

    @Test("the node of either end, or one that saw it")
    func nodes() {
        #expect(passing { $0.nodes.wanted = [NamePattern("tbn1", style: .exact)] } == [5000, 5002, 5003])
        #expect(passing { $0.nodes.excluded = [NamePattern("tbn1", style: .exact)] } == [5001])
        #expect(passing { $0.nodes.wanted = [NamePattern("tbn*", style: .exact)] } == [5000, 5001, 5002, 5003])
    }
}

@Suite("A name pattern")
struct NamePatternTests {
    @Test(
        "a glob's stars and question marks",
        arguments: [
            ("a*", "abc", true), ("*", "", true), ("*c", "abc", true), ("a?c", "abc", true), ("a?c", "ac", false),
            ("a*b*c", "axxbyyc", true), ("a*b*c", "axxbyy", false), ("**a", "ba", true), ("", "", true),
            ("?", "", false),
        ]
    )
    func globs(_ pattern: String, _ name: String, _ expected: Bool) {
        #expect(NamePattern(pattern, style: .exact).matches(name) == expected)
    }

    @Test("many stars take no more than the product of the lengths")
    func manyStars() {
        let pattern = String(repeating: "*a", count: 100) + "b"
        #expect(!NamePattern(pattern, style: .exact).matches(String(repeating: "a", count: 20000)))
    }
}
