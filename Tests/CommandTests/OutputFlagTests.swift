import TestSupport
import Testing

@Suite("Flags of the output", .serialized)
struct OutputFlagTests {
    @Test(
        "the format is taken in every spelling that kubectl takes",
        arguments: [
            ["-o", "ndjson"], ["-ondjson"], ["-o=ndjson"], ["--output", "ndjson"], ["--output=ndjson"],
            ["-Aondjson"], ["-Ao", "ndjson"], ["-o", "table", "-o", "ndjson"],
        ]
    )
    func formatSpellings(_ flags: [String]) async throws {
        let result = try await netviz(["flows", "--from", "-"] + flags, input: Lines.bytes(Lines.first))
        #expect(result.status == .exited(0), "\(result.errorText)")
        #expect(result.outputLines.count == 2)
        #expect(try JSONValue(parsing: result.outputLines[0])["source_ip"] == "10.244.1.2")
    }

    @Test("an unknown format is refused with the list of all")
    func unknownFormat() async throws {
        let result = try await netviz(["flows", "--from", "-", "-o", "jsn"])
        #expect(result.status == .exited(2))
        #expect(
            result.errorText == """
                error: unable to match a printer suitable for the output format "jsn", allowed formats are: \
                csv,json,ndjson,table,wide,yaml

                """
        )
    }

    @Test(
        "connections are summed by what is asked for",
        arguments: [
            ("connection", 257), ("pod", 12), ("workload", 8), ("service", 8), ("namespace", 4), ("node", 9),
            ("zone", 4),
        ]
    )
    func groupings(_ grouping: String, _ count: Int) async throws {
        let flows = try await FlowList(recorded: ["--group-by", grouping])
        #expect(flows.items.count == count)
        #expect(flows.connections == 257)
        #expect(flows.sum("total_bytes_received") == 14_559_747)
    }

    /// The first five flows, known by how many connections they have.
    @Test(
        "flows are sorted by what is asked for, unknown values last",
        arguments: [
            ("bytes", ["237", "2", "7", "7", "1"]), ("-bytes", ["2", "237", "7", "7", "1"]),
            ("sent", ["237", "2", "7", "7", "1"]), ("-sent", ["2", "237", "7", "7", "1"]),
            ("received", ["237", "2", "7", "7", "1"]), ("packets", ["237", "2", "7", "7", "1"]),
            ("-packets", ["2", "237", "7", "7", "1"]), ("rate", ["237", "2", "7", "7", "1"]),
            ("-rate", ["2", "237", "7", "7", "1"]), ("connections", ["237", "7", "7", "2", "1"]),
            ("-connections", ["1", "1", "1", "1", "2"]), ("duration", ["237", "2", "7", "7", "1"]),
            ("new", ["237", "7", "7", "2", "1"]), ("-new", ["237", "7", "7", "2", "1"]),
            ("failed", ["237", "7", "7", "2", "1"]), ("source", ["1", "1", "7", "1", "7"]),
            ("-source", ["237", "2", "7", "1", "7"]), ("destination", ["1", "1", "1", "1", "7"]),
            ("service", ["237", "7", "7", "2", "1"]), ("port", ["237", "2", "7", "7", "1"]),
            ("-port", ["7", "7", "237", "2", "1"]), ("protocol", ["1", "1", "1", "1", "237"]),
            ("-protocol", ["237", "7", "7", "2", "1"]),
        ]
    )
    func sorting(_ key: String, _ expected: [String]) async throws {
        let counts = try await FlowList(recorded: ["--sort-by", key]).items.compactMap {
            $0["connection_count"]?.integer
        }
        #expect(counts.prefix(5).map(String.init) == expected)
    }

    @Test("the key to sort by may stand behind an equals sign", arguments: ["-bytes", "-sent", "-packets"])
    func sortingSpelling(_ key: String) async throws {
        let flows = try await FlowList(recorded: ["--sort-by=" + key])
        #expect(flows.items.first?["connection_count"] == 2)
    }

    @Test("--top lists the first so many and says how many it leaves out")
    func top() async throws {
        let result = try await RecordedCluster.flows("--top", "2", "--no-headers")
        #expect(result.cells.map { $0[5] } == ["237", "2"])
        #expect(result.errorLines.last == "not listed: 6 flows beyond --top 2")
        #expect(try await RecordedCluster.flows("--top=100").outputLines.count == 9)
    }

    @Test("--top in JSON: all are counted, those listed are told")
    func topInJSON() async throws {
        let flows = try await FlowList(recorded: ["--top", "3"])
        #expect(flows.items.count == 3)
        #expect(flows.coverage["flows"] == 8)
        #expect(flows.coverage["flows_listed"] == 3)
    }

    @Test("--no-headers takes the header line away, in csv too")
    func noHeaders() async throws {
        for format in ["table", "wide", "csv"] {
            let with = try await RecordedCluster.flows("-o", format).outputLines
            let without = try await RecordedCluster.flows("-o", format, "--no-headers").outputLines
            #expect(with.count == without.count + 1)
            #expect(without.first?.contains("shop/frontend") == true)
        }
    }

    @Test(
        "a switch is set in every spelling that kubectl takes; the last one counts",
        arguments: [
            (["--no-headers"], 8), (["--no-headers=true"], 8), (["--no-headers=1"], 8), (["--no-headers=false"], 9),
            (["--no-headers=F"], 9), (["--no-headers", "--no-headers=false"], 9),
            (["--no-headers=false", "--no-headers"], 8),
        ]
    )
    func switchSpellings(_ flags: [String], _ lines: Int) async throws {
        let arguments = ["flows"] + RecordedCluster.tables() + RecordedCluster.inventory + flags
        #expect(try await netviz(arguments).outputLines.count == lines)
    }

    @Test(
        "a switch set to something else is an error",
        arguments: [
            ("--all=maybe", "invalid argument \"maybe\" for \"--all\""),
            ("--no-headers=", "invalid argument \"\" for \"--no-headers\""),
            ("-A=x", "invalid argument \"x\" for \"--all-namespaces\""),
            ("--all=\u{1B}[31m", "invalid argument \"^[[31m\" for \"--all\""),
        ]
    )
    func badSwitches(_ flag: String, _ message: String) async throws {
        let result = try await netviz(["flows", "--from", "-", flag])
        #expect(result.status == .exited(2))
        #expect(result.errorText == "error: \(message): it is true or false\n")
    }

    @Test("a value that looks like a flag is a value")
    func valuesLikeFlags() async throws {
        let newest = try await RecordedCluster.flows("--sort-by", "-new", "--top", "1")
        #expect(newest.status == .exited(0), "\(newest.errorText)")
        let pods = try await RecordedCluster.flows("--pod", "--all")
        #expect(pods.status == .exited(0), "\(pods.errorText)")
        #expect(pods.errorLines.first == "No flows found.")
        let top = try await RecordedCluster.flows("--top", "-1")
        #expect(top.errorText == "error: invalid argument \"-1\" for \"--top\": it is a number from 1 on\n")
    }

    @Test(
        "an unknown value of a flag is refused with what is possible",
        arguments: [
            (["--group-by", "host"], "\"--group-by\": it is one of connection, pod, workload"),
            (["--sort-by", "name"], "\"--sort-by\": it is one of bytes, sent, received"),
            (["--sort-by", "--bytes"], "\"--sort-by\": it is one of"), (["--top", "0"], "\"--top\": it is a number"),
            (["--top", "99999999999999999999"], "\"--top\": it is a number"),
            (["--min-coverage", "101"], "\"--min-coverage\": it is a percentage from 0% to 100%"),
            (["--min-coverage", "nan"], "\"--min-coverage\": it is a percentage"),
            (["--min-coverage=-1%"], "\"--min-coverage\": it is a percentage"),
        ]
    )
    func badValues(_ flags: [String], _ message: String) async throws {
        let result = try await netviz(["flows", "--from", "-"] + flags)
        #expect(result.status == .exited(2))
        #expect(result.outputText == "")
        #expect(result.errorText.hasPrefix("error: invalid argument "))
        #expect(result.errorText.contains(message))
    }
}
