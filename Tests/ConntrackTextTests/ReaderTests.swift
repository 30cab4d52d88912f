import ConntrackText
import NetModel
import Testing

@Suite("The reader")
struct ReaderTests {
    static let tuples = "src=10.1.0.1 dst=10.1.0.2 sport=1 dport=2 src=10.1.0.2 dst=10.1.0.1 sport=2 dport=1"
    static let line = "ipv4 2 tcp 6 5 \(tuples) mark=0"

    @Test("reads a last line without its newline when the text is over")
    func lastLine() {
        let reading = Reading("\(Self.line)\n\(Self.line)")
        #expect(reading.entries.count == 2)
        #expect(reading.counts.lines == 2)
    }

    @Test("reads nothing from an empty text, and counts no line")
    func emptyText() {
        #expect(Reading("").counts == ConntrackTextCounts())
    }

    @Test("passes over blank lines and what conntrack says when it succeeded")
    func remarks() {
        let reading = Reading(
            "conntrack v1.4.7 (conntrack-tools): 16 flow entries have been shown.\n"
                + "conntrack v1.4.7 (conntrack-tools): 49 flow events have been shown.\n"
                + "conntrack v1.4.7 (conntrack-tools): connection tracking table has been emptied.\n"
                + "nfct_labelmap_new: No such file or directory\n" + "\n  \n\r\n"
        )
        #expect(reading.malformed == [])
        #expect(reading.counts.lines == 7)
        #expect(reading.counts.skipped == 7)
    }

    @Test("reports it when conntrack says that it failed, since the table is then not what it seems")
    func toolFailure() {
        let reading = Reading(
            "conntrack v1.4.7 (conntrack-tools): Operation failed: sorry, you must be root or get CAP_NET_ADMIN\n"
        )
        #expect(
            reading.malformed.map(\.description) == [
                "line 1, column 1: \"conntrack v1.4.7 (conntrack-tools): Operation failed: sorry, you must be root or get CAP_N\" "
                    + "is not a conntrack entry"
            ])
    }

    @Test("does not mind carriage returns, tabs or blanks around the fields")
    func blanks() {
        let reading = Reading(
            "\(Self.line)\r\n  \(Self.line)  \n" + Self.line.split(separator: " ").joined(separator: "\t \t") + "\r\n"
        )
        #expect(reading.malformed == [])
        #expect(reading.entries.count == 3)
        #expect(Set(reading.entries).count == 1)
    }

    @Test("counts which facts the text held")
    func counts() {
        let counted = "src=1.1.1.1 dst=2.2.2.2 packets=1 bytes=2 src=2.2.2.2 dst=1.1.1.1 packets=0 bytes=0"
        let reading = Reading(
            "\(Self.line)\nunknown 99 5 \(counted)\n[NEW] \(Self.line)\nunknown 99 5 \(counted) delta-time=7\nwrong\n\n"
        )
        #expect(reading.counts.lines == 6)
        #expect(reading.counts.entries == 4)
        #expect(reading.counts.malformed == 1)
        #expect(reading.counts.skipped == 1)
        #expect(reading.counts.events == 1)
        #expect(reading.counts.withCounters == 2)
        #expect(reading.counts.withAge == 1)
    }

    @Test("refuses a line over the limit once, by its number, and reads on", arguments: [1, 7, 300, 1_000_000])
    func longLine(pieceSize: Int) {
        let text = "\(Self.line)\n" + String(repeating: "x", count: 200_000) + "\n\(Self.line)\n"
        let reading = Reading(text, pieceSize: pieceSize, maximumLineLength: 1000)
        #expect(reading.malformed.map(\.description) == ["line 2, column 1001: the line is too long"])
        #expect(reading.entries.count == 2)
        #expect(reading.counts.lines == 3)
    }

    @Test("takes a line as long as the limit, and refuses one a byte longer", arguments: [1, 5, 1_000_000])
    func limit(pieceSize: Int) {
        let limit = Self.line.utf8.count
        let reading = Reading("\(Self.line)\n\(Self.line) \n", pieceSize: pieceSize, maximumLineLength: limit)
        #expect(reading.entries.count == 1)
        #expect(reading.malformed.map(\.line) == [2])
    }

    @Test("refuses an endless line without a newline while it comes, not at its end")
    func endlessLine() {
        var reader = ConntrackTextReader(maximumLineLength: 4096)
        let piece = [UInt8](repeating: 0, count: 1 << 20)
        var malformed: [MalformedLine] = []
        for _ in 0..<100 {
            reader.read(
                piece.span, entry: { _ in Issue.record("an entry of zeros") }, malformed: { malformed.append($0) })
            #expect(malformed.count == 1)
        }
        reader.finish(entry: { _ in Issue.record("an entry of zeros") }, malformed: { malformed.append($0) })
        #expect(malformed.map(\.reason.code) == [.lineTooLong])
        #expect(reader.counts.lines == 1)
    }

    @Test("gives the same for every size of the pieces", arguments: Samples.all)
    func pieces(sample: Sample) throws {
        let whole = Reading(sample.bytes, maximumLineLength: 2000)
        for size in [1, 2, 3, 7, 64, 250, 251, 1024] {
            #expect(Reading(sample.bytes, pieceSize: size, maximumLineLength: 2000) == whole, "pieces of \(size) bytes")
        }
    }
}
