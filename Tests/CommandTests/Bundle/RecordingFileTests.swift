import TestSupport
import Testing

@Suite("The file that a run is recorded to", .serialized)
struct RecordingFileTests {
    /// Runs a script in a folder that holds `table`, conntrack's text.
    private func record(_ script: String) async throws -> CommandResult {
        try await withTemporaryDirectory { directory in
            try writeFile(Lines.bytes(Lines.first, Lines.second), to: directory + "/table")
            return try await shell(script, in: directory)
        }
    }

    @Test("is nobody's but the user's, also when it was there before")
    func mode() async throws {
        let result = try await record(
            """
            umask 0
            "$netviz" flows --from table --record new >/dev/null 2>&1; stat -c '%a' new
            echo something much longer than what was there > old; head -c 100000 /dev/zero >> old; chmod 666 old
            "$netviz" flows --from table --record old >/dev/null 2>&1; stat -c '%a' old
            test "$(stat -c %s old)" -lt 1000 && echo written over
            """)
        #expect(result.outputText == "600\n600\nwritten over\n")
    }

    @Test(
        "is refused before anything is read or written over",
        arguments: [
            ("touch other; ln -s other file", "cannot record to file: it is a symbolic link"),
            ("ln -s absent file", "cannot record to file: it is a symbolic link"),
            ("mkdir file", "cannot record to file: it is a directory"),
            ("mkfifo file", "cannot record to file: it is not a regular file"),
            ("ln table file", "cannot record to file: it is read as well, and would be written over"),
        ]
    )
    func refused(_ preparation: String, _ message: String) async throws {
        let result = try await record(
            """
            \(preparation)
            timeout 10 "$netviz" flows --from table --record file; echo $?
            wc -l < table; test ! -s other && test ! -e absent && echo untouched
            """)
        #expect(result.outputText == "2\n2\nuntouched\n")
        #expect(result.errorLines.first == "error: " + message)
    }

    @Test("is none of the inputs, by whatever name, and not where the result goes")
    func inputs() async throws {
        let result = try await record(
            """
            echo '{"kind":"List","items":[]}' > objects
            "$netviz" flows --from ./table --record table
            "$netviz" flows --from n1=table --record "$PWD/table"
            "$netviz" flows --from - --record table < table
            "$netviz" flows --from table --inventory objects --record objects
            "$netviz" flows --from table --record result > result
            wc -l < table; cat objects; cat result
            """)
        let read = "it is read as well, and would be written over"
        let lines = result.errorLines.map { $0.split(separator: ": ").last.map(String.init) ?? "" }
        #expect(lines == [read, read, read, read, "the result is written to it"])
        #expect(result.outputText == "2\n{\"kind\":\"List\",\"items\":[]}\n")
    }

    @Test(
        "has a name that is no stream",
        arguments: [
            ("-", "error: --record takes the name of a file, not '-': standard output is the result's"),
            ("/dev/stdout", "error: cannot record to /dev/stdout: it is a symbolic link"),
            ("/dev/fd/1", "error: cannot record to /dev/fd/1: it is a symbolic link"),
            ("/dev/full", "error: cannot record to /dev/full: it is not a regular file"),
            ("", "error: --record names no file"),
            ("absent/file", "error: cannot record to absent/file: No such file or directory"),
        ]
    )
    func names(_ name: String, _ message: String) async throws {
        let result = try await record("\"$netviz\" flows --from table --record '\(name)'")
        #expect(result.status == .exited(2))
        #expect(result.outputText == "")
        #expect(result.errorLines.first == message)
    }

    @Test("that cannot be written on is told after the result, which is whole")
    func full() async throws {
        // A file may have 1024 bytes; the signal that says so is ignored, so that the write fails.
        let files = (RecordedCluster.tables() + RecordedCluster.inventory).joined(separator: " ")
        let result = try await record(
            """
            "$netviz" flows \(files) -o json > plain 2> errors
            (trap '' XFSZ; ulimit -f 1; "$netviz" flows \(files) -o json --record small 2> full-errors; echo $? > status
            ) | cat > result
            cat status; cmp plain result && cat full-errors
            "$netviz" flows --from small; echo $?
            """)
        #expect(
            result.outputLines.prefix(2) == ["2", "error: cannot record to small: File too large"],
            "\(result.outputText) \(result.errorText)")
        #expect(result.outputLines.last == "2")
        #expect(result.errorText.contains("error: small: byte "))
    }

    @Test("of a run that was killed is readable up to where it was cut")
    func killed() async throws {
        let table = RecordedCluster.path("node1.conntrack.txt")
        let result = try await record(
            """
            slowly() { head -60 '\(table)' | while IFS= read -r line; do echo "$line"; sleep 0.02; done; exec sleep 30; }
            mkfifo pipe; slowly > pipe & writer=$!
            "$netviz" flows --from tbn1=pipe --record cut > none & process=$!
            until test "$(stat -c %s cut 2>/dev/null || echo 0)" -gt 3000; do sleep 0.05; done
            kill -9 $process; kill $writer; wait 2>/dev/null
            wc -c < none
            "$netviz" flows --from cut -o json --group-by connection; echo $?
            """)
        #expect(result.outputLines.first == "0")
        #expect(result.outputLines.last == "2")
        let text = result.outputLines.dropFirst().dropLast().joined(separator: "\n")
        let list = try JSONValue(parsing: Array(text.utf8))
        #expect((list["items"]?.array?.count ?? 0) > 10)
        #expect(
            list["coverage"]?["nodes_skipped"]
                == [["node": "tbn1", "reason": "its recording is cut off or damaged; what came before that is shown"]])
        #expect(
            result.errorText.contains(": the file ends before the recording does\nWhat came before that was used.\n"))
    }
}
