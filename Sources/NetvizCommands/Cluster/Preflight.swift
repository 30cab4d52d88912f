import CollectorPods
import HTTPTransport
import KubernetesAPI
import KubernetesClient

/// Which permissions a run needs, and which of them are missing.
enum Preflight {
    /// One that is missing.
    struct Missing: Sendable, Hashable {
        var attributes: ResourceAttributes
        /// Whether there is no run without it.
        var isRequired: Bool

        /// "create pods/exec in the namespace netviz".
        var description: String {
            let group = attributes.group.isEmpty ? "" : ".\(attributes.group)"
            let scope =
                attributes.namespace.isEmpty ? "in the whole cluster" : "in the namespace \(attributes.namespace)"
            return "\(attributes.verb) \(attributes.resourceWithSubresource)\(group) \(scope)"
        }
    }

    /// All that a run asks for, and whether it can do without.
    static func needs(namespace: String) -> [Missing] {
        var needs: [Missing] = []
        for resource in InventoryResource.all {
            needs.append(Missing(attributes: resource.attributes("list"), isRequired: resource.isRequired))
            needs.append(Missing(attributes: resource.attributes("watch"), isRequired: false))
        }
        func inNamespace(
            _ verbs: [String], _ resource: String, _ subresource: String = "", group: String = "", required: Bool = true
        ) {
            for verb in verbs {
                let attributes = ResourceAttributes(
                    verb: verb, group: group, resource: resource, subresource: subresource, namespace: namespace)
                needs.append(Missing(attributes: attributes, isRequired: required))
            }
        }
        inNamespace(["create", "delete", "list", "watch"], "pods")
        inNamespace(["get", "create"], "pods", "exec")
        inNamespace(["create", "patch", "delete", "list"], "jobs", group: "batch", required: false)
        return needs
    }

    /// Asks the API server for all of them at the same time.
    ///
    /// - Returns: nil where it does not let itself be asked.
    static func missing(namespace: String, by client: ClusterClient) async throws(ClusterError) -> [Missing]? {
        let needs = needs(namespace: namespace)
        let answers = await withTaskGroup(of: (Int, Result<Bool?, ClusterError>).self) { group in
            for (position, need) in needs.enumerated() {
                group.addTask { (position, await isAllowed(need.attributes, by: client)) }
            }
            var answers: [Int: Result<Bool?, ClusterError>] = [:]
            for await (position, answer) in group { answers[position] = answer }
            return answers
        }
        var missing: [Missing] = []
        for (position, need) in needs.enumerated() {
            guard let answer = try answers[position]?.get() else { return nil }
            if !answer { missing.append(need) }
        }
        return missing
    }

    private static func isAllowed(
        _ attributes: ResourceAttributes,
        by client: ClusterClient
    ) async -> Result<Bool?, ClusterError> {
        do throws(ClusterError) {
            let answer = try await client.document(
                APICall(
                    .post, SelfSubjectAccessReview.path, body: SelfSubjectAccessReview.body(attributes),
                    isIdempotent: true))
            return .success(SelfSubjectAccessReview.Answer(answer)?.isAllowed)
        } catch {
            return error.status == 403 || error.status == 404 ? .success(nil) : .failure(error)
        }
    }

    /// Refuses where something is missing without which there is no run: all of it at once.
    static func check(_ missing: [Missing], namespace: String, in context: CommandContext) throws(NetvizError) {
        let required = missing.filter(\.isRequired)
        guard !required.isEmpty else { return }
        let list = required.map { "  \($0.description)" }.joined(separator: "\n")
        throw NetvizError(
            .cluster,
            "permissions are missing, and no pod was created:\n\(list)",
            remedy:
                "Ask whoever administrates the cluster for the roles in plugin/rbac, or see all of them with 'kubectl netviz doctor --collector-namespace \(namespace)'."
        )
    }
}
