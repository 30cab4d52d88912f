import CollectorProtocol
import NetModel
import TestSupport
import Testing

@Suite("A bundle")
struct BundleTests {
    @Test("reads as it was written, in whatever pieces it comes")
    func roundTrip() throws {
        let bytes = SampleBundle.bytes()
        let whole = try BundleReading(bytes)
        #expect(whole.failure == nil)
        #expect(whole.hasEnded)
        #expect(whole.entries == 4 + 1 + 3)
        for arriving in [1, 2, 7, 100, 1000] {
            #expect(try BundleReading(bytes, arriving: arriving) == whole, "\(arriving) bytes at a time")
            #expect(try BundleReading(bytes, pieceSize: arriving) == whole, "pieces of \(arriving) bytes")
        }
    }

    @Test("of version 1 reads as it did when version 1 was new")
    func versionOne() throws {
        let bytes = try readFile(Repository.path("Tests/Fixtures/bundles/version-1.bundle"))
        let text = BundleText(try BundleReading(bytes)).text
        expectGolden(text, at: "Tests/Fixtures/bundles/version-1.txt")
    }

    @Test("keeps the entries of a text in their order, whatever families they are of")
    func order() throws {
        var any = AnyEntry(seed: 11)
        // More than a block holds, and more kinds than a block may have.
        let entries = (0..<9000).map { _ in any.entry() }
        let frames = EntryFrames.frames(of: entries)
        let bytes = SampleBundle.bundle { writer in
            let source = writer.begin(BundleSource(number: 0, name: "a.txt", isNode: false, mode: .text))
            writer.write(frames: frames.span, of: source)
            writer.end(source, BundleSourceEnd(entries: 9000))
        }
        let reading = try BundleReading(bytes)
        #expect(reading.failure == nil)
        let read = reading.messages.flatMap { message -> [ConntrackEntry] in
            guard case .stream(.entries(let block)) = message else { return [] }
            return block.entries
        }
        #expect(read == entries)
    }

    @Test("says whose the frames are only where that changes")
    func turns() throws {
        let notice = stream { $0.write(Notice(topic: .rules, text: "n")) }
        let bytes = SampleBundle.bundle { writer in
            let a = writer.begin(BundleSource(number: 0, name: "a", isNode: true, mode: .collector))
            let b = writer.begin(BundleSource(number: 0, name: "b", isNode: true, mode: .collector))
            for source in [b, b, a, a, b] { writer.write(frames: notice.span, of: source) }
        }
        let reading = try BundleReading(bytes)
        let turns = reading.messages.compactMap { message -> Int? in
            if case .turn(let number) = message { number } else { nil }
        }
        #expect(turns == [0, 1])
        let owners = reading.items.compactMap { item -> Int? in
            if case .stream = item.message { item.source } else { nil }
        }
        #expect(owners == [1, 1, 0, 0, 1])
    }

    @Test("cuts long texts of rules and of the inventory in pieces, of which the last alone is the last")
    func longTexts() throws {
        let long = [UInt8](repeating: 0x20, count: 600_000)
        let bytes = SampleBundle.bundle { writer in
            let source = writer.begin(BundleSource(number: 0, name: "r", isNode: false, mode: .rules))
            writer.write(BundleRulesText(form: .nftJSON, text: long, isLast: true), of: source)
            writer.write(BundleInventoryPiece(text: long, isLast: true, isEnd: true))
            writer.write(BundleRulesText(form: .nftJSON, text: [], isLast: true), of: source)
        }
        let reading = try BundleReading(bytes)
        #expect(reading.failure == nil)
        let rules = reading.messages.compactMap { message -> (Int, Bool)? in
            if case .rulesText(let rules) = message { (rules.text.count, rules.isLast) } else { nil }
        }
        #expect(rules.map(\.0) == [262_144, 262_144, 75_712, 0])
        #expect(rules.map(\.1) == [false, false, true, true])
        let pieces = reading.messages.compactMap { message -> BundleInventoryPiece? in
            if case .inventory(let piece) = message { piece } else { nil }
        }
        #expect(pieces.map(\.text.count) == [262_144, 262_144, 75_712])
        #expect(pieces.map(\.isLast) == [false, false, true])
        #expect(pieces.map(\.isEnd) == [false, false, true])
    }

    @Test("cuts a warning that is longer than any line is")
    func longWarning() throws {
        let line = String(repeating: "é", count: 40_000)
        let bytes = SampleBundle.bundle { $0.write(BundleWarning(.tables, line)) }
        let warning = try BundleReading(bytes).messages.compactMap { message -> BundleWarning? in
            if case .warning(let warning) = message { warning } else { nil }
        }.first
        #expect(warning == BundleWarning(.tables, String(repeating: "é", count: 32_768)))
    }
}
