import TestSupport
import Testing

@Suite("Standard input, output and error", .serialized)
struct StreamTests {
    @Test("a dash is standard input, with or without a node's name")
    func dash() async throws {
        let bytes = Lines.bytes(Lines.first)
        let plain = try FlowList(try await netviz(["flows", "--from", "-", "-ojson"], input: bytes))
        #expect(plain.coverage["nodes"]?[0]?["file"] == "standard input")
        let named = try FlowList(try await netviz(["flows", "--from", "tbn1=-", "-ojson"], input: bytes))
        #expect(named.coverage["nodes"]?[0]?["node"] == "tbn1")
        #expect(named.connections == 1)
    }

    @Test("the inventory may come from standard input too")
    func inventoryFromInput() async throws {
        let nodes = try readFile(RecordedCluster.path("nodes.json"))
        let arguments = ["flows", "-ojson"] + RecordedCluster.tables() + ["--inventory", "-"]
        let flows = try FlowList(try await netviz(arguments, input: nodes))
        #expect(flows.coverage["nodes_total"] == 2)
        #expect(flows.items(["source_node": "tbn1"]).isEmpty == false)
    }

    @Test(
        "standard input given twice is refused",
        arguments: [
            ["--from", "-", "-"], ["--from", "a=-", "--from", "b=-"], ["--from", "-", "--inventory", "-"],
            ["--from", "tbn1=-", "--inventory", "-"],
        ]
    )
    func dashTwice(_ flags: [String]) async throws {
        let result = try await netviz(["flows"] + flags, input: Lines.bytes(Lines.first))
        #expect(result.status == .exited(2))
        #expect(result.errorText == "error: standard input ('-') can be given only once\n")
    }

    @Test("a file name that is empty is refused")
    func emptyNames() async throws {
        for (flags, message) in [
            (["--from", ""], "--from names no file"), (["--from", "tbn1="], "--from names no file for node \"tbn1\""),
            (["--from", "-", "--inventory", ""], "--inventory names no file"),
        ] {
            let result = try await netviz(["flows"] + flags)
            #expect(result.status == .exited(2))
            #expect(result.errorText == "error: \(message)\n")
        }
    }

    @Test(
        "a reader that leaves early ends the command without a word",
        arguments: ["table", "csv", "json", "ndjson", "yaml"])
    func closedPipe(_ format: String) async throws {
        // More than a pipe holds, from many lines of one file.
        let lines = (1...2000).map { port in
            "tcp 6 9 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=\(port) dport=1 src=10.0.0.2 dst=10.0.0.1 sport=1 dport=\(port)\n"
        }
        let script = """
            "$netviz" flows --from table --group-by connection -o \(format) 2>errors | head -c 1 >/dev/null
            echo ${PIPESTATUS[0]}
            trap '' PIPE
            "$netviz" flows --from table --group-by connection -o \(format) 2>>errors | :
            echo ${PIPESTATUS[0]}
            """
        try await withTemporaryDirectory { directory in
            try writeFile(lines.joined().utf8, to: directory + "/table")
            let result = try await shell(script, in: directory)
            // 128 + SIGPIPE.
            #expect(result.outputText == "141\n141\n")
            #expect(try readText(directory + "/errors") == "")
        }
    }

    @Test(
        "output that cannot be written is an error",
        arguments: [
            "flows --from table", "flows --from table -owide", "flows --from table -ocsv", "flows --from table -ojson",
            "flows --from table -oyaml", "flows --from table -ondjson", "flows -h", "version", "--version", "help",
        ]
    )
    func fullDevice(_ command: String) async throws {
        let script = """
            "$netviz" \(command) >/dev/full; echo $?
            "$netviz" \(command) >&-; echo $?
            """
        try await withTemporaryDirectory { directory in
            try writeFile(Lines.first.utf8, to: directory + "/table")
            let result = try await shell(script, in: directory)
            #expect(result.outputText == "2\n2\n")
            #expect(
                result.errorText == """
                    error: cannot write to standard output: No space left on device
                    error: cannot write to standard output: Bad file descriptor

                    """
            )
        }
    }

    @Test("a misspelt file is told while another is still being written")
    func misspeltBesideAPipe() async throws {
        let script = """
            mkfifo pipe; exec 3<>pipe
            timeout 10 "$netviz" flows --from pipe --inventory absent; echo $?
            timeout 10 "$netviz" flows --from absent --inventory pipe; echo $?
            timeout 10 "$netviz" flows --from pipe --from absent; echo $?
            """
        try await withTemporaryDirectory { directory in
            let result = try await shell(script, in: directory)
            #expect(result.outputText == "2\n2\n2\n")
            let message = "error: cannot read absent: No such file or directory\n"
            #expect(result.errorText == String(repeating: message, count: 3))
        }
    }

    @Test("with standard input closed there is nothing to read, whatever else is open")
    func closedInput() async throws {
        let files = "--from table --from - --inventory '\(RecordedCluster.path("nodes.json"))'"
        try await withTemporaryDirectory { directory in
            try writeFile(Lines.first.utf8, to: directory + "/table")
            let result = try await shell("\"$netviz\" flows \(files) <&-", in: directory)
            #expect(result.status == .exited(2))
            #expect(result.errorText == "error: cannot read standard input: Bad file descriptor\n")
        }
    }

    @Test("with standard error closed the result is still written")
    func closedError() async throws {
        try await withTemporaryDirectory { directory in
            try writeFile(Lines.bytes(Lines.first, "garbage\n"), to: directory + "/table")
            let result = try await shell("\"$netviz\" flows --from table --no-headers 2>&-; echo $?", in: directory)
            #expect(result.outputLines.count == 2)
            #expect(result.outputLines.last == "0")
        }
    }
}
