import Glibc
import TestSupport
import Testing

@Suite("Running commands")
struct RunningCommands {
    @Test("gives both streams and the exit code")
    func collects() async throws {
        let result = try await run("sh", ["-c", "cat; echo problem >&2; exit 3"], input: Array("hello".utf8))
        #expect(result.outputText == "hello")
        #expect(result.errorText == "problem\n")
        #expect(result.status == .exited(3))
        #expect(!result.succeeded)
    }

    @Test("tells a signal from an exit code")
    func signalled() async throws {
        #expect(try await run("sh", ["-c", "kill -9 $$"]).status == .signaled(9))
    }

    @Test("takes a path as well as a name")
    func path() async throws {
        #expect(try await run("/bin/echo", ["x"]).outputText == "x\n")
    }

    @Test("gives only the environment that is asked for")
    func environment() async throws {
        let only = try await run("/usr/bin/env", environment: .only(["NETVIZ_TEST": "1"]))
        #expect(only.outputText == "NETVIZ_TEST=1\n")
        let changed = try await run(
            "/usr/bin/env", environment: .inherited(changing: ["NETVIZ_TEST": "2", "HOME": nil]))
        #expect(changed.outputText.contains("NETVIZ_TEST=2\n"))
        #expect(changed.outputText.contains("PATH="))
        #expect(!changed.outputText.contains("HOME="))
    }

    @Test("runs in the folder that is asked for")
    func workingDirectory() async throws {
        #expect(try await run("pwd", workingDirectory: "/").outputText == "/\n")
    }

    @Test("throws when the program does not exist")
    func missing() async {
        await #expect(throws: (any Error).self) { try await run("/nonexistent/program") }
    }

    @Test("throws when the output is longer than allowed, and does not wait for its end")
    func outputLimit() async {
        await #expect(throws: (any Error).self) { try await run("yes", outputLimit: 1000) }
    }

    @Test("kills the whole process group when the time is over")
    func timeout() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory + "/child"
            let script = "sleep 60 & echo $! > \(file); wait"
            await #expect(throws: CommandError.self) {
                try await run("sh", ["-c", script], timeout: .seconds(10))
            }
            let text = try readText(file)
            let child = try #require(Int32(text.dropLast()))
            #expect(try await hasEnded(child))
        }
    }

    @Test("ends a background command with the body, and gives what it wrote")
    func background() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory + "/started"
            let script = "echo started; : > \(file); exec sleep 60"
            let (process, result) = try await withBackgroundCommand("sh", ["-c", script]) { command in
                while !fileExists(file) { try await Task.sleep(for: .milliseconds(10)) }
                return command.processID
            }
            #expect(result.outputText == "started\n")
            #expect(result.status == .signaled(15))
            #expect(try await hasEnded(process))
        }
    }

    @Test("ends a background command when the body throws")
    func backgroundBodyThrows() async throws {
        var process: Int32 = 0
        await #expect(throws: Failure.self) {
            try await withBackgroundCommand("sleep", ["60"]) { command in
                process = command.processID
                throw Failure()
            }
        }
        #expect(process > 0)
        #expect(try await hasEnded(process))
    }

    /// Whether a process is gone, or only waits to be reaped, within two seconds.
    private func hasEnded(_ process: Int32) async throws -> Bool {
        for _ in 0..<100 {
            guard let status = try? readText("/proc/\(process)/stat") else { return true }
            if status.contains(") Z ") { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }
}

struct Failure: Error {}
