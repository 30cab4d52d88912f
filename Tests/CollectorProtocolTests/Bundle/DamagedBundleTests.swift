import CollectorProtocol
import NetModel
import TestSupport
import Testing

@Suite("A bundle that is damaged")
struct DamagedBundleTests {
    /// A bundle of more than 100 KB: two sources in turns, in blocks of 150 entries.
    private static func large() -> [UInt8] {
        var random = SplitMix(seed: 3)
        return SampleBundle.bundle { writer in
            let a = writer.begin(BundleSource(number: 0, name: "a.txt", isNode: false, mode: .text))
            let b = writer.begin(BundleSource(number: 0, name: "node-b", isNode: true, mode: .text))
            for turn in 0..<40 {
                let entries = (0..<150).map { _ in FullNode.shortConnection(&random) }
                writer.write(frames: EntryFrames.frames(of: entries).span, of: turn % 3 == 0 ? a : b)
            }
            writer.end(a, BundleSourceEnd(entries: 14 * 150))
            writer.end(b, BundleSourceEnd(entries: 26 * 150))
        }
    }

    @Test("by a cut at every 997th byte gives what is before the cut, and where its last whole frame ends")
    func cuts() throws {
        let bytes = Self.large()
        #expect((100_000..<1_000_000).contains(bytes.count))
        let whole = try BundleReading(bytes)
        #expect(whole.entries == 40 * 150)
        let ends = frameEnds(bytes)
        for cut in stride(from: BundleFormat.magic.count, to: bytes.count, by: 997) {
            let reading = try BundleReading(Array(bytes[..<cut]))
            let frames = ends.lastIndex { $0 <= cut } ?? 0
            #expect(reading.items == Array(whole.items[..<frames]), "cut at \(cut)")
            let reason: BundleError.Reason = cut == ends[frames] ? .endless : .cutOff(cut - ends[frames])
            #expect(reading.failure == BundleError(offset: UInt64(ends[frames]), reason: reason), "cut at \(cut)")
        }
    }

    @Test("by a cut at any byte says so")
    func everyCut() throws {
        let bytes = SampleBundle.bytes()
        let whole = try BundleReading(bytes)
        let ends = frameEnds(bytes)
        for cut in 0..<bytes.count {
            let reading = try BundleReading(Array(bytes[..<cut]))
            guard cut >= BundleFormat.magic.count else {
                let reason: BundleError.Reason = cut == 0 ? .notBundle : .cutOff(cut)
                #expect(reading.failure == BundleError(offset: 0, reason: reason))
                #expect(reading.items == [])
                continue
            }
            let frames = ends.lastIndex { $0 <= cut } ?? 0
            #expect(reading.items == Array(whole.items[..<frames]))
            #expect(reading.failure?.offset == UInt64(ends[frames]))
        }
    }

    @Test("by one changed byte is told, wherever it is, and what is before it is read")
    func everyByte() throws {
        let bytes = SampleBundle.bytes()
        let whole = try BundleReading(bytes)
        let ends = frameEnds(bytes)
        for position in bytes.indices {
            for bits in [0x01, 0x80, 0xFF] as [UInt8] {
                var damaged = bytes
                damaged[position] ^= bits
                let reading = try BundleReading(damaged)
                let failure = try #require(reading.failure, "byte \(position)")
                let frame = position < BundleFormat.magic.count ? 0 : ends.lastIndex { $0 <= position } ?? 0
                #expect(failure.offset == UInt64(position < BundleFormat.magic.count ? 0 : ends[frame]))
                #expect(reading.items == Array(whole.items[..<frame]))
            }
        }
    }

    @Test("by frames that are left out or come twice is told")
    func frames() throws {
        let bytes = SampleBundle.bytes()
        let ends = frameEnds(bytes)
        for (start, end) in zip(ends, ends.dropFirst()) {
            var without = bytes
            without.removeSubrange(start..<end)
            #expect(try BundleReading(without).failure != nil, "without bytes \(start) to \(end)")
            var twice = bytes
            twice.insert(contentsOf: bytes[start..<end], at: end)
            #expect(try BundleReading(twice).failure != nil, "with bytes \(start) to \(end) twice")
        }
    }

