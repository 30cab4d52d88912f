import TestSupport
import Testing

/// All tests of the cluster, one after another: they count what is on it.
@Suite("The real cluster", .serialized)
enum RealCluster {}

extension RealCluster {
    @Suite("Its nodes")
    struct NodesTests {
        @Test("are Ready, all that were made")
        func nodesAreReady() async throws {
            let cluster = try ClusterUnderTest()
            let nodes = try #require(await cluster.get("/api/v1/nodes")["items"]?.array)

            let ready = nodes.filter(isReady).compactMap { $0["metadata"]?["name"]?.string }.sorted()

            #expect(!ready.isEmpty)
            if let made = cluster.nodesThatWereMade { #expect(ready == made) }
        }

        /// Whether a node's condition `Ready` is `True`.
        private func isReady(_ node: JSONValue) -> Bool {
            node["status"]?["conditions"]?.array?.contains { $0["type"] == "Ready" && $0["status"] == "True" } ?? false
        }
    }
}
