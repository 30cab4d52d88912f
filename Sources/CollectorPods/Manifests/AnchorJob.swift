package import JSONText

/// The Job that owns every collector of a run and never runs a pod itself: when its deadline passes, because nobody moves it
/// forward any more, the cluster removes it (`ttlSecondsAfterFinished`) and all that it owns.
package struct AnchorJob: Sendable {
    package var run: RunIdentity
    /// Whether it asks for one pod, which no scheduler ever gives to a node: controllers before Kubernetes 1.24 do not
    /// note when a Job without any began, so that its deadline never comes (seen on 1.20.2).
    package var asksForPod: Bool

    package init(run: RunIdentity, asksForPod: Bool = false) {
        self.run = run
        self.asksForPod = asksForPod
    }

    /// Seconds that a run lives on without a sign of life.
    package static let patience: Int64 = 120

    /// A scheduler that there is not: a pod of the Job, where one has to be asked for, is never given to a node.
    package static let schedulerName = "kubectl-netviz-never"

    /// The object to be created (batch/v1 Job). Its image is never pulled, since it asks for no pod.
    package var document: JSONTree {
        [
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": [
                "name": .string(run.anchorName),
                "labels": .object(run.labels.map { .init($0.0, .string($0.1)) }),
            ],
            "spec": [
                "parallelism": asksForPod ? 1 : 0,
                "backoffLimit": 0,
                "activeDeadlineSeconds": .integer(Self.patience),
                "ttlSecondsAfterFinished": 0,
                "template": [
                    "metadata": ["labels": .object(run.labels.map { .init($0.0, .string($0.1)) })],
                    "spec": [
                        "restartPolicy": "Never",
                        "automountServiceAccountToken": false,
                        "schedulerName": .string(Self.schedulerName),
                        "containers": [["name": "anchor", "image": "kubectl-netviz.invalid/never-started"]],
                    ],
                ],
            ],
        ]
    }

    /// The merge patch that moves the deadline.
    ///
    /// - Parameter age: seconds since the Job began (`status.startTime`).
    package static func postponement(age: Int64) -> JSONTree {
        ["spec": ["activeDeadlineSeconds": .integer(max(0, age) + patience)]]
    }

    /// What is to be sent with the DELETE of the Job. Without a propagation policy the pods would stay.
    package static let deletion: JSONTree = [
        "apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background",
    ]
}
