package import NetModel

/// What one piece of whole lines holds.
package struct ParsedLines: Sendable {
    /// In the order of the lines.
    package private(set) var entries: [ConntrackEntry] = []
    package private(set) var counts = ConntrackTextCounts()
    /// The first refused lines; their numbers are counted from the beginning of the piece. `counts` has them all.
    package private(set) var malformed: [MalformedLine] = []

    /// The shortest line of an entry takes about this many bytes; most take half as many again.
    private static let bytesPerEntry = 150

    /// Reads a piece that `WholeLines` cut.
    ///
    /// - Parameter keptMalformed: how many refused lines are kept for telling.
    package init(_ piece: [UInt8], maximumLineLength: Int = 65536, keptMalformed: Int) {
        var reader = ConntrackTextReader(maximumLineLength: maximumLineLength)
        var entries: [ConntrackEntry] = []
        var malformed: [MalformedLine] = []
        entries.reserveCapacity(piece.count / Self.bytesPerEntry)
        func take(_ entry: ConntrackEntry) { entries.append(entry) }
        func refuse(_ line: MalformedLine) {
            if malformed.count < keptMalformed { malformed.append(line) }
        }
        reader.read(piece.span, entry: take, malformed: refuse)
        reader.finish(entry: take, malformed: refuse)
        self.entries = entries
        self.malformed = malformed
        counts = reader.counts
    }
}
