/// What becomes of a pod that was created, told from what the API server says of it and from the time that passes.
///
/// A failure is told as soon as it is certain, not when a timeout has passed (Kubernetes waits on where a person may
/// still help).
package struct PodStart: Sendable {
    /// How far it is.
    package enum Progress: Hashable, Sendable {
        /// For what it waits.
        case waiting(Wait)
        case running
        case failed(PodStartFailure)
    }

    /// What a pod waits for.
    package enum Wait: Hashable, Sendable {
        /// The node's kubelet has not seen it.
        case kubelet
        case scheduling
        /// Its sandbox and volumes.
        case sandbox
        case image
        case container
    }

    package private(set) var progress = Progress.waiting(.kubelet)
    private let image: String
    private let created: Duration
    private var lastState: PodState?
    private var pullFailures = 0
    private var firstPullFailure: Duration?
    private var isPullFailing = false

    /// How long a pull that fails is waited for: the second attempt comes after ten seconds, and what it cannot get
    /// either, nobody will.
    static let pullPatience = Duration.seconds(25)
    /// A kubelet that lives sees a pod within a second.
    static let kubeletPatience = Duration.seconds(20)
    /// Sandboxes take a second where the network plugin works.
    static let sandboxPatience = Duration.seconds(40)

    /// - Parameters:
    ///   - image: what it was created with, for messages.
    ///   - now: on any clock that goes on, the same for all calls.
    package init(image: String, createdAt now: Duration) {
        self.image = image
        created = now
    }

    /// Takes what a watch told of the pod.
    ///
    /// - Parameter isRemoved: whether the object is gone, and `state` is its last.
    package mutating func take(_ state: PodState, isRemoved: Bool = false, at now: Duration) {
        guard !isOver else { return }
        lastState = state
        progress = judge(state, isRemoved: isRemoved, at: now)
    }

    /// A pod that ran is there no more, and nobody saw why.
    package mutating func vanish() {
        guard !isOver else { return }
        progress = .failed(.deleted)
    }

    /// Takes note of the time that has passed without news.
    package mutating func wait(until now: Duration) {
        guard !isOver else { return }
        guard let lastState else {
            if now - created > Self.kubeletPatience { progress = .failed(.notSeen(after: now - created)) }
            return
        }
        progress = judge(lastState, isRemoved: false, at: now)
    }

    /// Gives up, because all the time that there is has passed.
    package mutating func giveUp(at now: Duration) {
        guard !isOver, case .waiting(let wait) = progress else { return }
        progress = .failed(.timedOut(waitingFor: wait, after: now - created))
    }

    private var isOver: Bool {
        if case .failed = progress { true } else { false }
    }

    private mutating func judge(_ state: PodState, isRemoved: Bool, at now: Duration) -> Progress {
        if let failure = ended(state, isRemoved: isRemoved) { return .failed(failure) }
        if state.container == .running { return .running }
        if let disruption = state.disruption { return .failed(.evicted(disruption.message)) }
        if let scheduled = state.condition("PodScheduled"), scheduled.status == "False" {
            return .failed(.unschedulable(reason: scheduled.reason, message: scheduled.message))
        }
        if case .waiting(let reason, let message) = state.container {
            if let failure = waitingFailure(reason, message, at: now) { return .failed(failure) }
            if isPullFailing { return .waiting(.image) }
        }
        let waited = now - created
        guard state.started != nil else {
            return waited > Self.kubeletPatience ? .failed(.notSeen(after: waited)) : .waiting(.kubelet)
        }
        if let sandbox = state.condition("PodReadyToStartContainers"), sandbox.status == "False" {
            return waited > Self.sandboxPatience ? .failed(.noSandbox(after: waited)) : .waiting(.sandbox)
        }
        return .waiting(.container)
    }

    /// Why a pod that has ended, or is gone, cannot be used; nil where it has not.
    private func ended(_ state: PodState, isRemoved: Bool) -> PodStartFailure? {
        if state.reason == "DeadlineExceeded" { return .deadline }
        // The kubelet's own reason, which is told before or together with what became of the container.
        if state.reason == "Evicted" { return .evicted(state.message) }
        // It is not restarted, so that what ended has ended, whatever the phase says yet.
        if case .terminated(let reason, let exitCode, let message) = state.container {
            if reason == "StartError" || exitCode == 127 { return .notExecutable(image: image, message) }
            // Who removes a pod from its node also ends its process, which has no reason of its own then.
            if reason != "OOMKilled", let disruption = state.disruption { return .evicted(disruption.message) }
            if isRemoved || state.isDeleted { return .deleted }
            return .exited(code: exitCode, reason: reason, message: message)
        }
        if state.phase == "Failed" || state.phase == "Succeeded" {
            if let disruption = state.disruption, state.reason.isEmpty { return .evicted(disruption.message) }
            return .rejected(reason: state.reason, message: state.message)
        }
        guard isRemoved || state.isDeleted else { return nil }
        // Eviction through the API, preemption and taints delete the pod, and say so before.
        return state.disruption.map { .evicted($0.message) } ?? .deleted
    }

    private mutating func waitingFailure(_ reason: String, _ message: String, at now: Duration) -> PodStartFailure? {
        switch reason {
        case "InvalidImageName", "ErrImageNeverPull":
            return .image(image, reason: reason, message: message)
        case "CreateContainerConfigError", "CreateContainerError", "RunContainerError", "PreStartHookError":
            return .container(reason: reason, message: message)
        case "ErrImagePull", "ImagePullBackOff", "ImageInspectError", "RegistryUnavailable":
            let first = firstPullFailure ?? now
            firstPullFailure = first
            isPullFailing = true
            // Once is a network that stumbled; the second refusal is an answer.
            let isCertain = reason == "ImagePullBackOff" || now - first > Self.pullPatience
            return isCertain ? .image(image, reason: reason, message: message) : nil
        default:
            isPullFailing = false
            return nil
        }
    }
}
