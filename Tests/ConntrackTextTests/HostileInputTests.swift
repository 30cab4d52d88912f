import ConntrackText
import NetModel
import TestSupport
import Testing

@Suite("Any bytes")
struct HostileInputTests {
    @Test("are read to their end: every line is an entry, refused, or a remark", arguments: Samples.all)
    func samples(sample: Sample) {
        expectSound(Reading(sample.bytes), sample.bytes)
    }

    @Test("made by changing genuine lines are read to their end", arguments: Samples.all)
    func mutations(sample: Sample) {
        var random = SplitMix(seed: 2026)
        for _ in 0..<60 {
            var bytes = sample.bytes
            guard !bytes.isEmpty else { return }
            for _ in 0..<bytes.count / 40 { mutate(&bytes, &random) }
            expectSound(Reading(bytes, pieceSize: Int.random(in: 1...5000, using: &random)), bytes)
        }
    }

    @Test("that end a genuine line anywhere are read to their end")
    func truncations() throws {
        let line = try #require(
            Samples.corpus.first { $0.name == "events-timestamp-id-extended-ktimestamp.txt" }?.lines.last {
                $0.contains("[stop=")
            })
        let bytes = Array(line.utf8)
        for length in 0...bytes.count { expectSound(Reading(Array(bytes[..<length])), Array(bytes[..<length])) }
    }

    @Test("in random order are read to their end")
    func noise() {
        var random = SplitMix(seed: 7)
        let alphabet = Array("src=dport 0123456789.:[]\n\t=-xid\0\u{FF}ipv46 tcp 6 ".utf8)
        for _ in 0..<200 {
            let bytes = (0..<2000).map { _ in alphabet[Int.random(in: alphabet.indices, using: &random)] }
            expectSound(Reading(bytes), bytes)
        }
    }

    private func expectSound(_ reading: Reading, _ bytes: [UInt8]) {
        let newlines = bytes.count { $0 == UInt8(ascii: "\n") }
        let lines = newlines + (bytes.isEmpty || bytes.last == UInt8(ascii: "\n") ? 0 : 1)
        #expect(reading.counts.lines == lines)
        #expect(reading.counts.entries == reading.entries.count)
        #expect(reading.counts.malformed == reading.malformed.count)
        #expect(reading.counts.skipped >= 0)
        for malformed in reading.malformed {
            #expect(malformed.description.utf8.allSatisfy { (0x20...0x7E).contains($0) })
            #expect(malformed.description.utf8.count < 500)
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
        guard !bytes.isEmpty else { return }
        let index = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(bytes[Int.random(in: bytes.indices, using: &random)], at: index)
        case 3: bytes[index] = UInt8(ascii: "9")
        default: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        }
    }
}
