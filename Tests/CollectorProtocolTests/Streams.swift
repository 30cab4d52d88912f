import CollectorProtocol
import NetModel

/// What a reader gives for a stream, and the error that stopped it.
struct Reading: Equatable {
    var messages: [CollectorMessage] = []
    var error: FrameError?
    var isComplete = false
    /// The most bytes that the reader held back at any time.
    var mostPending = 0

    /// Reads `stream` in pieces of `pieceLength`, and says that it ended.
    init(_ stream: [UInt8], pieceLength: Int = .max) {
        var reader = FrameStreamReader()
        do {
            var position = 0
            while position < stream.count {
                let end = position + min(pieceLength, stream.count - position)
                try reader.read(stream.span.extracting(position..<end)) { messages.append($0) }
                mostPending = max(mostPending, reader.pendingCount)
                position = end
            }
            try reader.finish()
        } catch {
            self.error = error as? FrameError
        }
        isComplete = reader.isComplete
    }

    var entries: [ConntrackEntry] { blocks.flatMap(\.entries) }
    var windows: [WindowObservation] { blocks.flatMap(\.windows) }

    var blocks: [EntryBlock] {
        messages.compactMap { message in
            guard case .entries(let block) = message else { return nil }
            return block
        }
    }
}

/// The bytes that `body` writes.
func stream(_ body: (inout FrameStreamWriter) -> Void) -> [UInt8] {
    var writer = FrameStreamWriter()
    body(&writer)
    var bytes: [UInt8] = []
    writer.drain { written in
        for index in 0..<written.count { bytes.append(written[index]) }
    }
    return bytes
}

/// The bytes of a snapshot of `entries`, END included.
func snapshot(_ entries: [ConntrackEntry]) -> [UInt8] {
    stream { writer in
        for entry in entries { writer.add(entry) }
        writer.finish(End())
    }
}

/// A frame of any kind and payload, rightly checksummed.
func frame(_ kind: UInt8, _ payload: [UInt8]) -> [UInt8] {
    let body = [kind] + payload
    var checksum = CRC32()
    checksum.update(body.span)
    return littleEndian(UInt32(payload.count)) + body + littleEndian(checksum.value)
}

func littleEndian(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * UInt32($0))) }
}

/// A number in groups of seven bits.
func varint(_ number: UInt64) -> [UInt8] {
    number < 0x80 ? [UInt8(number)] : [UInt8(number & 0x7F) | 0x80] + varint(number >> 7)
}

/// A field that is a number.
func field(_ number: UInt64, _ value: UInt64) -> [UInt8] {
    varint(number << 3) + varint(value)
}

/// A field that is bytes.
func field(_ number: UInt64, _ bytes: [UInt8]) -> [UInt8] {
    varint(number << 3 | 2) + varint(UInt64(bytes.count)) + bytes
}

/// A short stream with a frame of every kind that a collector sends.
func sampleStream() -> [UInt8] {
    stream { writer in
        var facts = NodeFacts(hostName: "tbn1", kernelRelease: "6.1.0", hasConntrack: true, mayAdministrate: true)
        facts.accounting = false
        facts.bypassSigns = ["interface cilium_host"]
        writer.write(Hello(release: "1.2.3", clock: ClockReading(wall: 1_795, monotonic: 42), facts: facts))
        writer.write(ClockReading(wall: 1_796, monotonic: 43))
        writer.write(Notice(topic: .emptyTable, text: "no entries"))
        var any = AnyEntry(seed: 5)
        for _ in 0..<12 {
            let entry = any.entry()
            writer.add(entry, window: any.window(of: entry))
        }
        writer.write(RulesPiece(program: .nftListRuleset, moment: .begin, text: Array("{}".utf8), isLast: true))
        writer.finish(End())
    }
}