    @Test("by a length that cannot be is refused before memory is taken for it", arguments: [1_048_577, UInt32.max])
    func hostileLength(_ length: UInt32) throws {
        let bytes = BundleFormat.magic + littleEndian(length) + [64, 0, 0, 0]
        #expect(
            try BundleReading(bytes).failure == BundleError(offset: 8, reason: .frame(.tooLong(length))))
    }

    @Test("by what follows its end is told, and its content is used")
    func trailing() throws {
        let bytes = SampleBundle.bytes()
        for rest in [[0], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], bytes, frame(71, field(1, 1))] as [[UInt8]] {
            let reading = try BundleReading(bytes + rest)
            #expect(reading.items.count == frameEnds(bytes).count - 1)
            #expect(reading.failure == BundleError(offset: UInt64(bytes.count), reason: .goesOn))
        }
    }

    @Test(
        "that does not begin as one does is none",
        arguments: [[0x89], [0x89, 0x6E, 0], [UInt8](repeating: 1, count: 99)])
    func otherFile(_ bytes: [UInt8]) throws {
        let isBeginning = bytes.elementsEqual(BundleFormat.magic.prefix(bytes.count))
        #expect(try BundleReading(bytes).failure?.reason == (isBeginning ? .cutOff(bytes.count) : .notBundle))
    }

    @Test("of a newer version is refused as a whole")
    func newerVersion() throws {
        let bytes = BundleFormat.magic + frame(64, field(1, 2) + field(99, [1]))
        let failure = try #require(try BundleReading(bytes).failure)
        #expect(failure == BundleError(offset: 8, reason: .newerVersion(2)))
        #expect(failure.isOfWholeFile)
    }

    @Test("by frames out of their place is told")
    func misplaced() throws {
        let head = frame(64, field(1, 1))
        let source = frame(65, field(1, 0) + field(4, 1))
        let text = frame(65, field(1, 0) + field(4, 2))
        let end = frame(69, [])
        let notice = stream { $0.write(Notice(topic: .rules, text: "n")) }
        for (frames, reason) in [
            (source, .misplaced("a frame before BUNDLE")),
            (head + head, .misplaced("BUNDLE")),
            (head + notice, .frame(.undecodable("a frame of a collector before any SOURCE"))),
            (head + source + source, .frame(.undecodable("SOURCE: its number is 0 after 1 sources"))),
            (head + frame(66, field(1, 0)), .frame(.undecodable("TURN: there is no source 0 yet"))),
            (head + text + notice, .frame(.undecodable("a frame of a collector in a source of the mode text"))),
            (head + source + end + notice, .frame(.undecodable("a frame of a collector after the end of its source"))),
            (
                head + source + frame(68, field(1, 1)),
                .frame(.undecodable("RULES TEXT in a source of the mode collector"))
            ),
            (
                head + source + frame(69, field(4, 3)),
                .frame(.endDoesNotFit(total: "entries", said: 3, seen: 0))
            ),
            (head + frame(70, [8]), .frame(.undecodable("INVENTORY: a number breaks off or has more than 64 bits"))),
            (
                head + frame(70, field(1, 1) + field(3, 1)) + frame(70, field(1, 1)),
                .frame(.undecodable("INVENTORY after the end of the inventory"))
            ),
            (head + frame(73, []), .frame(.unknownKind(73))),
            (
                head + frame(65, field(1, 0) + field(4, 9)),
                .frame(.undecodable("SOURCE: field 4 is 9, which is not known"))
            ),
        ] as [([UInt8], BundleError.Reason)] {
            let reading = try BundleReading(BundleFormat.magic + frames)
            #expect(reading.failure?.reason == reason)
        }
    }
}
