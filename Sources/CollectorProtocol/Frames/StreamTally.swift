/// What passed since the last HELLO, END or FAILURE: the totals that END tells and its reader checks.
struct StreamTally: Sendable {
    private(set) var frames: UInt64 = 0
    private(set) var entries: UInt64 = 0
    private var checksums = CRC32()

    var checksum: UInt32 { checksums.value }

    /// Takes note of a frame. Those three begin anew; END tells what was before it.
    mutating func note(_ kind: FrameKind, checksum: UInt32, entries count: Int) {
        switch kind {
        case .hello, .end, .failure:
            self = StreamTally()
        case .clockRequest, .clock, .start, .entries, .rules, .notice, .acknowledgement:
            frames &+= 1
            entries &+= UInt64(count)
            checksums.update(littleEndian: checksum)
        }
    }

    /// Takes note of a message; throws where it is an END that tells of other frames than those that came.
    mutating func take(_ message: CollectorMessage, checksum: UInt32) throws(FrameError.Reason) {
        switch message {
        case .hello: note(.hello, checksum: checksum, entries: 0)
        case .clockRequest: note(.clockRequest, checksum: checksum, entries: 0)
        case .clock: note(.clock, checksum: checksum, entries: 0)
        case .start: note(.start, checksum: checksum, entries: 0)
        case .entries(let block): note(.entries, checksum: checksum, entries: block.entries.count)
        case .rules: note(.rules, checksum: checksum, entries: 0)
        case .notice: note(.notice, checksum: checksum, entries: 0)
        case .end(let end):
            try check(end)
            note(.end, checksum: checksum, entries: 0)
        case .acknowledgement: note(.acknowledgement, checksum: checksum, entries: 0)
        case .failure: note(.failure, checksum: checksum, entries: 0)
        }
    }

    /// Throws where `end` tells of other frames than these.
    func check(_ end: End) throws(FrameError.Reason) {
        guard end.frames == frames else { throw .endDoesNotFit(total: "frames", said: end.frames, seen: frames) }
        guard end.entries == entries else { throw .endDoesNotFit(total: "entries", said: end.entries, seen: entries) }
        guard end.checksum == checksum else {
            throw .endDoesNotFit(total: "checksum", said: UInt64(end.checksum), seen: UInt64(checksum))
        }
    }
}
