import JSONText

/// What is known of the pods of a run, and who waits for which.
actor PodTracker {
    private struct Tracked {
        var start: PodStart
        var node: String
        var waiter: CheckedContinuation<Result<Void, PodStartFailure>, Never>?
    }

    private var tracked: [String: Tracked] = [:]
    /// States that came before anybody knew the pod's name.
    private var early: [String: (PodState, isRemoved: Bool)] = [:]
    private var present: Set<String> = []
    /// Whether nobody is waited for any more.
    private(set) var hasGivenUp = false
    private let clock: @Sendable () -> Duration

    /// - Parameter clock: goes on, from any moment.
    init(clock: @escaping @Sendable () -> Duration) {
        self.clock = clock
    }

    /// Names of the run's pods that exist and that nobody deleted.
    var undeleted: Set<String> { present }

    /// Waits until a pod runs. When the task is cancelled, nobody is waited for any more.
    ///
    /// - Throws: why it does not, and never will.
    func wait(for pod: PodState, image: String) async throws(PodStartFailure) {
        let now = clock()
        var start = PodStart(image: image, createdAt: now)
        start.take(pod, at: now)
        if let (state, isRemoved) = early.removeValue(forKey: pod.name) {
            start.take(state, isRemoved: isRemoved, at: now)
        }
        if hasGivenUp { start.giveUp(at: now) }
        if !pod.isDeleted { present.insert(pod.name) }
        tracked[pod.name] = Tracked(start: start, node: pod.node)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                tracked[pod.name]?.waiter = waiter
                tell(pod.name)
            }
        } onCancel: {
            Task { await giveUp() }
        }
        try result.get()
    }

    /// Takes a state that a list or a watch told.
    func take(_ state: PodState, isRemoved: Bool) {
        if isRemoved || state.isDeleted { present.remove(state.name) } else { present.insert(state.name) }
        guard tracked[state.name] != nil else {
            early[state.name] = (state, isRemoved)
            return
        }
        tracked[state.name]?.start.take(state, isRemoved: isRemoved, at: clock())
        tell(state.name)
    }

    /// Takes note of pods that a list does not hold: they are gone. One that is not known to run yet may be younger than
    /// the list.
    func keepOnly(_ names: Set<String>) {
        present.formIntersection(names)
        for name in tracked.keys where !names.contains(name) && tracked[name]?.start.progress == .running {
            tracked[name]?.start.vanish()
        }
    }

    /// Lets time pass.
    func tick() {
        let now = clock()
        for name in tracked.keys {
            tracked[name]?.start.wait(until: now)
            tell(name)
        }
    }

    /// There is no more time: who waits still is told so, and so is who comes later.
    func giveUp() {
        guard !hasGivenUp else { return }
        hasGivenUp = true
        let now = clock()
        for name in tracked.keys {
            tracked[name]?.start.giveUp(at: now)
            tell(name)
        }
    }

    private func tell(_ name: String) {
        guard let entry = tracked[name], let waiter = entry.waiter else { return }
        switch entry.start.progress {
        case .waiting: return
        case .running: waiter.resume(returning: .success(()))
        case .failed(let failure): waiter.resume(returning: .failure(failure))
        }
        tracked[name]?.waiter = nil
    }

    /// Why a pod that ran runs no more; nil while it does.
    func failure(of pod: String) -> PodStartFailure? {
        if case .failed(let failure) = tracked[pod]?.start.progress { failure } else { nil }
    }
}
