import FlowGraph
import Inventory
import NetModel
import Rendering
import Testing

@Suite("The layout of tables and CSV")
struct LayoutTests {
    /// A cluster of one pod with a name and an address.
    private func cluster(_ name: String) -> Inventory {
        inventory(
            """
            {"kind":"Pod","metadata":{"namespace":"shop","name":"\(name)"},"spec":{"nodeName":"tbn1"},
            "status":{"podIP":"10.244.1.2","podIPs":[{"ip":"10.244.1.2"}]}}
            """
        )
    }

    private func observed(_ pairs: (String, String)...) throws -> Observed {
        var observed = Observed()
        for (source, destination) in pairs {
            let original = try tuple(source, 5000, destination, 80)
            observed.seen("tbn1", ConntrackEntry(original: original, reply: original.inverted))
        }
        return observed
    }

    @Test("columns are as wide as their widest cell and three spaces apart; no line ends in a space")
    func columns() async throws {
        let table = try await observed(("10.244.1.2", "10.0.0.1"), ("10.0.0.2", "10.0.0.100")).printed(
            .table,
            by: .pod,
            in: cluster("web")
        )
        #expect(
            table == """
                SOURCE     DESTINATION   SERVICE   PORT   PROTO   CONNS   NEW   SENT   RECEIVED   RATE   FAILED
                10.0.0.2   10.0.0.100    -         80     TCP     1       -     -      -          -      -
                shop/web   10.0.0.1      -         80     TCP     1       -     -      -          -      -

                """
        )
    }

    @Test("without headers a column is only as wide as its cells")
    func withoutHeaders() async throws {
        let table = try await observed(("10.0.0.2", "10.0.0.1")).printed(.table, by: .pod, showsHeaders: false)
        #expect(table == "10.0.0.2   10.0.0.1   -   80   TCP   1   -   -   -   -   -\n")
    }

    @Test("a character counts once, however many bytes it takes")
    func widths() async throws {
        let lines = try await observed(("10.244.1.2", "10.0.0.1")).printed(.table, by: .pod, in: cluster("größe"))
            .split(separator: "\n")
        #expect(lines[0].hasPrefix("SOURCE       DESTINATION"))
        #expect(lines[1].hasPrefix("shop/größe   10.0.0.1"))
    }

    @Test("without flows a table is empty, headers included, and CSV has its header")
    func empty() async throws {
        #expect(try await Observed().printed(.table) == "")
        #expect(try await Observed().printed(.wide) == "")
        #expect(try await Observed().printed(.csv).split(separator: "\n").count == 1)
        #expect(try await Observed().printed(.csv, showsHeaders: false) == "")
    }

    @Test("wide begins as the table does and adds columns")
    func wide() async throws {
        let observed = try observed(("10.0.0.2", "10.0.0.1"))
        let header = try await observed.printed(.wide).prefix { $0 != "\n" }
        let table = try await observed.printed(.table).prefix { $0 != "\n" }
        #expect(header.hasPrefix(table))
        #expect(
            header.hasSuffix("COUNTED   DIRECTION   VERDICT   STATE   LEG   SOURCE NODE   DESTINATION NODE   SEEN BY")
        )
    }

    @Test("where there is a window, wide ends with the outcome and the totals, and CSV has the window's columns")
    func windowColumns() async throws {
        var observed = Observed()
        let original = try tuple("10.0.0.2", 5000, "10.0.0.1", 80)
        observed.watched(
            "tbn1",
            ConntrackEntry(original: original, reply: original.inverted, status: .seenReply),
            WindowObservation(marks: [.inFirstDump, .inSecondDump, .refreshed])
        )
        let header = try await observed.printed(.wide).prefix { $0 != "\n" }
        #expect(header.hasSuffix("   SEEN BY   OUTCOME   TOTAL SENT   TOTAL RECEIVED"))
        let columns = try await observed.printed(.csv).prefix { $0 != "\n" }
        #expect(
            columns.contains(",protocol,bytes_sent,packets_sent,direction,verdict,bytes_received,packets_received,"))
        let lines = try await observed.printed(.csv).split(separator: "\n")
        #expect(Set(lines.map { $0.count { $0 == "," } }).count == 1)
    }

    @Test("a single connection is told by its client's port, a sum is not")
    func clientPort() async throws {
        let observed = try observed(("10.0.0.2", "10.0.0.1"))
        #expect(try await observed.printed(.table, by: .connection, showsHeaders: false).hasPrefix("10.0.0.2:5000   "))
        #expect(try await observed.printed(.table, by: .pod, showsHeaders: false).hasPrefix("10.0.0.2   "))
    }

    @Test(
        "a CSV cell with a comma or a quote is quoted, quotes doubled (RFC 4180)",
        arguments: [
            ("plain", "shop/plain"), ("a,b", "\"shop/a,b\""), (#"a\"b"#, #""shop/a""b""#),
            (#"\",\""#, #""shop/"",""""#),
            (#"a\nb"#, "shop/a^Jb"), ("a b", "shop/a b"),
        ]
    )
    func csvQuoting(_ name: String, _ cell: String) async throws {
        let line = try await observed(("10.244.1.2", "10.0.0.1")).printed(
            .csv, by: .pod, in: cluster(name), showsHeaders: false)
        #expect(line.hasPrefix(cell + ",pod,shop," + cell + ","))
        #expect(line.split(separator: "\n").count == 1)
    }

    @Test("every CSV line has as many cells as the header", arguments: Grouping.allCases)
    func csvCells(_ grouping: Grouping) async throws {
        let lines = try await observed(("10.244.1.2", "10.0.0.1"), ("10.0.0.2", "10.0.0.100")).printed(
            .csv,
            by: grouping,
            in: cluster("web")
        ).split(separator: "\n")
        #expect(lines.count > 1)
        #expect(Set(lines.map { $0.count { $0 == "," } }).count == 1)
    }

    @Test("the first so many flows are listed, all are counted")
    func top() async throws {
        let observed = try observed(("10.0.0.2", "10.0.0.1"), ("10.0.0.3", "10.0.0.1"), ("10.0.0.4", "10.0.0.1"))
        #expect(try await observed.printed(.table, top: 2, showsHeaders: false).split(separator: "\n").count == 2)
        let lines = try await observed.printed(.ndjson, top: 2).split(separator: "\n")
        #expect(lines.last?.contains("\"flows\":3,\"flows_listed\":2,") == true)
    }
}
