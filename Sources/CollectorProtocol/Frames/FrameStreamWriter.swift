package import NetModel

/// Writes frames, of either side of the protocol, into memory that the caller drains.
///
/// Entries are collected to blocks, so that they follow later in the stream than other frames written meanwhile;
/// `finish` and `writeFailure` write what is left of them. IPv4 and IPv6 are collected apart: only entries of one
/// family keep their order. It is not copyable, because a copy that nobody asked for costs more than an entry.
package struct FrameStreamWriter: ~Copyable, Sendable {
    private let capacity: Int
    private var output = FrameOutput()
    private var ipv4: OpenBlock
    private var ipv6: OpenBlock

    /// - Parameter blockEntries: how many entries are collected for a frame, 1 to `StreamFormat.blockEntries`. Fewer need
    ///   less memory, and a little more bytes.
    package init(blockEntries: Int = StreamFormat.blockEntries) {
        capacity = max(1, min(blockEntries, StreamFormat.blockEntries))
        ipv4 = OpenBlock(isIPv4: true, capacity: capacity)
        ipv6 = OpenBlock(isIPv4: false, capacity: capacity)
    }

    /// Bytes that wait to be drained.
    package var pendingCount: Int { output.bytes.count }

    /// Hands out what was written since the last time, and forgets it, even when `body` throws; keeps the memory.
    package mutating func drain<Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Void) throws(Failure) {
        defer { output.bytes.removeAll(keepingCapacity: true) }
        try body(output.bytes.span)
    }

    /// Texts are cut to `StreamFormat.longestText` bytes, and their list to `StreamFormat.listedTexts`.
    package mutating func write(_ hello: Hello) {
        output.append(.hello, payload: hello.append)
    }

    package mutating func writeClockRequest() {
        output.append(.clockRequest)
    }

    package mutating func write(_ clock: ClockReading) {
        output.append(.clock, payload: clock.append)
    }

    package mutating func write(_ start: Start) {
        output.append(.start, payload: start.append)
    }

    /// A text longer than `StreamFormat.longestRulesText` becomes several frames, of which the last alone may be the
    /// last.
    package mutating func write(_ piece: RulesPiece) {
        var start = 0
        repeat {
            let end = min(start + StreamFormat.longestRulesText, piece.text.count)
            let isLast = piece.isLast && end == piece.text.count
            output.append(.rules) { piece.append(start..<end, isLast: isLast, to: &$0) }
            start = end
        } while start < piece.text.count
    }

    /// The text is cut to `StreamFormat.longestText` bytes.
    package mutating func write(_ notice: Notice) {
        output.append(.notice, payload: notice.append)
    }

    /// Says, instead of END, why it cannot go on. The entries that were added before are written before.
    package mutating func writeFailure(_ notice: Notice) {
        closeBlocks()
        output.append(.failure, payload: notice.append)
    }

    package mutating func writeAcknowledgement() {
        output.append(.acknowledgement)
    }

    /// Adds an entry, whose `id` is not written, and what was seen of it within the window; nil in a snapshot.
    package mutating func add(_ entry: borrowing ConntrackEntry, window: WindowObservation? = nil) {
        if entry.isIPv4 {
            ipv4.add(entry, window: window, to: &output)
        } else {
            ipv6.add(entry, window: window, to: &output)
        }
    }

    /// Writes the entries that are left, and END with the totals of all that was written since HELLO or the last END:
    /// `entries`, `frames` and `checksum` are filled in here.
    package mutating func finish(_ end: End) {
        closeBlocks()
        var end = end
        end.entries = output.tally.entries
        end.frames = output.tally.frames
        end.checksum = output.tally.checksum
        output.append(.end, payload: end.append)
    }

    /// Writes the entries that are left, and keeps no memory for more of them: for a while in which none come.
    package mutating func rest() {
        closeBlocks()
        ipv4 = OpenBlock(isIPv4: true, capacity: capacity)
        ipv6 = OpenBlock(isIPv4: false, capacity: capacity)
    }

    private mutating func closeBlocks() {
        ipv4.close(to: &output)
        ipv6.close(to: &output)
    }
}

extension ConntrackEntry {
    /// Whether all four addresses are.
    @inline(__always)
    var isIPv4: Bool {
        original.source.isIPv4 && original.destination.isIPv4 && reply.source.isIPv4 && reply.destination.isIPv4
    }
}
