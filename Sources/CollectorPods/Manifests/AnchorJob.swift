package import JSONText

/// The Job that owns every pod of a run and never starts one itself: when its deadline passes, because nobody moves it
/// forward any more, the cluster removes it (`ttlSecondsAfterFinished`) and all that it owns.
package struct AnchorJob: Sendable {
    package var run: RunIdentity
    /// Whether it asks for a pod, as controllers before Kubernetes 1.22 want it: without one the time of its deadline does
    /// not begin. The pod is never given to a node.
    package var wantsPod: Bool

    package init(run: RunIdentity, wantsPod: Bool = false) {
        self.run = run
        self.wantsPod = wantsPod
    }

    /// Seconds that the pods of a run live on without a sign of life of it, at the most; all of it shall be over within
    /// 130 s. A kubelet of before Kubernetes 1.22 may confirm that a pod is gone only when it next looks at it, more than a
    /// minute later.
    package var patience: Int64 { wantsPod ? 40 : 100 }
    /// The deadline that it is created with, in seconds. Controllers of before Kubernetes 1.22 may set the time of its
    /// beginning twice, and look at the deadline by the first, when it has not quite passed by the second. They look once
    /// more at an earlier one that is set later (`AnchorLife`).
    package var firstDeadline: Int64 { wantsPod ? patience + 2 : patience }
    /// Seconds before its deadline at which that is moved.
    package var renewal: Int64 { wantsPod ? 20 : 35 }
    /// Seconds by which it is moved.
    package var `extension`: Int64 { patience - renewal }

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
                "parallelism": .integer(wantsPod ? 1 : 0),
                "backoffLimit": 0,
                "activeDeadlineSeconds": .integer(firstDeadline),
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
    /// - Parameter deadline: seconds since the Job began (`status.startTime`).
    package static func postponement(to deadline: Int64) -> JSONTree {
        ["spec": ["activeDeadlineSeconds": .integer(deadline)]]
    }

    /// What is to be sent with the DELETE of the Job. Without a propagation policy the pods would stay.
    package static let deletion: JSONTree = [
        "apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background",
    ]
}
