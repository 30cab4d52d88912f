package import JSONText

/// What of a pod tells whether its collector can be used (core/v1 Pod).
package struct PodState: Hashable, Sendable {
    /// The state of the pod's only container (`status.containerStatuses[].state`).
    package enum Container: Hashable, Sendable {
        /// Nothing is said of it yet.
        case unknown
        case waiting(reason: String, message: String)
        case running
        case terminated(reason: String, exitCode: Int64, message: String)
    }

    /// One of `status.conditions`.
    package struct Condition: Hashable, Sendable {
        package var type: String
        /// `True`, `False` or `Unknown`.
        package var status: String
        package var reason: String
        package var message: String
    }

    package var name: String
    package var namespace: String
    package var uid: String
    package var resourceVersion: String
    /// The run that it belongs to, by its label.
    package var run: String?
    /// `spec.nodeName`.
    package var node: String
    /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
    package var phase: String
    package var reason: String
    package var message: String
    package var conditions: [Condition]
    package var container: Container
    /// `metadata.creationTimestamp`, nanoseconds since 1970.
    package var created: Int64?
    /// `status.startTime`: when the kubelet first saw it, nanoseconds since 1970.
    package var started: Int64?
    /// Whether somebody deleted it.
    package var isDeleted: Bool
    /// `spec.activeDeadlineSeconds`.
    package var deadline: Int64?

    /// - Parameter document: the pod as the API server gave it.
    /// - Returns: nil where it is none.
    package init?(_ document: JSONTree) {
        guard let metadata = document["metadata"], let name = metadata["name"]?.text else { return nil }
        self.name = name
        namespace = metadata["namespace"]?.text ?? ""
        uid = metadata["uid"]?.text ?? ""
        resourceVersion = metadata["resourceVersion"]?.text ?? ""
        run = metadata["labels"]?[RunIdentity.runLabel]?.text
        created = metadata["creationTimestamp"]?.text.flatMap { RFC3339.nanoseconds($0) }
        isDeleted = metadata["deletionTimestamp"]?.text != nil
        node = document["spec"]?["nodeName"]?.text ?? ""
        deadline = document["spec"]?["activeDeadlineSeconds"]?.integer
        let status = document["status"]
        phase = status?["phase"]?.text ?? "Unknown"
        reason = status?["reason"]?.text ?? ""
        message = status?["message"]?.text ?? ""
        started = status?["startTime"]?.text.flatMap { RFC3339.nanoseconds($0) }
        conditions = (status?["conditions"]?.elements ?? []).map { condition in
            Condition(
                type: condition["type"]?.text ?? "",
                status: condition["status"]?.text ?? "",
                reason: condition["reason"]?.text ?? "",
                message: condition["message"]?.text ?? ""
            )
        }
        let statuses = status?["containerStatuses"]?.elements ?? []
        let own = statuses.first { $0["name"]?.text == CollectorPod.container } ?? statuses.first
        container = own.map { Self.container($0["state"]) } ?? .unknown
    }

    /// The condition of a type; nil where the pod has none of it.
    package func condition(_ type: String) -> Condition? {
        conditions.first { $0.type == type }
    }

    /// Why the cluster takes the pod from its node (condition `DisruptionTarget`, since Kubernetes 1.26); nil where it does
    /// not.
    package var disruption: Condition? {
        guard let condition = condition("DisruptionTarget"), condition.status == "True" else { return nil }
        return condition
    }

    private static func container(_ state: JSONTree?) -> Container {
        if let waiting = state?["waiting"] {
            return .waiting(reason: waiting["reason"]?.text ?? "", message: waiting["message"]?.text ?? "")
        }
        if state?["running"] != nil { return .running }
        if let terminated = state?["terminated"] {
            return .terminated(
                reason: terminated["reason"]?.text ?? "",
                exitCode: terminated["exitCode"]?.integer ?? 0,
                message: terminated["message"]?.text ?? ""
            )
        }
        return .unknown
    }
}
