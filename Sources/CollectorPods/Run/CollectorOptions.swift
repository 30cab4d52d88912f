package import KubernetesClient

/// How collectors are brought to the nodes.
package struct CollectorOptions: Sendable {
    /// The namespace of the pods.
    package var namespace: String
    /// `Always`, `IfNotPresent` or `Never`.
    package var pullPolicy: String
    package var pullSecrets: [String]
    package var isPrivileged: Bool
    /// What the pods' process is: a program of the image that waits, and another for images without it.
    package var commands: [[String]]
    /// How long is waited for pods to run.
    package var startTimeout: Duration
    /// Seconds after which a pod ends in any case.
    package var deadline: Int64
    /// Pods that are created at the same time.
    package var parallelism: Int

    package init(
        namespace: String,
        pullPolicy: String = "IfNotPresent",
        pullSecrets: [String] = [],
        isPrivileged: Bool = false,
        commands: [[String]] = CollectorOptions.waitingPrograms,
        startTimeout: Duration = .seconds(60),
        deadline: Int64,
        parallelism: Int = 16
    ) {
        self.namespace = namespace
        self.pullPolicy = pullPolicy
        self.pullSecrets = pullSecrets
        self.isPrivileged = isPrivileged
        self.commands = commands
        self.startTimeout = startTimeout
        self.deadline = deadline
        self.parallelism = parallelism
    }

    /// Programs that wait without doing anything, and need no shell: listening to expectations, of which there are next to
    /// none, where conntrack is in the image.
    package static let waitingPrograms = [["conntrack", "-E", "expect"], ["sleep", "86400"]]
}

/// A node that is to have a collector, and the image for it.
package struct CollectorTarget: Hashable, Sendable {
    package var node: String
    package var image: String

    package init(node: String, image: String) {
        self.node = node
        self.image = image
    }
}

/// A pod that runs on its node.
package struct RunningCollector: Hashable, Sendable {
    package var node: String
    package var pod: String
    package var namespace: String
}

/// Why a node has no collector.
package enum CollectorFailure: Error, Sendable {
    /// The pod was not created.
    case creation(ClusterError)
    case start(PodStartFailure)
    /// As on another node, where it was tried first.
    case asOn(node: String, PodStartFailure)
}

/// What happens to the collectors, for whoever wants to watch.
package enum CollectorProgress: Sendable {
    /// A pod is created on a node.
    case starting(node: String)
    case running(node: String)
    case failed(node: String)
}

extension CollectorFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .creation(let error): "no collector could be created: \(error.summary)"
        case .start(let failure): "the collector did not start: \(failure)" + (failure.remedy.map { "; \($0)" } ?? "")
        case .asOn(let node, let failure): "the collector did not start, as on \(node): \(failure)"
        }
    }
}
