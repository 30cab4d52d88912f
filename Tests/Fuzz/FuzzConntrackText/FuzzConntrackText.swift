import ConntrackText
import NetModel

/// libFuzzer's entry: any bytes are read to their end, and in pieces of any size they give the same.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzConntrackText(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe UnsafeBufferPointer(start: start, count: count)
    let bytes = unsafe Array(input)
    let whole = Reading(bytes, pieceLength: max(bytes.count, 1))
    let pieces = Reading(bytes, pieceLength: 1 + bytes.count % 61)
    precondition(whole == pieces, "what is read depends on how the text arrives")
    precondition(whole.counts.entries == whole.entries.count, "entries are counted wrongly")
    precondition(whole.counts.malformed == whole.malformed.count, "refused lines are counted wrongly")
    precondition(whole.counts.skipped >= 0, "more lines are used than there are")
    let statistics = ConntrackStatistics(text: bytes.span)
    precondition(
        statistics == nil || ConntrackStatistics.isStatistics(bytes.span) || bytes.first == 0x0A, "no beginning")
    return 0
}

/// All that a reader gives for one text.
private struct Reading: Equatable {
    let entries: [ConntrackEntry]
    let malformed: [MalformedLine]
    let counts: ConntrackTextCounts

    init(_ bytes: [UInt8], pieceLength: Int) {
        var entries: [ConntrackEntry] = []
        var malformed: [MalformedLine] = []
        // Short enough that the fuzzer reaches lines that are too long.
        var reader = ConntrackTextReader(maximumLineLength: 1024)
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(pieceLength))
            rest = rest.dropFirst(pieceLength)
            reader.read(piece.span, entry: { entries.append($0) }, malformed: { malformed.append($0) })
        }
        reader.finish(entry: { entries.append($0) }, malformed: { malformed.append($0) })
        self.entries = entries
        self.malformed = malformed
        counts = reader.counts
    }
}
