import TestSupport
import Testing

@Suite("A table that is not as it should be", .serialized)
struct BadTableTests {
    /// The flows of a file with these bytes, named `table` in the folder where the command runs.
    private func flows(of bytes: [UInt8], _ flags: String...) async throws -> CommandResult {
        try await withTemporaryDirectory { directory in
            try writeFile(bytes, to: directory + "/table")
            return try await netviz(["flows", "--from", "table"] + flags, in: directory)
        }
    }

    @Test(
        "what cannot be opened or read is named with the reason",
        arguments: [
            ("absent", "error: cannot read absent: No such file or directory\n"),
            (".", "error: cannot read .: it is a directory\nGive the files in it.\n"),
            ("tbn1=absent", "error: cannot read absent: No such file or directory\n"),
            ("/proc/self/mem", "error: cannot read /proc/self/mem: Input/output error\n"),
            ("/etc/passwd/x", "error: cannot read /etc/passwd/x: Not a directory\n"),
            ("a\u{1B}[31m", "error: cannot read a^[[31m: No such file or directory\n"),
        ]
    )
    func unreadable(_ file: String, _ message: String) async throws {
        try await withTemporaryDirectory { directory in
            let result = try await netviz(["flows", "--from", file], in: directory)
            #expect(result.status == .exited(2))
            #expect(result.outputText == "")
            #expect(result.errorText == message)
        }
    }

    @Test("a file that must not be read is named with the reason")
    func forbidden() async throws {
        // Root reads any file, unless it gives that right up.
        let script = """
            touch table; chmod 000 table
            [ "$(id -u)" = 0 ] && drop="setpriv --bounding-set=-dac_override,-dac_read_search"
            $drop "$netviz" flows --from table
            """
        try await withTemporaryDirectory { directory in
            let result = try await shell(script, in: directory)
            #expect(result.status == .exited(2))
            #expect(result.errorText == "error: cannot read table: Permission denied\n")
        }
    }

