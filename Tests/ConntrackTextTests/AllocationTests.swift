import ConntrackText
import NetModel
import TestSupport
import Testing

@Suite("Memory")
struct AllocationTests {
    @Test("is not allocated for a line, in whatever pieces it comes", arguments: [100, 1000, 1 << 20])
    func perLine(pieceSize: Int) {
        // Only entries: of a line that is none the reading throws inside, and the testing library notes each throw.
        let lines = Samples.genuine.map(\.lines).joined().filter { $0.contains("src=") }
        let text = Array(lines.map { "\($0)\n" }.joined().utf8)
        var reader = ConntrackTextReader()
        var checksum: UInt64 = 0
        var refused = 0
        // The first round makes the tables of words and the buffer for lines that come in two pieces.
        read(text, pieceSize, &reader, &checksum, &refused)
        let count = allocations {
            for _ in 0..<3 { read(text, pieceSize, &reader, &checksum, &refused) }
        }
        #expect(count == 0)
        #expect(reader.counts.entries > 1000)
        #expect(checksum > 0)
        #expect(refused == 0)
    }

    @Test("that is allocated and freed again is counted", arguments: [1, 10, 100])
    func control(times: Int) {
        var sum = 0
        let count = allocations {
            for time in 0..<times { sum += [Int](repeating: time, count: 100).reduce(0, +) }
        }
        #expect(count >= times)
        #expect(sum == 100 * times * (times - 1) / 2)
    }

    private func read(
        _ text: [UInt8],
        _ pieceSize: Int,
        _ reader: inout ConntrackTextReader,
        _ checksum: inout UInt64,
        _ refused: inout Int
    ) {
        var start = 0
        while start < text.count {
            let end = min(start + pieceSize, text.count)
            reader.read(
                text.span.extracting(start..<end),
                entry: { checksum &+= UInt64($0.original.destinationPort) },
                malformed: { _ in refused += 1 }
            )
            start = end
        }
    }
}
