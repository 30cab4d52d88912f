import TestSupport
import Testing

@Suite("Several bundles", .serialized)
struct JoinedBundleTests {
    private static let versionOne = Repository.path("Tests/Fixtures/bundles/version-1.bundle")
    private static let anotherWindow = Repository.path("Tests/Fixtures/bundles/another-window.bundle")
    private static let flags = ["-o", "json", "--group-by", "connection"]

    /// Runs `body` in a folder with a bundle of each node, `tbn1` and `tbn2`, both with the inventory.
    private func withBundles<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        try await withTemporaryDirectory { directory in
            for node in RecordedCluster.nodes {
                let input = RecordedCluster.tables(of: [node]) + RecordedCluster.inventory
                let result = try await netviz(["flows"] + input + ["--record", node], in: directory)
                #expect(result.status == .exited(0), "\(result.errorText)")
            }
            return try await body(directory)
        }
    }

    @Test("are joined as the tables are that they hold")
    func joined() async throws {
        let expected = try await FlowList(recorded: ["--group-by", "connection"])
        try await withBundles { directory in
            let result = try await netviz(["flows", "--from", "tbn1", "tbn2"] + Self.flags, in: directory)
            let flows = try FlowList(result)
            #expect(flows.items == expected.items)
            #expect(flows.coverage == expected.coverage)
            #expect(
                result.errorText
                    == "note: tbn2: 19 objects had been read before; the newest resourceVersion of each is used\n"
            )
        }
    }

    @Test("are joined with tables and objects that are given beside them")
    func mixed() async throws {
        let expected = try await FlowList(recorded: ["--group-by", "connection"])
        try await withBundles { directory in
            let table = RecordedCluster.tables(of: ["tbn1"])
            let result = try await netviz(["flows", "--from", "tbn2"] + table + Self.flags, in: directory)
            let flows = try FlowList(result)
            #expect(Set(flows.items) == Set(expected.items))
            #expect(flows.coverage["nodes_covered"] == 2)

            // A bundle without an inventory, and the inventory as it is.
            let bare = ["flows"] + RecordedCluster.tables() + ["--record", "bare"]
            _ = try await netviz(bare, in: directory)
            let named = try await netviz(
                ["flows", "--from", "bare"] + RecordedCluster.inventory + Self.flags, in: directory)
            #expect(try FlowList(named).items == expected.items)
        }
    }

    @Test("of the same run count once")
    func sameRun() async throws {
        try await withBundles { directory in
            _ = try await shell("cp tbn1 copy", in: directory)
            let once = try await netviz(["flows", "--from", "tbn1"] + Self.flags, in: directory)
            let twice = try await netviz(["flows", "--from", "tbn1", "copy", "tbn1"] + Self.flags, in: directory)
            #expect(twice.output == once.output)
            #expect(twice.errorOutput == once.errorOutput)
        }
        let once = try await netviz(["flows", "--from", Self.versionOne] + Self.flags)
        let twice = try await netviz(["flows", "--from", Self.versionOne, Self.versionOne] + Self.flags)
        #expect(twice.output == once.output)
        #expect(twice.errorOutput == once.errorOutput)
    }

    @Test("that hold the same window of a node, recorded again, count it once")
    func sameWindow() async throws {
        try await withTemporaryDirectory { directory in
            let flags = ["-o", "csv", "--group-by", "connection", "--all"]
            let once = try await netviz(
                ["flows", "--from", Self.versionOne, "--record", "again"] + flags, in: directory)
            let twice = try await netviz(["flows", "--from", Self.versionOne, "again"] + flags, in: directory)
            #expect(twice.status == .exited(0), "\(twice.errorText)")
            #expect(Set(twice.outputLines) == Set(once.outputLines))
            #expect(twice.errorText.contains("2 of 3 nodes, 5.0 s window (node-c: "), "\(twice.errorText)")
        }
    }

    @Test("that hold two windows of a node are refused, with the node and both files")
    func twoWindows() async throws {
        let result = try await netviz(["flows", "--from", Self.versionOne, Self.anotherWindow])
        #expect(result.status == .exited(2))
        #expect(result.outputText == "")
        #expect(
            result.errorLines.last(where: { $0.hasPrefix("error:") })
                == "error: node \"node-a\" was recorded twice, in \(Self.versionOne) and in \(Self.anotherWindow): what was seen at two times cannot be told as one"
        )
    }

    @Test("a bundle of one source is called what the user says")
    func named() async throws {
        try await withBundles { directory in
            let result = try await netviz(["flows", "--from", "other=tbn1", "-o", "json"], in: directory)
            let coverage = try FlowList(result).coverage
            #expect(coverage["nodes"]?[0]?["node"] == "other")
        }
        try await withTemporaryDirectory { directory in
            try writeFile(Lines.first.utf8, to: directory + "/table")
            _ = try await netviz(["flows", "--from", "table", "--record", "a"], in: directory)
            let result = try await netviz(["flows", "--from", "n1=a", "-o", "json"], in: directory)
            #expect(try FlowList(result).coverage["nodes"]?[0]?["node"] == "n1")
        }
    }

    @Test("a bundle of several sources names them itself")
    func severalSources() async throws {
        let result = try await netviz(["flows", "--from", "other=" + Self.versionOne])
        #expect(result.status == .exited(2))
        #expect(result.outputText == "")
        #expect(
            result.errorLines.contains(
                "error: \(Self.versionOne) is a bundle of several nodes or files, so that it cannot be given as other=FILE"
            ))
    }

    @Test("with files of one name, of which no node was said, are two files")
    func sameFileNames() async throws {
        try await withTemporaryDirectory { directory in
            for (bundle, line) in [("a", Lines.first), ("b", Lines.second)] {
                try writeFile(line.utf8, to: directory + "/table")
                _ = try await netviz(["flows", "--from", "table", "--record", bundle], in: directory)
            }
            let result = try await netviz(["flows", "--from", "a", "b", "-o", "json"], in: directory)
            let nodes = try #require(try FlowList(result).coverage["nodes"]?.array)
            #expect(nodes.map { $0["file"]?.string } == ["table", "b: table"])
        }
    }
}
