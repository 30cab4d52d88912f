/// Writes a bundle into memory that the caller drains, frame by frame, in the order of the calls.
package struct BundleWriter: ~Copyable, Sendable {
    private var bytes: [UInt8] = BundleFormat.magic
    private var tally = BundleTally()
    /// The source that frames belong to now.
    private var current: Int?
    /// The next source's number.
    private var sources = 0

    package init(_ head: BundleHead) {
        append(.bundle, head.append)
    }

    /// Hands out what was written since the last time, and forgets it, even when `body` throws; keeps the memory.
    package mutating func drain<Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Void) throws(Failure) {
        defer { bytes.removeAll(keepingCapacity: true) }
        try body(bytes.span)
    }

    /// Begins a source, and returns its number, whatever `source` says.
    package mutating func begin(_ source: BundleSource) -> Int {
        var source = source
        source.number = sources
        sources += 1
        current = source.number
        append(.source, source.append)
        return source.number
    }

    /// Writes frames of a source's stream: whole ones, as `FrameStreamWriter` or `EntryFrames` made them. What is no
    /// whole frame is left out.
    package mutating func write(frames: Span<UInt8>, of source: Int) {
        var position = 0
        while let length = FrameDecoder.length(frames.extracting(position...)),
            let size = try? FrameDecoder.size(ofFrameWith: length), size <= frames.count - position
        {
            if position == 0 { turn(to: source) }
            tally.note(checksum: FrameDecoder.saidChecksum(of: frames.extracting(position..<position + size)))
            position += size
        }
        bytes.appendBytes(frames.extracting(..<position))
    }

    package mutating func write(_ offset: BundleOffset, of source: Int) {
        turn(to: source)
        append(.offset, offset.append)
    }

    /// A text longer than `StreamFormat.longestRulesText` becomes several frames, of which the last alone may be the
    /// last.
    package mutating func write(_ rules: BundleRulesText, of source: Int) {
        turn(to: source)
        cut(rules.text.count, StreamFormat.longestRulesText) { writer, part, isEnd in
            writer.append(.rulesText) { rules.append(part, isLast: rules.isLast && isEnd, to: &$0) }
        }
    }

    package mutating func end(_ source: Int, _ end: BundleSourceEnd) {
        turn(to: source)
        append(.sourceEnd, end.append)
    }

    /// A text longer than `BundleFormat.longestInventoryPiece` becomes several frames, of which the last alone may be
    /// the last.
    package mutating func write(_ piece: BundleInventoryPiece) {
        cut(piece.text.count, BundleFormat.longestInventoryPiece) { writer, part, isEnd in
            writer.append(.inventory) { piece.append(part, isLast: piece.isLast && isEnd, to: &$0) }
        }
    }

    /// The line is cut to `BundleFormat.longestLine` bytes.
    package mutating func write(_ warning: BundleWarning) {
        append(.warning, warning.append)
    }

    /// Writes the end, with the totals of all that was written; nothing may be written after it.
    package mutating func finish() {
        append(.bundleEnd, tally.end.append)
    }

    private mutating func turn(to source: Int) {
        guard current != source else { return }
        current = source
        append(.turn) { $0.appendField(1, UInt64(source)) }
    }

    private mutating func append(_ kind: BundleFrameKind, _ body: (inout [UInt8]) -> Void) {
        tally.note(checksum: bytes.appendFrame(kind.rawValue, payload: body))
    }

    /// Calls `body` with parts of at most `limit`, and whether each is the last; at least once.
    private mutating func cut(
        _ count: Int,
        _ limit: Int,
        _ body: (inout BundleWriter, Range<Int>, _ isEnd: Bool) -> Void
    ) {
        var start = 0
        repeat {
            let end = min(start + limit, count)
            body(&self, start..<end, end == count)
            start = end
        } while start < count
    }
}
