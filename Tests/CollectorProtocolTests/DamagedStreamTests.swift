import CollectorProtocol
import NetModel
import Testing

@Suite("A damaged stream")
struct DamagedStreamTests {
    /// Where each frame of `stream` begins, and where the last one ends.
    private func boundaries(_ stream: [UInt8]) -> [Int] {
        var offsets = [0]
        while let start = offsets.last, start < stream.count {
            let length = (0..<4).reduce(0) { $0 | Int(stream[start + $1]) << (8 * $1) }
            offsets.append(start + length + StreamFormat.frameOverhead)
        }
        return offsets
    }

    @Test("that ends anywhere gives its whole frames, and an error unless it ends between two")
    func truncation() {
        let stream = sampleStream()
        let whole = Reading(stream).messages
        let boundaries = boundaries(stream)
        #expect(boundaries.count == whole.count + 1)
        for length in 0...stream.count {
            let reading = Reading(Array(stream[..<length]))
            let complete = boundaries.filter { $0 <= length }
            #expect(reading.messages == Array(whole.prefix(complete.count - 1)))
            #expect(reading.isComplete == (length == stream.count))
            let start = complete.last ?? 0
            let broken = FrameError(
                frame: UInt64(complete.count), offset: UInt64(start), reason: .truncated(received: length - start))
            #expect(reading.error == (length == start ? nil : broken))
        }
    }

    @Test("of which any one bit is wrong is refused at that frame, and what came before it is given")
    func flippedBits() {
        let stream = sampleStream()
        let whole = Reading(stream).messages
        let boundaries = boundaries(stream)
        for bit in 0..<stream.count * 8 {
            var damaged = stream
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            let index = boundaries.lastIndex { $0 <= bit / 8 } ?? 0
            let reading = Reading(damaged)
            #expect(reading.messages == Array(whole.prefix(index)))
            #expect(!reading.isComplete)
            #expect(reading.error?.frame == UInt64(index + 1))
            #expect(reading.error?.offset == UInt64(boundaries[index]))
            switch reading.error?.reason {
            case .wrongChecksum: break
            case .tooLong, .truncated: #expect(bit / 8 - boundaries[index] < 4, "only a length can do that")
            case let other: Issue.record("bit \(bit): \(String(describing: other))")
            }
        }
    }

    @Test("is refused at the same place however it is cut")
    func piecesOfDamage() {
        let stream = sampleStream()
        for position in stride(from: 0, to: stream.count, by: 7) {
            var damaged = stream
            damaged[position] ^= 0x10
            let whole = Reading(damaged)
            let cut = Reading(damaged, pieceLength: 3)
            #expect(cut.messages == whole.messages)
            #expect(cut.error == whole.error)
        }
    }

    @Test("is refused when a frame says that it is too long, before its bytes are kept")
    func tooLong() {
        for length in [UInt32(StreamFormat.longestPayload) + 1, .max] {
            let reading = Reading(littleEndian(length) + [UInt8](repeating: 0, count: 100), pieceLength: 1)
            #expect(reading.error == FrameError(frame: 1, offset: 0, reason: .tooLong(length)))
            #expect(reading.mostPending <= 4)
        }
    }

    @Test("makes the reader hold what arrived of one frame, not what it was told to expect")
    func memory() {
        let announced = littleEndian(UInt32(StreamFormat.longestPayload)) + [5, 1, 2, 3]
        var reader = FrameStreamReader()
        #expect(throws: Never.self) { try reader.read(announced.span) { _ in } }
        #expect(reader.pendingCount == 8)
        let longest = frame(
            6, field(1, 5) + field(2, 1) + field(4, [UInt8](repeating: 7, count: StreamFormat.longestPayload - 8)))
        #expect(longest.count == StreamFormat.longestPayload + StreamFormat.frameOverhead)
        let reading = Reading(longest + longest, pieceLength: 65_536)
        #expect(reading.messages.count == 2)
        #expect(reading.mostPending <= StreamFormat.longestPayload + StreamFormat.frameOverhead)
    }

