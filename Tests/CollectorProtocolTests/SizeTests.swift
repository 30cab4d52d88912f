import CollectorProtocol
import NetModel
import TestSupport
import Testing

@Suite("A stream of entries")
struct SizeTests {
    @Test("takes at most 24 bytes an entry for connections that only exist")
    func fullNode() {
        let count = 100_000
        let bytes = snapshot((0..<count).map { FullNode.entry($0) }).count
        #expect(Double(bytes) / Double(count) <= 24)
        // It is 14; a mistake in the columns would show here first.
        #expect(Double(bytes) / Double(count) <= 16)
    }

    @Test("takes at most 40 bytes an entry for short HTTP connections with all counters")
    func shortConnections() {
        var random = SplitMix(seed: 11)
        let count = 50_000
        let bytes = snapshot((0..<count).map { _ in FullNode.shortConnection(&random) }).count
        #expect(Double(bytes) / Double(count) <= 40)
        #expect(Double(bytes) / Double(count) <= 32)
    }

    @Test("hands out what was written once, and keeps the memory")
    func drain() {
        var writer = FrameStreamWriter()
        writer.writeAcknowledgement()
        #expect(writer.pendingCount == 9)
        var lengths: [Int] = []
        writer.drain { lengths.append($0.count) }
        writer.drain { lengths.append($0.count) }
        #expect(lengths == [9, 0])
        #expect(writer.pendingCount == 0)
    }

    @Test("is written without an allocation for an entry")
    func allocationsPerEntry() {
        var any = AnyEntry(seed: 8)
        any.manyKinds = false
        let entries = (0..<10_000).map { index in index % 2 == 0 ? FullNode.entry(index) : any.entry() }
        var writer = FrameStreamWriter()
        func write() {
            let span = entries.span
            for index in 0..<span.count { writer.add(span[index]) }
            writer.finish(End())
            writer.drain { _ in }
        }
        // The first time makes room.
        write()
        let count = allocations { write() }
        #expect(count < 10)
    }
}
