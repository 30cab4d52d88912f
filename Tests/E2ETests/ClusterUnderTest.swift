import Glibc
import TestSupport

/// The real cluster that these tests talk to, as `scripts/e2e` names it in the environment.
struct ClusterUnderTest {
    /// The path of a kubeconfig whose user may do everything: `NETVIZ_E2E_KUBECONFIG`.
    let kubeconfig: String

    /// - Throws: `Missing` where the environment names no cluster; `make e2e` brings one up.
    init() throws(Missing) {
        guard let kubeconfig = Self.variable("NETVIZ_E2E_KUBECONFIG") else { throw Missing() }
        self.kubeconfig = kubeconfig
    }

    /// The names of the nodes that `Tests/Cluster` made, in the order of their numbers; nil where the cluster is
    /// somebody else's: `NETVIZ_E2E_NODES`.
    var nodesThatWereMade: [String]? {
        Self.variable("NETVIZ_E2E_NODES")?.split(separator: ",").map(String.init)
    }

    /// What the API server answers to a GET of a path such as `/api/v1/nodes`, by way of kubectl.
    func get(_ path: String) async throws -> JSONValue {
        let text = try await runSuccessfully("kubectl", ["--kubeconfig", kubeconfig, "get", "--raw", path])
        return try JSONValue(parsing: Array(text.utf8))
    }

    /// The environment names no cluster.
    struct Missing: Error, CustomStringConvertible {
        var description: String { "NETVIZ_E2E_KUBECONFIG is not set; run the tests by `make e2e`" }
    }

    private static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }
}
