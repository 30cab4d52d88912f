import TestSupport
import Testing

@Suite("Where the collector's output goes")
struct OutputTests {
    @Test("a full disk is an error, in words and in the exit code")
    func fullDisk() async throws {
        try await SingleHost.with { host in
            let collector = try BuiltExecutable.netvizCollector()
            let result = try await host.lab.run(
                on: NetworkLab.router,
                "sh",
                ["-c", "exec \"$0\" snapshot --no-rules > /dev/full", collector]
            )
            #expect(result.status == .exited(1))
            #expect(result.errorText == "error: standard output cannot be written: No space left on device\n")
        }
    }

    @Test("a reader that has enough ends it quietly")
    func closedPipe() async throws {
        try await SingleHost.with { host in
            let collector = try BuiltExecutable.netvizCollector()
            let result = try await host.lab.run(
                on: NetworkLab.router,
                "bash",
                ["-c", "\"$0\" snapshot --no-rules | true; exit \"${PIPESTATUS[0]}\"", collector]
            )
            #expect(result.status == .exited(0))
            #expect(result.errorText == "")
        }
    }
}
