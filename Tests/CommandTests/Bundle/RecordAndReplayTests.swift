import TestSupport
import Testing

@Suite("A recorded run, shown again", .serialized)
struct RecordAndReplayTests {
    private static let formats = ["table", "wide", "csv", "json", "yaml", "ndjson"]
    private static let groupings = ["connection", "pod", "workload", "service", "namespace", "node", "zone"]

    /// Expects that a run that is recorded, and its recording, say byte for byte what the run says.
    private func expectSame(
        _ input: [String],
        _ flags: [[String]],
        in directory: String? = nil,
        at status: CommandStatus = .exited(0)
    ) async throws {
        try await withTemporaryDirectory { scratch in
            let bundle = scratch + "/run.bundle"
            for (index, flags) in flags.enumerated() {
                let plain = try await netviz(["flows"] + input + flags, in: directory)
                #expect(plain.status == status, "\(plain.errorText)")
                if index == 0 {
                    let recorded = try await netviz(["flows"] + input + flags + ["--record", bundle], in: directory)
                    expectEqual(recorded, plain)
                }
                expectEqual(try await netviz(["flows", "--from", bundle] + flags), plain)
            }
        }
    }

    private func expectEqual(_ result: CommandResult, _ expected: CommandResult) {
        #expect(result.status == expected.status)
        // Not shown by the expectation itself, which would print every byte.
        let (isSame, saysSame) = (result.output == expected.output, result.errorOutput == expected.errorOutput)
        #expect(isSame, "\(result.outputText)")
        #expect(saysSame, "\(result.errorText) | \(expected.errorText)")
    }

    @Test("in every output format and grouping")
    func everyForm() async throws {
        let forms = Self.formats.map { ["-o", $0] } + Self.groupings.map { ["--group-by", $0, "-o", "json"] }
        try await expectSame(
            RecordedCluster.tables() + RecordedCluster.inventory,
            forms + [["--group-by", "connection", "-l", "app=frontend"], ["--top", "3", "--sort-by", "-rate"]]
        )
    }

    @Test("without an inventory, and of files of which no node was said")
    func plainFile() async throws {
        try await expectSame(["--from", RecordedCluster.path("node1.nf_conntrack.txt")], [["-o", "json"], []])
    }

    @Test("of several files of one node")
    func severalFiles() async throws {
        let input = RecordedCluster.tables(.list) + RecordedCluster.tables(.procFile) + RecordedCluster.inventory
        try await expectSame(input, [["-o", "json", "--group-by", "connection"], ["-o", "wide"]])
    }

    @Test("with lines that could not be read, and objects that were not used: it warns as the run did")
    func warnings() async throws {
        let bad = (1...9).map { "line \($0) \u{1B}[31m is bad\n" }.joined()
        let objects = """
            {"kind":"List","items":[{"kind":"Node","metadata":{"name":"tbn1"}},{"kind":"Node","metadata":{"name":"tbn1"}},
            {"kind":"Secret","metadata":{"name":"s"}},{"kind":"Pod","metadata":{"name":3}}]}
            """
        try await withTemporaryDirectory { directory in
            try writeFile(Lines.bytes(Lines.first, bad, Lines.second), to: directory + "/a=1.txt")
            try writeFile(Lines.bytes("garbage\n", Lines.first), to: directory + "/b.txt")
            try writeFile(objects.utf8, to: directory + "/objects.json")
            let input = ["--from", "./a=1.txt", "tbn1=b.txt", "--inventory", "objects.json"]
            let plain = try await netviz(["flows"] + input, in: directory)
            #expect(plain.errorText.contains("warning: b.txt: line 1, column 1"))
            #expect(plain.errorText.contains("4 more malformed lines are left out"))
            #expect(plain.errorText.contains("objects.json: 1 object of kind Secret not used"))
            try await expectSame(input, Self.formats.map { ["-o", $0] }, in: directory)
        }
    }

    @Test("of events, IPv6 and IPv4 in turns: the order of what happened is kept")
    func events() async throws {
        let lines = (0..<3000).map { number in
            let (source, server) =
                number % 3 == 0 ? ("fd00:1::\(number % 7 + 1)", "fd00:2::1") : ("10.0.0.\(number % 9)", "10.0.1.1")
            let event = ["NEW", "UPDATE", "DESTROY"][number / 7 % 3]
            let state = event == "NEW" ? "120 SYN_SENT" : event == "UPDATE" ? "60 ESTABLISHED" : ""
            return """
                [\(event)] tcp 6 \(state) src=\(source) dst=\(server) sport=\(40_000 + number % 50) dport=80 src=\(server) \
                dst=\(source) sport=80 dport=\(40_000 + number % 50)

                """
        }
        try await withTemporaryDirectory { directory in
            try writeFile(lines.joined().utf8, to: directory + "/events")
            try await expectSame(
                ["--from", "events"],
                [["--group-by", "connection", "-o", "csv"], ["-o", "json"]],
                in: directory
            )
        }
    }