    @Test("a malformed line is told with file and line, and left out; the rest is used")
    func malformedLine() async throws {
        let result = try await flows(of: Lines.bytes(Lines.first, "garbage line\n", Lines.second))
        #expect(result.status == .exited(0))
        #expect(result.cells.dropFirst().map { $0[0] } == ["10.244.1.2", "10.244.1.2"])
        #expect(
            result.errorLines == [
                "warning: table: line 2, column 1: \"garbage line\" is not a conntrack entry; the line is left out",
                """
                1 of 1 source, no window: totals over each connection's life; 1 malformed line left out; refused \
                connections not observable without events
                """,
            ]
        )
    }

    @Test("of many malformed lines five are told, then their number")
    func manyMalformedLines() async throws {
        let result = try await flows(of: Lines.bytes(Lines.first, String(repeating: "garbage\n", count: 1000)))
        #expect(result.status == .exited(0))
        #expect(result.errorLines.count == 7)
        #expect(result.errorLines[4].hasPrefix("warning: table: line 6, column 1: "))
        #expect(result.errorLines[5] == "warning: table: 995 more malformed lines are left out")
        #expect(result.errorLines[6].contains("1000 malformed lines left out"))
    }

    @Test("the last line may lack its newline, and lines may end as on Windows")
    func lineEnds() async throws {
        let bare = Lines.second.dropLast()
        #expect(try await flows(of: Lines.bytes(Lines.first, String(bare)), "--no-headers").outputLines.count == 2)
        let windows = Lines.first.dropLast() + "\r\n" + bare + "\r\n"
        #expect(try await flows(of: Array(windows.utf8), "--no-headers").outputLines.count == 2)
    }

    @Test("a file without any entry is no table")
    func garbage() async throws {
        let text = try await flows(of: Array("one\ntwo\n".utf8))
        #expect(text.status == .exited(2))
        #expect(text.outputText == "")
        #expect(
            text.errorLines.suffix(2).first?.hasPrefix("error: table holds no conntrack entry in 2 lines; ") == true)
        #expect(text.errorLines.last == "Give what 'conntrack -L', 'conntrack -E' or /proc/net/nf_conntrack printed.")
    }

    @Test("bytes that are no text are refused, and nothing of them reaches the terminal as it is")
    func binary() async throws {
        // Every byte value, a thousand times, in an order that no text has.
        let bytes = (0..<256_000).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ ($0 >> 8)) }
        let result = try await flows(of: bytes)
        #expect(result.status == .exited(2))
        #expect(result.errorOutput.allSatisfy { $0 == 10 || (32..<127).contains($0) })
        #expect(result.errorText.contains("error: table holds no conntrack entry in "))
    }

    @Test(
        "another kind of file is named as what it is",
        arguments: [
            (
                [0x1F, 0x8B, 0x08, 0x00, 0x00],
                "error: table is compressed by gzip\nGive it as '--from -' behind 'zcat'.\n"
            ),
            ([0xFF, 0xFE, 0x69, 0x00], "error: table is UTF-16 text\nSave it as UTF-8.\n"),
            ([0xFE, 0xFF, 0x00, 0x69], "error: table is UTF-16 text\nSave it as UTF-8.\n"),
            (
                Array(" {\"kind\":\"List\",\"items\":[]}".utf8),
                "error: table is JSON, but neither conntrack's text nor 'nft -j list ruleset'\nObjects of the cluster are given with --inventory.\n"
            ),
        ] as [([UInt8], String)]
    )
    func otherKinds(_ bytes: [UInt8], _ message: String) async throws {
        let result = try await flows(of: bytes)
        #expect(result.status == .exited(2))
        #expect(result.errorText == message)
    }

    @Test("a line of 100 MB is left out, and never held in memory")
    func longLine() async throws {
        // The command still waits for the end of its input when its peak of memory is read.
        let script = """
            mkfifo input
            "$netviz" flows --no-headers --from input >output 2>errors & process=$!
            exec 3>input
            head -c 100000000 /dev/zero | tr '\\0' x >&3
            grep -o 'VmHWM:.*[0-9]' /proc/$process/status | tr -dc 0-9
            printf '\\n%s' "$line" >&3
            exec 3>&-
            wait $process; echo " $?"
            cat errors
            """
        try await withTemporaryDirectory { directory in
            let result = try await shell("line='\(Lines.first)'\n" + script, in: directory)
            let numbers = result.outputLines.first?.split(separator: " ").compactMap { Int($0) } ?? []
            try #require(numbers.count == 2, "\(result.outputText)\(result.errorText)")
            #expect(numbers[0] < 60_000, "kilobytes at the peak")
            #expect(numbers[1] == 0)
            #expect(
                result.outputLines[1]
                    == "warning: input: line 1, column 65537: the line is too long; the line is left out"
            )
            #expect(try readText(directory + "/output").contains("10.244.2.3"))
        }
    }

    @Test("the same file twice adds nothing")
    func sameFileTwice() async throws {
        let once = try await flows(of: Lines.bytes(Lines.first, Lines.second))
        let twice = try await flows(of: Lines.bytes(Lines.first, Lines.second), "--from", "table")
        #expect(once.outputText == twice.outputText)
    }

    @Test("an equals sign names a node only behind what can be a node's name")
    func equalsSigns() async throws {
        try await withTemporaryDirectory { directory in
            try writeFile(Lines.first.utf8, to: directory + "/a=b")
            try writeFile(Lines.first.utf8, to: directory + "/A=b")
            let nodes = ["n=a=b", "n=./a=b", "./a=b", "A=b"]
            var observers: [JSONValue?] = []
            for argument in nodes {
                let result = try await netviz(["flows", "-ojson", "--from", argument], in: directory)
                observers.append(try FlowList(result).coverage["nodes"]?[0])
            }
            #expect(observers.map { $0?["node"]?.string } == ["n", "n", nil, nil])
            #expect(observers.map { $0?["file"]?.string } == [nil, nil, "./a=b", "A=b"])
            let taken = try await netviz(["flows", "--from", "a=b"], in: directory)
            #expect(taken.errorText == "error: cannot read b: No such file or directory\n")
        }
    }
}
