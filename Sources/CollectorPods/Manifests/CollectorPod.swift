package import JSONText

/// A pod that looks at one node: as little privilege as reading its tables takes, for as short as can be.
package struct CollectorPod: Sendable {
    /// What owns the pod, so that it goes when that goes.
    package struct Owner: Hashable, Sendable {
        package var name: String
        package var uid: String

        package init(name: String, uid: String) {
            self.name = name
            self.uid = uid
        }
    }

    /// Of our choice rather than the server's, so that a creation whose answer was lost can be tried again.
    package var name: String
    package var run: RunIdentity
    /// `spec.nodeName`: the scheduler is passed by, so that cordoned nodes are reached as well.
    package var node: String
    package var image: String
    /// `Always`, `IfNotPresent` or `Never`.
    package var pullPolicy: String
    /// Names of secrets in the pod's namespace.
    package var pullSecrets: [String]
    /// The container's process, executed directly: there may be no shell.
    package var command: [String]
    package var isPrivileged: Bool
    package var owner: Owner?
    /// Seconds after which the kubelet ends the pod, whoever else forgets to.
    package var deadline: Int64
    /// When the run is over at the latest, RFC 3339.
    package var expires: String

    package init(
        name: String,
        run: RunIdentity,
        node: String,
        image: String,
        pullPolicy: String = "IfNotPresent",
        pullSecrets: [String] = [],
        command: [String],
        isPrivileged: Bool = false,
        owner: Owner? = nil,
        deadline: Int64,
        expires: String
    ) {
        self.name = name
        self.run = run
        self.node = node
        self.image = image
        self.pullPolicy = pullPolicy
        self.pullSecrets = pullSecrets
        self.command = command
        self.isPrivileged = isPrivileged
        self.owner = owner
        self.deadline = deadline
        self.expires = expires
    }

    /// The name of its only container.
    package static let container = "collector"

    /// The object to be created (core/v1 Pod).
    package var document: JSONTree {
        .object([
            .init("apiVersion", "v1"),
            .init("kind", "Pod"),
            .init("metadata", metadata),
            .init("spec", spec),
        ])
    }

    private var metadata: JSONTree {
        var members: [JSONTree.Member] = [
            .init("name", .string(name)),
            .init("labels", .object((run.labels + Self.meshLabels).map { .init($0.0, .string($0.1)) })),
            .init(
                "annotations",
                .object(
                    ([(RunIdentity.nodeAnnotation, node), (RunIdentity.expiryAnnotation, expires)]
                        + Self.hygieneAnnotations).map { .init($0.0, .string($0.1)) })
            ),
        ]
        if let owner {
            members.append(
                .init(
                    "ownerReferences",
                    [["apiVersion": "batch/v1", "kind": "Job", "name": .string(owner.name), "uid": .string(owner.uid)]]
                )
            )
        }
        return .object(members)
    }

    /// A mesh's proxy has no place in a pod that uses its node's network.
    private static let meshLabels = [("sidecar.istio.io/inject", "false")]
    private static let hygieneAnnotations = [
        ("linkerd.io/inject", "disabled"),
        // It must not keep a node from being scaled down.
        ("cluster-autoscaler.kubernetes.io/safe-to-evict", "true"),
    ]

    private var spec: JSONTree {
        var members: [JSONTree.Member] = [
            .init("nodeName", .string(node)),
            .init("os", ["name": "linux"]),
            .init("hostNetwork", true),
            .init("restartPolicy", "Never"),
            // With 0 the object would be gone before the container is.
            .init("terminationGracePeriodSeconds", 1),
            .init("activeDeadlineSeconds", .integer(deadline)),
            .init("automountServiceAccountToken", false),
            .init("enableServiceLinks", false),
            .init("tolerations", [["operator": "Exists"]]),
            .init("containers", [container]),
        ]
        if !pullSecrets.isEmpty {
            members.append(.init("imagePullSecrets", .array(pullSecrets.map { ["name": .string($0)] })))
        }
        return .object(members)
    }

    private var container: JSONTree {
        [
            "name": .string(Self.container),
            "image": .string(image),
            "imagePullPolicy": .string(pullPolicy),
            "command": .array(command.map { .string($0) }),
            "securityContext": securityContext,
        ]
    }

    private var securityContext: JSONTree {
        guard !isPrivileged else {
            return ["privileged": true, "runAsUser": 0, "readOnlyRootFilesystem": true]
        }
        return [
            "runAsUser": 0,
            "allowPrivilegeEscalation": false,
            "readOnlyRootFilesystem": true,
            "capabilities": ["drop": ["ALL"], "add": ["NET_ADMIN", "NET_RAW"]],
            "seccompProfile": ["type": "RuntimeDefault"],
        ]
    }
}
