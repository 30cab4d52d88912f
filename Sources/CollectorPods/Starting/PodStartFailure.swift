/// Why a pod did not become a collector.
package enum PodStartFailure: Error, Hashable, Sendable {
    /// The image cannot be had.
    case image(String, reason: String, message: String)
    /// The container cannot be made of it.
    case container(reason: String, message: String)
    /// The program is not in the image.
    case notExecutable(image: String, String)
    /// The program came to an end by itself.
    case exited(code: Int64, reason: String, message: String)
    /// The kubelet refused the pod.
    case rejected(reason: String, message: String)
    /// It did not run when the deadline that it was given passed.
    case deadline
    /// No kubelet took notice of it.
    case notSeen(after: Duration)
    /// No sandbox was made for it.
    case noSandbox(after: Duration)
    case unschedulable(reason: String, message: String)
    /// It was evicted, preempted or collected as garbage.
    case evicted(String)
    /// Somebody deleted it.
    case deleted
    /// The time that there was has passed.
    case timedOut(waitingFor: PodStart.Wait, after: Duration)
    /// The time that there was has passed before the pod was created.
    case tooLate
}

extension PodStartFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .image(let image, let reason, let message):
            "the image \(image) cannot be used (\(reason))\(Self.detail(message))"
        case .container(let reason, let message): "its container cannot be created (\(reason))\(Self.detail(message))"
        case .notExecutable(let image, let message): "the program is not in the image \(image)\(Self.detail(message))"
        case .exited(let code, let reason, let message):
            "the pod's process ended by itself with exit code \(code) (\(reason))\(Self.detail(message))"
        case .rejected(let reason, let message):
            "the kubelet refused the pod\(reason.isEmpty ? "" : " (\(reason))")\(Self.detail(message))"
        case .deadline: "the pod's deadline passed"
        case .notSeen(let time):
            "its kubelet took no notice of the pod within \(Self.seconds(time)): the node may be down"
        case .noSandbox(let time):
            "no sandbox for the pod within \(Self.seconds(time)): the node's network plugin or runtime may be broken"
        case .unschedulable(let reason, let message): "the pod cannot be scheduled (\(reason))\(Self.detail(message))"
        case .evicted(let message): "the pod was evicted\(Self.detail(message))"
        case .deleted: "somebody deleted the pod"
        case .timedOut(let wait, let time): "the pod did not run within \(Self.seconds(time)): it waits for \(wait)"
        case .tooLate: "the time for starting collectors was over before it was this node's turn"
        }
    }

    /// The same of a collector that ran.
    package var ending: String {
        switch self {
        case .evicted(let message): "the collector's pod was evicted\(Self.detail(message))"
        case .deleted: "somebody deleted the collector's pod"
        case .deadline: "the deadline of the collector's pod passed"
        case .exited(_, "OOMKilled", let message):
            "the collector's container was killed for want of memory (OOMKilled)\(Self.detail(message))"
        case .exited(let code, let reason, let message):
            "the collector's pod ended by itself with exit code \(code) (\(reason))\(Self.detail(message))"
        case .rejected(let reason, let message):
            "the kubelet ended the collector's pod\(reason.isEmpty ? "" : " (\(reason))")\(Self.detail(message))"
        default: "the collector's pod runs no more: \(description)"
        }
    }

    /// What helps; nil where nobody knows.
    package var remedy: String? {
        switch self {
        case .image(let image, "ErrImageNeverPull", _):
            "The image \(image) is not on the node; name one that is there, or allow pulling it with --image-pull-policy IfNotPresent."
        case .image: "Name an image that the node has or can pull with --collector-image."
        case .notExecutable: "Name an image that has conntrack with --collector-image."
        case .rejected("OutOfpods", _): "The node runs as many pods as it may."
        case .notSeen: "See 'kubectl describe node' for the state of its kubelet."
        case .noSandbox: "See 'kubectl get events' in the collectors' namespace."
        case .timedOut, .tooLate: "Give collectors more time with --start-timeout."
        default: nil
        }
    }

    private static func detail(_ message: String) -> String { message.isEmpty ? "" : ": \(message)" }

    private static func seconds(_ duration: Duration) -> String { "\(duration.components.seconds) s" }
}

extension PodStart.Wait: CustomStringConvertible {
    package var description: String {
        switch self {
        case .kubelet: "the node's kubelet"
        case .scheduling: "the scheduler"
        case .sandbox: "its sandbox"
        case .image: "its image"
        case .container: "its container"
        }
    }
}
