import Glibc
import TestSupport
import Testing

@Suite("A window on a real kernel, recorded and shown again", .serialized)
struct RecordedWindowTests {
    private func replay(_ bundle: String, _ flags: [String]) async throws -> CommandResult {
        try await run(try BuiltExecutable.kubectlNetviz(), ["flows", "--from", bundle] + flags)
    }

    @Test("says byte for byte what the run said, and holds the rules too")
    func window() async throws {
        try await withTemporaryDirectory { folder in
            let bundle = folder + "/window.bundle"
            let flags = ["--group-by", "connection", "--all", "-o", "json"]
            let live = try await LabWindow.with { try await $0.watch(flags + ["--record", bundle]) }
            let flows = try LocalFlows(live)
            #expect(flows.fields(41002, "outcome") == ["carried"])
            #expect(flows.fields(41106, "outcome") == ["refused"])
            let again = try await replay(bundle, flags)
            #expect(again.status == live.status)
            #expect(again.output == live.output)
            #expect(again.errorOutput == live.errorOutput)
            // The router's rules, though flows asks for none.
            let text = String(decoding: try readFile(bundle), as: UTF8.self)
            #expect(text.contains("{\"nftables\": ["))

            // Other forms of the same window, against each other: a bundle of the bundle says the same.
            for form in [["-o", "wide"], ["--group-by", "node", "-o", "csv"], ["-o", "yaml", "--top", "2"]] {
                let first = try await replay(bundle, form + ["--record", folder + "/again.bundle"])
                let second = try await replay(folder + "/again.bundle", form)
                #expect(first.status == .exited(0))
                #expect(first.output == second.output)
                #expect(first.errorOutput == second.errorOutput)
            }
        }
    }

    @Test("whose collector was killed: why there is nothing is said again")
    func failure() async throws {
        try await withTemporaryDirectory { folder in
            let bundle = folder + "/killed.bundle"
            let live = try await LabWindow.with { window in
                try await window.watch(["-o", "json", "--record", bundle]) {
                    let namespace = window.lab.namespace(of: NetworkLab.router)
                    let processes = try await runSuccessfully("ip", ["netns", "pids", namespace])
                    let collector = try #require(
                        try processes.split(separator: "\n").compactMap { Int32($0) }.first { process in
                            try readText("/proc/\(process)/comm") == "netviz-collecto\n"
                        })
                    kill(collector, SIGKILL)
                }
            }
            #expect(live.status == .exited(3))
            #expect(live.outputText.contains("its collector ended before its work was done"))
            let again = try await replay(bundle, ["-o", "json"])
            #expect(again.status == live.status)
            #expect(again.output == live.output)
            #expect(again.errorOutput == live.errorOutput)
        }
    }
}
