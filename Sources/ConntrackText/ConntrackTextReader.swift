package import NetModel

/// Reads conntrack's text as it arrives, in pieces of any size, in memory that the longest line bounds.
///
///     var reader = ConntrackTextReader()
///     reader.read(bytes, entry: { … }, malformed: { … })   // for each piece
///     reader.finish(entry: { … }, malformed: { … })        // for a last line without its newline
///
/// Forms may be mixed: each line is read for itself. Blank lines, and what conntrack(8) says on stderr about its own
/// run, are passed over.
package struct ConntrackTextReader: Sendable {
    /// What was read so far.
    package private(set) var counts = ConntrackTextCounts()

    private let maximumLineLength: Int
    /// The beginning of a line whose end has not come yet.
    private var pending: [UInt8] = []
    /// Whether the rest of the line is passed over, because it was refused for its length.
    private var isSkipping = false

    /// - Parameter maximumLineLength: in bytes, without the newline; a longer line is refused. At least 1. An entry
    ///   takes some 250 bytes; labels and helpers can add a few hundred.
    package init(maximumLineLength: Int = 65536) {
        self.maximumLineLength = max(1, maximumLineLength)
    }

    /// Reads the next piece of the text: calls `entry` for each entry that it completes, and `malformed` for each line
    /// that is refused, in the order of the lines.
    package mutating func read(
        _ bytes: Span<UInt8>,
        entry: (ConntrackEntry) -> Void,
        malformed: (MalformedLine) -> Void
    ) {
        var start = 0
        while let end = bytes.newline(from: start) {
            endLine(bytes.extracting(start..<end), entry, malformed)
            start = end + 1
        }
        keep(bytes.extracting(start..<bytes.count), malformed)
    }

    /// Tells that the text is over: a last line without a newline is read. The reader can then begin another text,
    /// whose lines are counted on.
    package mutating func finish(
        entry: (ConntrackEntry) -> Void,
        malformed: (MalformedLine) -> Void
    ) {
        guard !pending.isEmpty || isSkipping else { return }
        let nothing = InlineArray<0, UInt8> { _ in 0 }
        endLine(nothing.span, entry, malformed)
    }

    /// A line is over, whose last bytes are `rest`.
    @inline(__always)
    private mutating func endLine(
        _ rest: Span<UInt8>,
        _ entry: (ConntrackEntry) -> Void,
        _ malformed: (MalformedLine) -> Void
    ) {
        if pending.isEmpty, !isSkipping, rest.count <= maximumLineLength {
            counts.lines += 1
            parse(rest, entry, malformed)
            return
        }
        keep(rest, malformed)
        if isSkipping {
            isSkipping = false
            return
        }
        counts.lines += 1
        // The buffer is lent out for the parsing and keeps its memory for the next line.
        var line: [UInt8] = []
        swap(&line, &pending)
        parse(line.span, entry, malformed)
        line.removeAll(keepingCapacity: true)
        swap(&line, &pending)
    }

    @inline(__always)
    private mutating func parse(
        _ line: Span<UInt8>,
        _ entry: (ConntrackEntry) -> Void,
        _ malformed: (MalformedLine) -> Void
    ) {
        let text = line.extracting(first: line.lengthWithoutCarriageReturn)
        do throws(LineFailure) {
            let parsed = try ConntrackLine.entry(text)
            counts.add(parsed)
            entry(parsed)
        } catch {
            // An error holds a copy of what is wrong: made only for what is told.
            guard !text.isRemark else { return }
            report(error.error(in: text), malformed)
        }
    }

    /// Adds to the line whose end has not come, or refuses it for its length and forgets it.
    private mutating func keep(_ part: Span<UInt8>, _ malformed: (MalformedLine) -> Void) {
        guard !isSkipping, !part.isEmpty else { return }
        guard part.count <= maximumLineLength - pending.count else {
            pending.removeAll(keepingCapacity: true)
            isSkipping = true
            counts.lines += 1
            report(ConntrackTextError(code: .lineTooLong, column: maximumLineLength + 1), malformed)
            return
        }
        for index in part.indices { pending.append(part[index]) }
    }

    private mutating func report(_ error: ConntrackTextError, _ malformed: (MalformedLine) -> Void) {
        counts.malformed += 1
        malformed(MalformedLine(line: counts.lines, reason: error))
    }
}
