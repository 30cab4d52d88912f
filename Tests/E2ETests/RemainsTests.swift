import TestSupport
import Testing

extension RealCluster {
    @Suite("What is left behind")
    struct RemainsTests {
        let cluster: ClusterUnderTest
        let plugin: Plugin

        init() throws {
            cluster = try ClusterUnderTest()
            plugin = Plugin(cluster: cluster)
        }

        @Test("by SIGINT, SIGTERM and SIGHUP is nothing, whenever they come", arguments: [2, 15, 1] as [Int32])
        func signals(_ signal: Int32) async throws {
            for wait in [0.4, 2.5, 6] {
                let (_, result) = try await withBackgroundCommand(
                    "kubectl", ["netviz", "flows", "--window", "20s"], environment: try plugin.environment(),
                    stopSignal: signal, stopTimeout: .seconds(20)
                ) { _ in try await Task.sleep(for: .seconds(wait)) }
                if wait > 1 {
                    #expect(result.status == .exited(130), "\(wait) s: \(result.errorText)")
                    #expect(result.errorText.contains("interrupted"))
                }
                #expect(try await plugin.remains(after: .seconds(10)) == [], "\(wait) s")
            }
        }

        @Test("by runs that were killed at any moment is nothing 130 seconds later")
        func killed() async throws {
            var random = SplitMix(seed: UInt64.random(in: 0..<1_000_000))
            for _ in 0..<10 {
                let wait = Double(random.next() % 11_900) / 1000 + 0.1
                _ = try await withBackgroundCommand(
                    "kubectl", ["netviz", "flows", "--window", "20s"], environment: try plugin.environment(),
                    stopSignal: 9, stopTimeout: .seconds(5)
                ) { _ in try await Task.sleep(for: .seconds(wait)) }
            }
            #expect(try await plugin.remains(after: .seconds(130)) == [])
        }

        @Test("by two runs at once is nothing, and neither disturbs the other")
        func twoRuns() async throws {
            async let short = plugin.run(["flows", "--window", "2s", "-o", "json"])
            async let long = plugin.run(["flows", "--window", "7s", "-o", "json"])
            for result in try await [short, long] {
                #expect(result.status == .exited(0), "\(result.errorText)")
                #expect(try JSONValue(parsing: result.output)["coverage"]?["nodes_covered"]?.integer == 2)
            }
            #expect(try await plugin.remains(after: .seconds(15)) == [])
        }

        @Test("otherwise is removed by cleanup, runs under way only where it is asked to")
        func cleanup() async throws {
            try await cluster.kubectl([
                "create", "job", "netviz-planted", "--image=localhost/traffic:1", "--", "sleep", "600",
            ])
            try await cluster.kubectl(["label", "job", "netviz-planted", "netviz.dev/run=planted"])
            let careful = try await plugin.run(["cleanup"])
            #expect(careful.status == .exited(0), "\(careful.errorText)")
            #expect(careful.outputText == "Nothing to remove.\n")
            #expect(careful.errorText.contains("left: job default/netviz-planted"))
            let all = try await plugin.run(["cleanup", "--live"])
            #expect(all.outputText == "job default/netviz-planted removed\n")
            #expect(try await plugin.remains(after: .seconds(30)) == [])
        }
    }
}
