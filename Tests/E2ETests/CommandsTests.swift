import TestSupport
import Testing

extension RealCluster {
    @Suite("The other commands")
    struct CommandsTests {
        let cluster: ClusterUnderTest
        let plugin: Plugin

        init() throws {
            cluster = try ClusterUnderTest()
            plugin = Plugin(cluster: cluster)
        }

        @Test("doctor finds nothing in the way")
        func doctor() async throws {
            let result = try await plugin.run(["doctor", "-o", "json"])
            #expect(result.status == .exited(0), "\(result.errorText)")
            let document = try JSONValue(parsing: result.output)
            #expect(document["kind"]?.string == "Examination")
            #expect(document["works"]?.bool == true)
            let checks = document["checks"]?.array ?? []
            #expect(
                checks.map { $0["subject"]?.string } == [
                    "kubeconfig", "server", "identity", "namespace", "permissions", "nodes", "image", "admission",
                ]
            )
            #expect(checks.contains { $0["message"]?.string == "2 of 2 nodes can be looked at" })
            #expect(try await plugin.remains(includingDeleted: true) == [])
        }

        @Test("metrics and drops answer too", arguments: ["metrics", "drops"])
        func others(_ command: String) async throws {
            let result = try await plugin.run([command, "--window", "1s", "-o", "json", "--min-coverage", "100%"])
            #expect(result.status == .exited(0), "\(result.errorText)")
            #expect(!result.output.isEmpty)
            #expect(try await plugin.remains(after: .seconds(15)) == [])
        }
    }
}
