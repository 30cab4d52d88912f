import TestSupport
import Testing

/// The recording of a cluster of two nodes: what conntrack(8) and the kernel printed on each, and the objects that
/// kubectl printed.
enum RecordedCluster {
    /// The forms in which the tables were recorded.
    enum Form: String, CaseIterable {
        /// `conntrack -L -o extended`.
        case list = "conntrack.txt"
        /// `/proc/net/nf_conntrack`.
        case procFile = "nf_conntrack.txt"
    }

    static let nodes = ["tbn1", "tbn2"]

    static func path(_ file: String) -> String {
        Repository.path("Tests/Fixtures/two-node-cluster/" + file)
    }

    /// `--from NODE=FILE …` for the tables of nodes in a form.
    static func tables(_ form: Form = .list, of nodes: [String] = nodes) -> [String] {
        nodes.flatMap { ["--from", "\($0)=" + path("node\($0.suffix(1)).\(form.rawValue)")] }
    }

    /// `--from NODE=FILE …` for the rules and the statistics of both nodes.
    static let rules = nodes.flatMap { node in
        ["iptables-save.txt", "conntrack-stats.txt"].flatMap {
            ["--from", "\(node)=" + path("node\(node.suffix(1)).\($0)")]
        }
    }

    /// `--inventory FILE …` for all objects.
    static let inventory =
        ["--inventory"]
        + ["nodes", "pods", "services", "endpoints", "replicasets", "deployments", "namespaces"].map {
            path($0 + ".json")
        }

    /// Runs `flows` on all that was recorded.
    static func flows(_ flags: String...) async throws -> CommandResult {
        try await netviz(["flows"] + tables() + inventory + flags)
    }

    /// Runs `metrics` on all that was recorded.
    static func metrics(_ flags: String...) async throws -> CommandResult {
        try await netviz(["metrics"] + tables() + inventory + flags)
    }
}

/// What `-o json` printed.
struct FlowList {
    let coverage: JSONValue
    let items: [JSONValue]

    init(_ result: CommandResult) throws {
        #expect(result.status == .exited(0), "\(result.errorText)")
        let document = try JSONValue(parsing: result.output)
        #expect(document["apiVersion"] == "netviz.dev/v1")
        #expect(document["kind"] == "FlowList")
        coverage = try #require(document["coverage"])
        items = try #require(document["items"]?.array)
    }

    /// The flows of the recorded cluster under some flags.
    init(recorded flags: [String]) async throws {
        try self.init(
            await netviz(["flows"] + RecordedCluster.tables() + RecordedCluster.inventory + ["-o", "json"] + flags)
        )
    }

    /// The sum of a number over all flows; a flow without it adds nothing.
    func sum(_ field: String) -> Int { items.compactMap { $0[field]?.integer }.reduce(0, +) }

    var connections: Int { sum("connection_count") }

    /// The flows in which the fields have these texts.
    func items(_ fields: [String: String]) -> [JSONValue] {
        items.filter { item in fields.allSatisfy { item[$0.key]?.string == $0.value } }
    }
}
