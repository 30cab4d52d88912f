import Glibc
import TestSupport

/// The real cluster that these tests talk to, as `scripts/e2e` names it in the environment.
struct ClusterUnderTest {
    /// The path of a kubeconfig whose user may do everything: `NETVIZ_E2E_KUBECONFIG`.
    let kubeconfig: String

    /// - Throws: `Missing` where the environment names no cluster; `make e2e` brings one up.
    init() throws(Missing) {
        kubeconfig = try Self.required("NETVIZ_E2E_KUBECONFIG")
    }

    /// The names of the nodes that `Tests/Cluster` made, in the order of their numbers; nil where the cluster is
    /// somebody else's: `NETVIZ_E2E_NODES`.
    var nodesThatWereMade: [String]? {
        Self.variable("NETVIZ_E2E_NODES")?.split(separator: ",").map(String.init)
    }

    /// Whether the cluster is one of `Tests/Cluster`, whose nodes are network namespaces of this machine. Somebody else's
    /// is only looked at: nothing is broken there.
    static var isOurs: Bool { variable("NETVIZ_E2E_KUBECONFIG") == nil || variable("NETVIZ_E2E_STATE") != nil }

    /// What the API server answers to a GET of a path such as `/api/v1/nodes`, by way of kubectl.
    func get(_ path: String) async throws -> JSONValue {
        try JSONValue(parsing: try await kubectl("get", "--raw", path))
    }

    /// What kubectl prints for whoever may do everything.
    @discardableResult
    func kubectl(_ arguments: String..., input: String = "") async throws -> String {
        try await runSuccessfully("kubectl", ["--kubeconfig", kubeconfig] + arguments, input: Array(input.utf8))
    }

    /// A variable of the environment.
    /// - Throws: `Missing` where it is not set, or empty.
    static func required(_ name: String) throws(Missing) -> String {
        guard let value = variable(name) else { throw Missing(name: name) }
        return value
    }

    static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }

    /// The environment does not say something about the cluster.
    struct Missing: Error, CustomStringConvertible {
        let name: String
        var description: String { "\(name) is not set; run the tests by `make e2e`" }
    }
}
