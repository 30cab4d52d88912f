import TestSupport
import Testing

@Suite("Large clusters")
struct ManyNodesTests {
    @Test("Two hundred nodes with twenty entries each are all read, and nothing is left there")
    func manyNodes() async throws {
        let options = FakeAPIServerOptions([
            "--nodes", "200", "--pods", "1000", "--services", "100", "--entries", "20", "--speed", "50",
        ])
        try await withTemporaryDirectory { folder in
            try await withFakeAPIServer(options) { server in
                let cluster = RunningCluster(server: server, folder: folder)
                try writeFile(server.kubeconfig().utf8, to: cluster.kubeconfig)
                try server.control("programs", SmallCluster.programs([]))

                let pods = try server.state()["pods"]?.array ?? []
                let nodesWithPods = Set(pods.compactMap { $0["spec"]?["nodeName"]?.string })
                #expect(pods.count == 1000)

                let result = try await cluster.netviz(
                    [
                        "flows", "--window", "1s", "--all", "--collector-image", "tools:1", "--group-by", "node",
                        "--start-timeout", "5m",
                    ], timeout: .seconds(400))

                #expect(result.status == .exited(0))
                #expect(result.errorText.hasPrefix("200 of 200 nodes, "))
                #expect(Set(try cluster.nodesOfCreatedPods()).count == 200)
                let sources = Set(result.cells.dropFirst().compactMap(\.first)).subtracting(["(external)"])
                #expect(sources.map { $0.replacing("node:", with: "") }.sorted() == nodesWithPods.sorted())
                #expect(try await cluster.leftovers() == [])
            }
        }
    }
}