    @Test("is refused again when it is read on")
    func afterwards() {
        var reader = FrameStreamReader()
        let broken = frame(99, [])
        let error = FrameError(frame: 1, offset: 0, reason: .unknownKind(99))
        #expect(throws: error) { try reader.read(broken.span) { _ in } }
        let fine = sampleStream()
        #expect(throws: error) { try reader.read(fine.span) { _ in Issue.record("a message after an error") } }
        #expect(throws: error) { try reader.finish() }
        #expect(!reader.isComplete)
    }

    @Test("is refused where a frame is of a kind, or HELLO of a version, that only a newer one knows")
    func newerVersion() {
        #expect(Reading(frame(11, [1, 2])).error?.reason == .unknownKind(11))
        #expect(Reading(frame(0, [])).error?.reason == .unknownKind(0))
        // What a newer version writes behind its number need not be readable.
        #expect(Reading(frame(1, field(1, 2) + [0xFF])).error?.reason == .newerVersion(2))
        #expect(
            Reading(frame(1, field(1, 2))).error?.description
                == "frame 1 at byte 0: version 2 of the protocol is newer than 1, the one that is understood")
    }

    @Test("is refused where END tells of other frames than those that arrived")
    func endThatDoesNotFit() {
        let entry = frame(9, [])
        func reason(_ totals: [UInt8]) -> FrameError.Reason? { Reading(entry + frame(8, totals)).error?.reason }
        #expect(reason(field(2, 2)) == .endDoesNotFit(total: "frames", said: 2, seen: 1))
        #expect(reason([]) == .endDoesNotFit(total: "frames", said: 0, seen: 1))
        #expect(reason(field(1, 5) + field(2, 1)) == .endDoesNotFit(total: "entries", said: 5, seen: 0))
        guard case .endDoesNotFit(total: "checksum", said: 7, seen: let checksum)? = reason(field(2, 1) + field(3, 7))
        else {
            Issue.record("a wrong checksum of all frames is not noticed")
            return
        }
        #expect(Reading(entry + frame(8, field(2, 1) + field(3, checksum))).isComplete)
    }

    @Test("is refused where a whole frame was lost, at END")
    func lostFrame() {
        let stream = sampleStream()
        let boundaries = boundaries(stream)
        // Without its second frame.
        let reading = Reading(Array(stream[..<boundaries[1]] + stream[boundaries[2]...]))
        #expect(!reading.isComplete)
        guard case .endDoesNotFit(total: "frames", _, _)? = reading.error?.reason else {
            Issue.record("a lost frame is not noticed: \(String(describing: reading.error))")
            return
        }
    }

    @Test(
        "is refused where a message is not what its kind says",
        arguments: [
            (1, [], "HELLO: it has no version"),
            (1, field(1, 1 << 32), "HELLO: field 1 is 4294967296, which is too large"),
            (1, field(1, 1) + field(2, [0xC3]), "HELLO: field 2 is not UTF-8"),
            (1, field(1, 1) + field(4, field(3, 2)), "HELLO, facts: field 3 is 2, neither 0 nor 1"),
            (4, [], "START: the deadline is missing"),
            (4, field(3, [1]), "START: field 3 is not a number"),
            (6, field(1, 1), "RULES: the moment is missing"),
            (6, field(1, 9), "RULES: field 1 is 9, which is not known"),
            (7, field(2, [65]), "NOTICE: it has no topic"),
            (7, field(1, 5) + field(2, 5), "NOTICE: field 2 is not bytes"),
            (3, [0x0B], "CLOCK: field 1 has the wire type 3"),
            (3, [0x80], "CLOCK: a number breaks off or has more than 64 bits"),
            (3, [8] + [UInt8](repeating: 0xFF, count: 9) + [2], "CLOCK: a number breaks off or has more than 64 bits"),
            (
                9, varint(5 << 3 | 2) + varint(1 << 40) + [1],
                "ACKNOWLEDGEMENT: a field of 1099511627776 bytes where 1 are left"
            ),
        ] as [(UInt8, [UInt8], String)])
    func undecodable(kind: UInt8, payload: [UInt8], what: String) {
        let reading = Reading(frame(9, []) + frame(kind, payload))
        #expect(reading.messages == [.acknowledgement])
        #expect(reading.error == FrameError(frame: 2, offset: 9, reason: .undecodable(what)))
    }
}
