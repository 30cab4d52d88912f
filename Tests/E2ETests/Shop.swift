import TestSupport

/// The pods of Tests/Cluster/workloads.yaml, and exchanges between them that are known to the byte.
struct Shop {
    /// A pod, and where it is.
    struct Pod: Sendable {
        let name: String
        let address: String
        let node: String
        /// As flows call it.
        var fullName: String { "shop/\(name)" }
    }

    private let lab: Lab
    /// In the order of the nodes; one on each.
    let frontends: [Pod]
    let backends: [Pod]

    init(_ lab: Lab) async throws {
        self.lab = lab
        frontends = try await Self.pods("frontend", lab)
        backends = try await Self.pods("backend", lab)
    }

    private static func pods(_ app: String, _ lab: Lab) async throws -> [Pod] {
        let all = try await all(app, lab)
        return try lab.nodes.map { node in
            guard let found = all.first(where: { $0.node == node }) else {
                throw Unexpected("no pod of \(app) is on \(node)")
            }
            return found
        }
    }

    /// All pods of a Deployment that have an address and were not deleted.
    static func all(_ app: String, _ lab: Lab) async throws -> [Pod] {
        let path = "/api/v1/namespaces/shop/pods?labelSelector=app%3D\(app)"
        return try await (lab.cluster.get(path)["items"]?.array ?? []).compactMap { item in
            guard item["metadata"]?["deletionTimestamp"] == nil, let name = item["metadata"]?["name"]?.string,
                let address = item["status"]?["podIP"]?.string, let node = item["spec"]?["nodeName"]?.string
            else { return nil }
            return Pod(name: name, address: address, node: node)
        }
    }

    // MARK: Exchanges

    /// What an HTTP request of a kibibyte is, in bytes of payload.
    static let requestSize = 22
    static let answerSize = 1204

    /// Functions for `sh`, with the port that a connection comes from: a client's own port tells it from all others.
    private static let functions = """
        page() { printf 'GET /1024 HTTP/1.0\\r\\n\\r\\n' | socat -t 5 - "TCP4:$1,sourceport=$2,reuseaddr" | wc -c; }
        echo_packet() { printf 12345 | socat -t 1 - "UDP4:$1,sourceport=$2"; }

        """

    /// Runs exchanges in a pod, one line of `page ADDRESS:PORT FROM-PORT` or `echo_packet ADDRESS:PORT FROM-PORT` each.
    ///
    /// - Returns: what they printed: the bytes of each page, and the echoes.
    func exchange(_ lines: [String], in pod: Pod) async throws -> [String] {
        try await Self.words(
            lab.cluster.kubectl(
                "exec", "--namespace", "shop", pod.name, "--container", "client", "--", "sh", "-c",
                Self.functions + lines.joined(separator: "\n")))
    }

    /// The same on the machine out of the cluster.
    func exchangeFromOutside(_ lines: [String]) async throws -> [String] {
        try await Self.words(
            runSuccessfully(
                "ip",
                ["netns", "exec", lab.outside.namespace, "sh", "-c", Self.functions + lines.joined(separator: "\n")]))
    }

    private static func words(_ text: String) -> [String] {
        text.split { $0 == "\n" || $0 == " " }.map(String.init)
    }
}
