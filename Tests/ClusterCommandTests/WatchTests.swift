import TestSupport
import Testing

@Suite("Pods that come and go while a run lasts")
struct WatchTests {
    private static let tables: [(node: String, lines: [String])] = {
        let line = SmallCluster.connection(from: "10.244.1.99", 50000, to: "10.244.3.10", 5432, id: 9)
        return [("n1", [line]), ("n2", SmallCluster.tables[1].lines), ("n3", [line])]
    }()
    private static let late = #"{"items": ["# + SmallCluster.pod("late", on: "n1", address: "10.244.1.99") + "]}"
    private static let removal = #"{"resource": "pods", "namespace": "shop", "name": "late"}"#

    /// Runs `flows` while `body` does, which begins when the pods of the cluster are watched.
    private func flows(
        _ cluster: RunningCluster,
        meanwhile body: () async throws -> Void
    ) async throws -> CommandResult {
        async let result = cluster.netviz(["flows", "--window", "3s", "--all"])
        try await cluster.awaitRequest("GET", "/api/v1/pods") { $0.parameters("watch") == ["true"] }
        try await body()
        return try await result
    }

    @Test("A pod that was born and died within the window is named")
    func shortLived() async throws {
        try await withSmallCluster(tables: Self.tables) { cluster in
            let result = try await flows(cluster) {
                try cluster.server.control("put", Self.late)
                try await Task.sleep(for: .seconds(1))
                try cluster.server.control("remove", Self.removal)
            }
            #expect(result.status == .exited(0))
            #expect(result.pairs.contains("shop/late -> shop/db"))
        }
    }

    @Test("A watch that has expired is begun anew from a list, and what was born meanwhile is named")
    func expired() async throws {
        try await withSmallCluster(tables: Self.tables) { cluster in
            let result = try await flows(cluster) {
                try cluster.server.control("compact")
                try cluster.server.control("end-watches", #"{"error": 410}"#)
                try cluster.server.control("put", Self.late)
            }
            #expect(result.status == .exited(0))
            #expect(result.pairs.contains("shop/late -> shop/db"))
            let lists = try cluster.requests("GET", "/api/v1/pods").filter { $0.parameters("watch").isEmpty }
            #expect(lists.count == 2)
        }
    }
}
