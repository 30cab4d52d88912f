import FlowGraph
import NetModel
import Testing

@Suite("A node may be covered for connections and not for drops, and the other way round")
struct CoverageSubjectTests {
    private func connections(_ name: String, isNode: Bool = true) -> Coverage.Source {
        var source = Coverage.Source(name: name, isNode: isNode)
        source.entries = 7
        source.hasDump = true
        return source
    }

    private func rules(_ name: String, isNode: Bool = true, failures: [String] = []) -> Coverage.Source {
        var source = Coverage.Source(name: name, isNode: isNode)
        var rules = RulesCoverage()
        rules.filters = failures.isEmpty ? ["nft"] : []
        rules.failures = failures
        source.rules = rules
        return source
    }

    private func skipped(_ coverage: Coverage) -> [String] {
        coverage.skipped.map { "\($0.node): \($0.reason)" }
    }

    @Test("what was given of it about something else does not cover it")
    func otherSubject() {
        let sources = [connections("a"), rules("b")]
        let ofConnections = Coverage(sources: sources, inventoryNodes: [])
        #expect(skipped(ofConnections) == ["b: no entry in what was given for it"])
        #expect(ofConnections.nodesCovered == 1)
        #expect(ofConnections.nodesTotal == 2)
        let ofDrops = Coverage(sources: sources, inventoryNodes: [], subject: .drops)
        #expect(skipped(ofDrops) == ["a: no packet filter's rules were read"])
        #expect(ofDrops.nodesCovered == 1)
        #expect(ofDrops.nodesTotal == 2)
    }

    @Test("a file of no node counts only for what it is about, unless nothing else was given")
    func files() {
        let sources = [connections("a.txt", isNode: false), rules("b.txt", isNode: false)]
        #expect(Coverage(sources: sources, inventoryNodes: []).nodesTotal == 1)
        #expect(Coverage(sources: sources, inventoryNodes: [], subject: .drops).nodesTotal == 1)
        let alone = Coverage(sources: [rules("b.txt", isNode: false)], inventoryNodes: [])
        #expect(skipped(alone) == ["b.txt: no entry in what was given for it"])
        #expect(!alone.isAnythingObserved)
    }

    @Test("why a node failed stays the reason when only its rules were read")
    func failed() {
        let coverage = Coverage(
            sources: [rules("a")],
            failed: [Coverage.Skipped(node: "a", reason: "CAP_NET_ADMIN is missing")],
            inventoryNodes: ["a"]
        )
        #expect(skipped(coverage) == ["a: CAP_NET_ADMIN is missing"])
        #expect(coverage.nodesTotal == 1)
    }

    @Test("rules that could not be read are why a node is not covered for drops")
    func unreadable() {
        let coverage = Coverage(sources: [rules("a", failures: ["nft: gone"])], inventoryNodes: [], subject: .drops)
        #expect(skipped(coverage) == ["a: nft: gone"])
        #expect(!coverage.isAnythingObserved)
    }
}
