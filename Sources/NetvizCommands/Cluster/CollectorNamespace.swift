import HTTPTransport
import Kubeconfig
import KubernetesAPI
import KubernetesClient

/// The namespace in which collectors' pods are created.
enum CollectorNamespace {
    static let variable = "NETVIZ_COLLECTOR_NAMESPACE"
    private static let usual = "netviz"

    /// What the flag says, else the environment; else `netviz` where there is one, else the context's.
    static func choose(
        _ flag: String?,
        client: ClusterClient,
        environment: [String: String]
    ) async throws(NetvizError) -> String {
        if let flag {
            guard !flag.isEmpty else { throw NetvizError(.usage, "--collector-namespace names no namespace") }
            return flag
        }
        if let name = environment[variable], !name.isEmpty { return name }
        do throws(ClusterError) {
            _ = try await client.document(
                APICall(
                    .get,
                    ObjectPath.namespace(usual),
                    asked: ResourceAttributes(verb: "get", resource: "namespaces", name: usual)
                ))
            return usual
        } catch {
            // Whoever may not look does not use it either. A server that is in trouble says nothing about it.
            guard error.status == 403 || error.status == 404 else { throw NetvizError(error) }
            return client.access.namespace
        }
    }
}
