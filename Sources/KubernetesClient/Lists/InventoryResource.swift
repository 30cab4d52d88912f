package import Inventory
package import KubernetesAPI

/// A kind of objects that an inventory is made of, and where the API server has it.
package struct InventoryResource: Hashable, Sendable {
    package let kind: ObjectKind
    /// The resource's name in paths, and in rules of RBAC.
    package let resource: String
    /// API groups with versions, "" for the core group, the best first: old servers have only the later ones.
    package let groups: [String]
    /// Whether only its metadata is asked for.
    package let isMetadataOnly: Bool
    /// Whether there is no result without it.
    package let isRequired: Bool
    /// What is lost without it, in words.
    package let use: String

    /// The path of the list over all namespaces.
    func path(_ group: String) -> String {
        group.isEmpty ? ObjectPath.core(nil, resource) : ObjectPath.group(group, nil, resource)
    }

    var details: InventoryItem.Details {
        switch kind {
        case .node: [.nodeFacts]
        case .pod: [.podImages]
        default: []
        }
    }

    private init(
        _ kind: ObjectKind,
        _ resource: String,
        _ groups: [String],
        metadataOnly: Bool = false,
        required: Bool = false,
        use: String
    ) {
        self.kind = kind
        self.resource = resource
        self.groups = groups
        isMetadataOnly = metadataOnly
        isRequired = required
        self.use = use
    }

    package static let nodes = InventoryResource(
        .node, "nodes", [""], required: true, use: "nodes are not known")
    package static let pods = InventoryResource(
        .pod, "pods", [""], required: true, use: "pods are shown by address only")
    package static let services = InventoryResource(
        .service, "services", [""], use: "Services are not named")
    package static let endpointSlices = InventoryResource(
        .endpointSlice, "endpointslices", ["discovery.k8s.io/v1", "discovery.k8s.io/v1beta1"],
        use: "endpoints of Services are not known")
    /// Only where there are no endpoint slices.
    package static let endpoints = InventoryResource(
        .endpoints, "endpoints", [""], use: "endpoints of Services are not known")
    package static let namespaces = InventoryResource(
        .namespace, "namespaces", [""], metadataOnly: true, use: "namespaces without pods are not known")
    package static let replicaSets = InventoryResource(
        .replicaSet, "replicasets", ["apps/v1"], metadataOnly: true,
        use: "Deployments are guessed from the names of ReplicaSets")
    package static let jobs = InventoryResource(
        .job, "jobs", ["batch/v1"], metadataOnly: true, use: "CronJobs are shown as their Jobs")
    package static let cronJobs = InventoryResource(
        .cronJob, "cronjobs", ["batch/v1", "batch/v1beta1"], metadataOnly: true,
        use: "CronJobs are known only by their Jobs")

    /// All of them, in the order in which they are worth having.
    package static let all = [
        nodes, pods, services, endpointSlices, namespaces, replicaSets, jobs, cronJobs,
    ]

    /// What is asked for when it is listed or watched.
    package func attributes(_ verb: String) -> ResourceAttributes {
        let group = groups.first.map { String($0.prefix { $0 != "/" }) } ?? ""
        // The core group's only version has no slash.
        return ResourceAttributes(verb: verb, group: group, resource: resource)
    }
}
