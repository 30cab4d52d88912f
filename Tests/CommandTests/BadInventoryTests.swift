import TestSupport
import Testing

@Suite("An inventory that is not as it should be", .serialized)
struct BadInventoryTests {
    private static let pod = """
        {"kind":"Pod","apiVersion":"v1","metadata":{"namespace":"shop","name":"web","resourceVersion":"7"},\
        "spec":{"nodeName":"tbn1"},"status":{"phase":"Running","podIP":"10.244.1.2","podIPs":[{"ip":"10.244.1.2"}]}}
        """

    /// The flows of one connection with files of these texts, named `file1`, `file2`, ….
    private func flows(with files: String...) async throws -> CommandResult {
        try await withTemporaryDirectory { directory in
            var names: [String] = []
            for (number, text) in files.enumerated() {
                names.append("file\(number + 1)")
                try writeFile(text.utf8, to: directory + "/file\(number + 1)")
            }
            return try await netviz(
                ["flows", "--no-headers", "--from", "-", "--inventory"] + names,
                input: Lines.bytes(Lines.first),
                in: directory
            )
        }
    }

    @Test("as it should be, it names both ends, and nothing is said about it")
    func good() async throws {
        let result = try await flows(with: Self.pod)
        #expect(result.status == .exited(0))
        #expect(result.cells[0][0] == "shop/web")
        #expect(result.errorLines.count == 1)
    }

    @Test(
        "a file of which nothing is of use is an error that says what is expected",
        arguments: [
            (Lines.first, "error: file1: line 1, byte 0: not JSON, not an object\n"),
            ("", "error: file1: empty; expected the output of 'kubectl get nodes,pods"),
            (" \n", "error: file1: empty; expected the output of 'kubectl get nodes,pods"),
            ("\u{1F}\u{8B}", "error: file1: line 1, byte 0: not JSON"),
            (
                "{\"kind\":\"List\",\"items\":[{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}]}",
                "error: file1: nothing in it is usable: 1 of kind ConfigMap; expected the output of 'kubectl get nodes,"
            ),
            (
                "{\"kind\":\"Config\",\"apiVersion\":\"v1\",\"clusters\":[]}",
                "error: file1: nothing in it is usable: 1 of kind Config; expected the output of 'kubectl get nodes,"
            ),
            ("apiVersion: v1\nkind: List\n", "error: file1: line 1, byte 0: YAML text (use 'kubectl get -o json')"),
            ("[1,2", "error: file1: "), ("{\"kind\":", "error: file1: "), ("null", "error: file1: "),
        ]
    )
    func nothingOfUse(_ text: String, _ message: String) async throws {
        let result = try await flows(with: text)
        #expect(result.status == .exited(2))
        #expect(result.outputText == "")
        #expect(result.errorText.hasPrefix(message), "\(result.errorText)")
        #expect(result.errorLines.count == 1)
    }

    @Test("an unreadable file is named with the reason")
    func unreadable() async throws {
        for (file, reason) in [("absent", "No such file or directory"), (".", "it is a directory")] {
            let result = try await netviz(["flows", "--from", "-", "--inventory", file], in: "/")
            #expect(result.status == .exited(2))
            #expect(result.errorText.hasPrefix("error: cannot read \(file): \(reason)\n"))
        }
    }

    @Test("of a file that is cut off, what came before is used, and the place is told")
    func truncated() async throws {
        let result = try await flows(with: "{\"kind\":\"List\",\"items\":[\(Self.pod),{\"kind\":\"Pod\",\"meta")
        #expect(result.status == .exited(0))
        #expect(result.cells[0][0] == "shop/web")
        #expect(result.errorLines.count == 2)
        #expect(result.errorLines[0].hasPrefix("warning: file1: line 1, byte "))
        #expect(result.errorLines[0].hasSuffix("what came before is used"))
    }

    @Test("objects given twice are used once, the newest of each, and that is told")
    func duplicates() async throws {
        let newer = Self.pod.replacing("\"7\"", with: "\"8\"").replacing("shop", with: "store")
            .replacing("store", with: "shop").replacing("10.244.1.2", with: "10.244.1.9")
        for files in [[Self.pod, newer], [newer, Self.pod]] {
            let result = try await flows(with: files[0], files[1])
            #expect(result.status == .exited(0))
            #expect(result.cells[0][0] == "10.244.1.2")
            #expect(
                result.errorLines.first
                    == "note: file2: 1 object had been read before; the newest resourceVersion of each is used"
            )
        }
    }

    @Test("an object with a name of 2 MB is left out, and the rest is used")
    func longName() async throws {
        let long = Self.pod.replacing("web", with: String(repeating: "x", count: 2 << 20))
        let result = try await flows(with: "{\"kind\":\"List\",\"items\":[\(long),\(Self.pod)]}")
        #expect(result.status == .exited(0))
        #expect(result.cells[0][0] == "shop/web")
        #expect(result.errorText.utf8.count < 1000)
    }

    @Test("a hundred thousand open brackets are refused, not followed")
    func deepNesting() async throws {
        let result = try await flows(with: String(repeating: "[", count: 100_000))
        #expect(result.status == .exited(2))
        #expect(result.errorText.hasPrefix("error: file1: "))
    }

    @Test(
        "a name with an escape sequence never reaches the output as it is",
        arguments: ["table", "wide", "csv", "json", "yaml", "ndjson"],
        ["connection", "workload", "zone"]
    )
    func hostileNames(_ format: String, _ grouping: String) async throws {
        // Colour, the C1 form of it, right-to-left override, bell, delete, line separator, newline, carriage return.
        let hostile = #"a\u001b[31mb\u009b2Jc\u202ed\u0007e\u007ff\u2028g\nh\ri"#
        let inventory = """
            {"kind":"List","items":[
            {"kind":"Node","metadata":{"name":"\(hostile)","labels":{"topology.kubernetes.io/zone":"\(hostile)"}},
            "status":{"addresses":[{"type":"InternalIP","address":"10.99.0.11"}]}},
            {"kind":"Pod","metadata":{"namespace":"\(hostile)","name":"\(hostile)"},"spec":{"nodeName":"\(hostile)"},
            "status":{"podIP":"10.244.1.2","podIPs":[{"ip":"10.244.1.2"}]}},
            {"kind":"Pod","metadata":{"namespace":"x","name":"y"},"status":{"podIP":"\(hostile)"}},
            {"kind":"Service","metadata":{"namespace":"\(hostile)","name":"\(hostile)"},
            "spec":{"clusterIP":"10.96.61.76","ports":[{"name":"\(hostile)","port":80,"protocol":"TCP"}]}},
            {"kind":"\(hostile)","metadata":{"name":"\(hostile)"}}
            ]}
            """
        try await withTemporaryDirectory { directory in
            try writeFile(inventory.utf8, to: directory + "/inventory")
            let result = try await netviz(
                ["flows", "--from", "-", "--inventory", "inventory", "--group-by", grouping, "-o", format],
                input: Lines.bytes(Lines.first),
                in: directory
            )
            #expect(result.status == .exited(0), "\(result.errorText)")
            let raw = (result.outputText + result.errorText).unicodeScalars.filter { scalar in
                switch scalar.value {
                case 0x0A: false
                case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029: true
                // What only reorders text is data in a document for programs.
                case 0x202A...0x202E: ["table", "wide", "csv"].contains(format)
                default: false
                }
            }
            #expect(raw.isEmpty)
            #expect(result.outputText.contains("31mb"))
            // A newline in a name would be a line that begins with what follows it.
            #expect(!result.outputLines.contains { $0.hasPrefix("h") })
        }
    }
}
