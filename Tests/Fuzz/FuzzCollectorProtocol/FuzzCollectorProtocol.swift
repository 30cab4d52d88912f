import CollectorProtocol

/// libFuzzer's entry: any bytes are read up to an error, and in pieces of any size they give the same; what was read,
/// written and read again is itself.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzCollectorProtocol(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe UnsafeBufferPointer(start: start, count: count)
    let bytes = unsafe Array(input)
    check(bytes)
    // Nobody guesses a checksum: the same bytes again as the payloads of frames that are whole.
    check(framed(bytes))
    return 0
}

private func check(_ bytes: [UInt8]) {
    let whole = Reading(bytes, pieceLength: max(bytes.count, 1))
    let pieces = Reading(bytes, pieceLength: 1 + bytes.count % 61)
    precondition(whole.messages == pieces.messages, "what is read depends on how the stream arrives")
    precondition(whole.error == pieces.error, "what is refused depends on how the stream arrives")
    precondition(
        pieces.mostPending <= StreamFormat.longestPayload + StreamFormat.frameOverhead, "more than a frame is kept")

    let again = Reading(written(whole.messages), pieceLength: 4096)
    precondition(again.error == nil, "what was written cannot be read")
    precondition(again.entries == whole.entries, "an entry reads back as another")
    precondition(again.others == whole.others, "a message reads back as another")
}

/// Frames whose kinds and lengths `bytes` tells, each two bytes before its payload.
private func framed(_ bytes: [UInt8]) -> [UInt8] {
    var frames: [UInt8] = []
    var rest = bytes[...]
    while let kind = rest.popFirst(), let length = rest.popFirst() {
        // Most are of entries, which can hide the most.
        let kinds: [UInt8] = [5, 5, 5, 5, 1, 3, 4, 6, 7, 8, 10, 9]
        let body = [kinds[Int(kind) % kinds.count]] + rest.prefix(kind >= 0x80 ? rest.count : Int(length))
        rest = rest.dropFirst(body.count - 1)
        var checksum = CRC32()
        checksum.update(body.span)
        frames += littleEndian(UInt32(body.count - 1)) + body + littleEndian(checksum.value)
    }
    return frames
}

private func littleEndian(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * UInt32($0))) }
}

/// The messages, written again.
private func written(_ messages: [CollectorMessage]) -> [UInt8] {
    var writer = FrameStreamWriter()
    for message in messages {
        switch message {
        case .hello(let hello): writer.write(hello)
        case .clockRequest: writer.writeClockRequest()
        case .clock(let clock): writer.write(clock)
        case .start(let start): writer.write(start)
        case .entries(let block):
            for (index, entry) in block.entries.enumerated() {
                writer.add(entry, window: block.windows.isEmpty ? nil : block.windows[index])
            }
        case .rules(let piece): writer.write(piece)
        case .notice(let notice): writer.write(notice)
        case .end(let end): writer.finish(end)
        case .acknowledgement: writer.writeAcknowledgement()
        case .failure(let notice): writer.writeFailure(notice)
        }
    }
    writer.finish(End())
    var bytes: [UInt8] = []
    writer.drain { written in
        for index in 0..<written.count { bytes.append(written[index]) }
    }
    return bytes
}

/// All that a reader gives for one stream.
private struct Reading {
    var messages: [CollectorMessage] = []
    var error: FrameError?
    var mostPending = 0

    init(_ bytes: [UInt8], pieceLength: Int) {
        var reader = FrameStreamReader()
        do {
            var position = 0
            while position < bytes.count {
                let end = min(position + pieceLength, bytes.count)
                try reader.read(bytes.span.extracting(position..<end)) { messages.append($0) }
                mostPending = max(mostPending, reader.pendingCount)
                position = end
            }
            try reader.finish()
        } catch {
            self.error = error as? FrameError
        }
    }

    /// How often each entry was read, with its window; blocks are cut anew when they are written, and families change
    /// their order.
    var entries: [EntryBlock: Int] {
        var counts: [EntryBlock: Int] = [:]
        for case .entries(let block) in messages {
            for (index, entry) in block.entries.enumerated() {
                let windows = block.windows.isEmpty ? [] : [block.windows[index]]
                counts[EntryBlock(entries: [entry], windows: windows), default: 0] += 1
            }
        }
        return counts
    }

    /// The messages that are written as they were read: all but entries, END, and texts that are cut.
    var others: [CollectorMessage] {
        messages.filter { message in
            switch message {
            case .entries, .end, .hello, .notice, .failure: false
            default: true
            }
        }
    }
}
