/// Finds the workload of a pod by way of its owners.
struct WorkloadResolver {
    struct Workload: Hashable {
        let kind: String
        let name: String
    }

    private struct Key: Hashable {
        let kind: String
        let namespace: String
        let name: String
    }

    /// Kinds that other workloads make and own.
    private static let intermediateKinds: Set<String> = [
        ObjectKind.replicaSet.rawValue, ObjectKind.job.rawValue, ObjectKind.replicationController.rawValue,
    ]

    private var byUID: [String: Controller] = [:]
    private var byName: [Key: Controller] = [:]

    init(_ controllers: [Controller]) {
        for controller in controllers {
            if !controller.uid.isEmpty { byUID[controller.uid] = controller }
            byName[Key(kind: controller.kind.rawValue, namespace: controller.namespace, name: controller.name)] =
                controller
        }
    }

    func workload(of pod: Pod) -> Workload {
        guard let owner = pod.owner else { return Workload(kind: ObjectKind.pod.rawValue, name: pod.name) }
        if owner.kind == ObjectKind.node.rawValue { return staticPod(pod, owner: owner) }
        guard Self.intermediateKinds.contains(owner.kind) else { return Workload(kind: owner.kind, name: owner.name) }
        if let controller = controller(owner, namespace: pod.namespace) {
            let top = controller.owner
            return Workload(kind: top?.kind ?? owner.kind, name: top?.name ?? owner.name)
        }
        // A Deployment names its ReplicaSets by this label (the deployment controller's `getNewReplicaSet`).
        if owner.kind == ObjectKind.replicaSet.rawValue, let hash = pod.labels["pod-template-hash"], !hash.isEmpty,
            owner.name.hasSuffix("-\(hash)"), owner.name.utf8.count > hash.utf8.count + 1
        {
            return Workload(
                kind: ObjectKind.deployment.rawValue,
                name: String(owner.name.dropLast(hash.count + 1))
            )
        }
        return Workload(kind: owner.kind, name: owner.name)
    }

    private func controller(_ reference: OwnerReference, namespace: String) -> Controller? {
        if !reference.uid.isEmpty, let controller = byUID[reference.uid] { return controller }
        return byName[Key(kind: reference.kind, namespace: namespace, name: reference.name)]
    }

    /// The kubelet adds the node's name to that of a pod from a manifest on the node.
    private func staticPod(_ pod: Pod, owner: OwnerReference) -> Workload {
        let suffix = "-\(pod.nodeName ?? owner.name)"
        let isSuffixed = pod.name.hasSuffix(suffix) && pod.name.utf8.count > suffix.utf8.count
        return Workload(kind: "StaticPod", name: isSuffixed ? String(pod.name.dropLast(suffix.count)) : pod.name)
    }
}
