import ConntrackText
import NetModel
import Testing

@Suite("Samples of the tools' output")
struct SampleTests {
    @Test("are read whole, each line as a plain second reading has it", arguments: Samples.genuine)
    func reference(sample: Sample) throws {
        let reading = Reading(sample.bytes)
        #expect(reading.malformed == [])
        let expected = try sample.lines.filter { $0.contains("src=") }.map(ReferenceParser.entry)
        #expect(!expected.isEmpty)
        #expect(reading.entries == expected)
    }

    @Test(
        "of one node's two forms give equal tuples and counters",
        arguments: [
            ("node1.conntrack.txt", "node1.nf_conntrack.txt"), ("node2.conntrack.txt", "node2.nf_conntrack.txt"),
        ]
    )
    func cluster(dump: String, proc: String) throws {
        let dumped = Reading(try #require(Samples.cluster.first { $0.name == dump }).bytes)
        let listed = Reading(try #require(Samples.cluster.first { $0.name == proc }).bytes)
        #expect(dumped.entries.map(\.original) == listed.entries.map(\.original))
        #expect(dumped.entries.map(\.reply) == listed.entries.map(\.reply))
        #expect(dumped.entries.map(\.originalCounters) == listed.entries.map(\.originalCounters))
        #expect(dumped.entries.map(\.replyCounters) == listed.entries.map(\.replyCounters))
        #expect(dumped.entries.map(\.status) == listed.entries.map(\.status))
    }

    @Test("of a cluster hold connections from before and after accounting was switched on")
    func clusterCounts() throws {
        let counts = Reading(try #require(Samples.cluster.first { $0.name == "node1.conntrack.txt" }).bytes).counts
        #expect(counts.lines == 193)
        #expect(counts.entries == 193)
        #expect(counts.withCounters == 109)
        #expect(counts.withAge == 109)
        #expect(counts.malformed == 0)
    }
}
