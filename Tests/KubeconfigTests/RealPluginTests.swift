import Kubeconfig
import Secrets
import TestSupport
import Testing

/// Plugins as real processes.
@Suite("Plugins that run")
struct RealPluginTests {
    private func source(_ script: String, in folder: String) async throws -> CredentialSource {
        try writeFile(("#!/bin/sh\n" + script).utf8, to: "\(folder)/p.sh")
        _ = try await runSuccessfully("chmod", ["+x", "\(folder)/p.sh"])
        let text = FakeWorld.kubeconfig(FakeWorld.plugin.replacing("/bin/p.sh", with: "./p.sh")).values.joined()
        try writeFile(text.utf8, to: "\(folder)/config")
        var overrides = ConnectionOverrides()
        overrides.kubeconfig = "\(folder)/config"
        let configuration = ConfigurationAccess.system()
        return CredentialSource(try ClusterAccess.load(overrides, with: configuration), with: configuration)
    }

    @Test("A plugin gets its arguments as they are, its variables, and the end of standard input")
    func arguments() async throws {
        try await withTemporaryDirectory { folder in
            let output = FakeWorld.credential(#""token":"%s""#)
            let source = try await source(#"printf '\#(output)' "$1-$A-$(cat)""#, in: folder)
            let credentials = try await source.credentials()
            #expect(credentials.authorization?.revealText() == "Bearer SECRET-argument-SECRET-variable-")
        }
    }

    @Test("A plugin that prints without end is ended")
    func endlessOutput() async throws {
        try await withTemporaryDirectory { folder in
            let source = try await source("exec yes", in: folder)
            let error = await #expect(throws: KubeconfigError.self) { try await source.credentials() }
            #expect(error?.description.contains("wrote more than 4194304 bytes") == true)
        }
    }

    @Test("Cancelling kills a plugin that does not listen, and what it started does not hold anybody up")
    func killed() async throws {
        try await withTemporaryDirectory { folder in
            // The background process keeps standard output open.
            let script = """
                trap '' TERM
                sleep 60 &
                echo $! >'\(folder)/child'
                echo $$ >'\(folder)/pid.new'
                mv '\(folder)/pid.new' '\(folder)/pid'
                while :; do wait; done
                """
            let source = try await source(script, in: folder)
            let task = Task { try await source.credentials() }
            while !fileExists("\(folder)/pid") { try await Task.sleep(for: .milliseconds(20)) }
            let pid = try readText("\(folder)/pid").filter(\.isNumber)
            let start = ContinuousClock.now
            task.cancel()
            let error = await #expect(throws: KubeconfigError.self) { try await task.value }
            #expect(error?.code == .cancelled)
            #expect(!fileExists("/proc/\(pid)"))
            #expect(ContinuousClock.now - start < .seconds(20))
            _ = try await run("kill", ["-KILL", try readText("\(folder)/child").filter(\.isNumber)])
        }
    }
}