    @Test("in which nothing was observed: it fails as the run did")
    func nothing() async throws {
        let input = ["--from", "tbn1=/dev/null", "--inventory", RecordedCluster.path("nodes.json")]
        try await expectSame(input, [["-o", "json"], []], at: .exited(3))
    }

    @Test("of which too little was observed: the minimum counts anew")
    func minimum() async throws {
        let input = RecordedCluster.tables(of: ["tbn1"]) + RecordedCluster.inventory
        try await expectSame(input, [["--min-coverage", "90%"]], at: .exited(3))
    }

    @Test("comes from standard input and from a pipe, whatever its name")
    func pipes() async throws {
        let script = """
            "$netviz" flows $inputs --record a.txt -o json > plain
            "$netviz" flows --from a.txt -o json | cmp - plain
            "$netviz" flows --from - -o json < a.txt | cmp - plain
            mkfifo pipe; cat a.txt > pipe &
            "$netviz" flows --from pipe -o json | cmp - plain
            { head -c 3 a.txt; sleep 0.2; tail -c +4 a.txt; } | "$netviz" flows --from - -o json | cmp - plain
            """
        let inputs = (RecordedCluster.tables() + RecordedCluster.inventory).joined(separator: " ")
        try await withTemporaryDirectory { directory in
            let result = try await shell("inputs='\(inputs)'\n" + script, in: directory)
            #expect(result.status == .exited(0))
            #expect(result.outputText == "")
            #expect(result.errorText == "")
        }
    }

    @Test("is recorded again as itself")
    func again() async throws {
        try await withTemporaryDirectory { directory in
            let input = RecordedCluster.tables() + RecordedCluster.inventory
            let flags = ["-o", "json", "--group-by", "connection"]
            let plain = try await netviz(["flows"] + input + flags + ["--record", "a"], in: directory)
            let first = try await netviz(["flows", "--from", "a", "--record", "b"] + flags, in: directory)
            let second = try await netviz(["flows", "--from", "b"] + flags, in: directory)
            expectEqual(first, plain)
            expectEqual(second, plain)
        }
    }

    @Test("holds nothing of the cluster but what is used")
    func redaction() async throws {
        try await withTemporaryDirectory { directory in
            let input = RecordedCluster.tables() + RecordedCluster.inventory
            _ = try await netviz(["flows"] + input + ["--record", "a"], in: directory)
            let text = String(decoding: try readFile(directory + "/a"), as: UTF8.self)
            #expect(text.contains("\"namespace\":\"shop\""))
            let pods = try readText(RecordedCluster.path("pods.json"))
            for word in ["serviceAccount", "KUBERNETES", "image", "managedFields", "volumes", "annotations"] {
                #expect(!text.contains(word), "\(word)")
            }
            #expect(pods.contains("serviceAccount") && pods.contains("image") && pods.contains("volumes"))
        }
    }

    @Test("of the two-node cluster, which the demo shows, says what the cluster's tables and rules say")
    func demo() async throws {
        let bundle = RecordedCluster.path("cluster.bundle")
        let input = RecordedCluster.tables() + RecordedCluster.rules + RecordedCluster.inventory
        let commands = [
            ["flows", "-o", "wide"], ["flows", "-o", "json", "--group-by", "connection"], ["drops", "--all"],
            ["metrics", "-o", "json"],
        ]
        for command in commands {
            expectEqual(try await netviz(command + ["--from", bundle]), try await netviz(command + input))
        }
    }

    @Test("of version 1, with two collectors of which one failed, text and rules, is shown as it was then")
    func versionOne() async throws {
        let bundle = Repository.path("Tests/Fixtures/bundles/version-1.bundle")
        let list = try await netviz(["flows", "--from", bundle, "--group-by", "connection", "-o", "json", "--all"])
        #expect(list.status == .exited(0), "\(list.errorText)")
        expectGolden(list.outputText, at: "Tests/CommandTests/Goldens/bundle-version-1.json")
        let table = try await netviz(["flows", "--from", bundle])
        #expect(
            table.errorLines.dropLast() == [
                "warning: c.txt: line 3, column 1: \"?\" is not a conntrack entry",
                "warning: node-a: iptables-legacy-save: not found",
                "warning: node-b: net.netfilter.nf_conntrack_acct is 0",
                "warning: node-b: and 2 more notices",
                "note: objects.json: 1 object of kind Secret not used",
            ])
        #expect(table.errorLines.last?.hasPrefix("2 of 3 nodes, 5.0 s window (node-c: ") == true, "\(table.errorText)")
        #expect(
            table.errorText.contains(
                "node-b: its collector ended before its work was done; what came before that is shown"))
    }
}
