/// The kinds of Kubernetes objects that an inventory is made of.
package enum ObjectKind: String, CaseIterable, Hashable, Sendable {
    case node = "Node"
    case pod = "Pod"
    case service = "Service"
    case endpointSlice = "EndpointSlice"
    case endpoints = "Endpoints"
    case namespace = "Namespace"
    case replicaSet = "ReplicaSet"
    case deployment = "Deployment"
    case statefulSet = "StatefulSet"
    case daemonSet = "DaemonSet"
    case job = "Job"
    case cronJob = "CronJob"
    case replicationController = "ReplicationController"

    /// The kind of an object that says `kind` and, if it does, `apiVersion`; nil for kinds that are not used, and for
    /// kinds of another API group with the same name, as Knative's Service.
    init?(kind: String, apiVersion: String?) {
        self.init(rawValue: kind)
        guard let apiVersion, !apiVersion.isEmpty else { return }
        let group = apiVersion.contains("/") ? String(apiVersion.prefix { $0 != "/" }) : ""
        guard groups.contains(group) else { return nil }
    }

    /// The API groups of the kind, the core group as "".
    private var groups: [String] {
        switch self {
        case .node, .pod, .service, .endpoints, .namespace, .replicationController: [""]
        case .endpointSlice: ["discovery.k8s.io"]
        case .replicaSet, .deployment, .statefulSet, .daemonSet: ["apps", "extensions"]
        case .job, .cronJob: ["batch"]
        }
    }
}
