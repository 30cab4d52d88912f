import FlowGraph
import NetModel
import Rendering
import TestSupport
import Testing

@Suite("The coverage in words")
struct CoverageTests {
    private func source(
        _ name: String,
        isNode: Bool = true,
        entries: Int = 10,
        counted: Int = 10,
        malformed: Int = 0,
        events: Bool = false,
        dump: Bool = true
    ) -> Coverage.Source {
        var source = Coverage.Source(name: name, isNode: isNode)
        source.entries = entries
        source.countableEntries = entries
        source.countedEntries = counted
        source.malformedLines = malformed
        source.hasEvents = events
        source.hasDump = dump
        return source
    }

    private func summary(_ sources: Coverage.Source..., nodes: [String] = []) -> String {
        CoverageText.summary(Coverage(sources: sources, inventoryNodes: nodes))
    }

    private let totals = "no window: totals over each connection's life"
    private let blind = "refused connections not observable without events"

    @Test("says how many of the cluster's nodes were observed")
    func nodes() {
        #expect(summary(source("a"), source("b"), nodes: ["a", "b"]) == "2 of 2 nodes, \(totals); \(blind)")
        #expect(
            summary(source("a"), nodes: ["a", "b", "c"])
                == "1 of 3 nodes, \(totals); b, c: nothing was given for it; \(blind)"
        )
        #expect(summary(source("a"), nodes: ["a"]) == "1 of 1 node, \(totals); \(blind)")
    }

    @Test("counts a node that the inventory does not have, and a file as a source where there are no nodes")
    func sources() {
        #expect(summary(source("x"), nodes: ["a"]).hasPrefix("1 of 2 nodes, "))
        #expect(summary(source("n1.txt", isNode: false)).hasPrefix("1 of 1 source, "))
        #expect(summary(source("n1.txt", isNode: false), source("n2.txt", isNode: false)).hasPrefix("2 of 2 sources, "))
    }

    @Test("tells dumps from events")
    func forms() {
        #expect(summary(source("a", events: true, dump: false)) == "1 of 1 node, events only")
        #expect(summary(source("a", events: true)) == "1 of 1 node, dumps and events")
    }

    @Test("says where bytes were not counted, or not for all")
    func counters() {
        #expect(
            summary(source("a", counted: 0), source("b"))
                == "2 of 2 nodes, \(totals); a: bytes not counted (nf_conntrack_acct=0); \(blind)"
        )
        #expect(
            summary(source("a", counted: 4), source("b", counted: 6), source("c", counted: 0))
                == """
                3 of 3 nodes, \(totals); c: bytes not counted (nf_conntrack_acct=0); \
                a, b: bytes counted for 10 of 20 entries; \(blind)
                """
        )
    }

    @Test("names five nodes and counts the rest")
    func manyNodes() {
        let nodes = (1...8).map { "n\($0)" }
        #expect(
            summary(source("n1"), nodes: nodes).contains("; n2, n3, n4, n5, n6 and 2 more: nothing was given for it;"))
    }

    @Test("counts malformed lines")
    func malformed() {
        #expect(summary(source("a", malformed: 1)).contains("; 1 malformed line left out;"))
        #expect(summary(source("a", malformed: 1), source("b", malformed: 2)).contains("; 3 malformed lines left out;"))
    }

    @Test("of nothing observed does not speak of refused connections")
    func nothing() {
        #expect(
            summary(source("a", entries: 0, counted: 0))
                == "0 of 1 node, \(totals); a: no entry in what was given for it"
        )
    }

    @Test("never holds what a terminal would act on")
    func hostileNames() {
        #expect(summary(source("a\u{1B}[2J", isNode: false, counted: 0)).contains("; a^[[2J: bytes not counted"))
    }

    @Test(
        "says what is not listed, in one line",
        arguments: [
            (0, 0, 3, 3, nil), (0, 0, 2, 3, "not listed: 1 flow beyond --top 2"),
            (0, 0, 1, 3, "not listed: 2 flows beyond --top 1"),
            (1, 0, 3, 3, "not listed: 1 kubelet probe (--all lists them)"),
            (0, 2, 3, 3, "not listed: 2 connections that carry others (--all lists them)"),
            (
                5, 1, 2, 4,
                "not listed: 2 flows beyond --top 2; 5 kubelet probes and 1 connection that carry others (--all lists them)"
            ),
        ] as [(Int, Int, Int, Int, String?)]
    )
    func omitted(probes: Int, carriers: Int, listed: Int, total: Int, _ expected: String?) {
        var omitted = OmittedFlows()
        omitted.probes = probes
        omitted.carriers = carriers
        #expect(CoverageText.omitted(Listing(of: .flows, listed: listed, total: total, omitted: omitted)) == expected)
    }

    @Test("of pairs, says what they do not count and which are not listed")
    func omittedOfPairs() {
        var omitted = OmittedFlows()
        omitted.probes = 5
        let listing = Listing(of: .pairs, listed: 2, total: 3, omitted: omitted)
        #expect(
            CoverageText.omitted(listing)
                == "not listed: 1 pair beyond --top 2; not counted: 5 kubelet probes (--all counts them)")
    }

    @Test("in a document: accounting is on, partial or off, and absent where nothing could be counted")
    func document() async throws {
        var uncountable = source("d", entries: 1, counted: 0, events: true, dump: false)
        uncountable.countableEntries = 0
        let coverage = Coverage(
            sources: [source("a"), source("b", counted: 1), source("c.txt", isNode: false, counted: 0), uncountable],
            inventoryNodes: ["a", "b", "d", "e"]
        )
        let document = try await JSONValue(parsing: Observed().printed(.ndjson, coverage: coverage))
        let nodes = try #require(document["nodes"]?.array)
        #expect(nodes.map { $0["accounting"]?.string } == ["on", "partial", "off", nil])
        #expect(nodes.map { $0["node"]?.string } == ["a", "b", nil, "d"])
        #expect(nodes.map { $0["file"]?.string } == [nil, nil, "c.txt", nil])
        #expect(nodes.allSatisfy { $0["mode"] == "text" && $0["malformed_lines"] == 0 })
        #expect(document["nodes_total"] == 4)
        #expect(document["nodes_covered"] == 3)
        #expect(document["nodes_skipped"] == [["node": "e", "reason": "nothing was given for it"]])
        #expect(document["refused_connections_observable"] == true)
    }
}
