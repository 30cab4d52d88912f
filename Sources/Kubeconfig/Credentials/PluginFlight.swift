/// Who waits for the one run of a credential plugin.
struct PluginFlight {
    typealias Waiter = CheckedContinuation<Result<Credentials, KubeconfigError>, Never>

    /// The run; nil when there is none.
    var task: Task<Void, Never>?
    private var waiters: [Int: Waiter] = [:]
    /// Those of `waiters` whose tasks were cancelled; they wait only for the run's end.
    private var abandoned: Set<Int> = []
    private var lastWaiter = 0

    var isUnderWay: Bool { task != nil }
    var hasWaiters: Bool { !waiters.isEmpty }

    mutating func nextWaiter() -> Int {
        lastWaiter += 1
        return lastWaiter
    }

    mutating func add(_ continuation: Waiter, as waiter: Int) {
        waiters[waiter] = continuation
    }

    /// The task of a waiter was cancelled. Where others wait it goes at once; the last waits until the plugin is gone.
    mutating func abandon(_ waiter: Int) {
        guard let continuation = waiters[waiter] else { return }
        if waiters.count > abandoned.count + 1 {
            waiters[waiter] = nil
            continuation.resume(returning: .failure(.cancelled))
        } else {
            abandoned.insert(waiter)
            task?.cancel()
        }
    }

    mutating func resumeAll(with result: Result<Credentials, KubeconfigError>) {
        for continuation in waiters.values { continuation.resume(returning: result) }
        waiters = [:]
        abandoned = []
    }

    mutating func resumeAbandoned() {
        for waiter in abandoned { waiters.removeValue(forKey: waiter)?.resume(returning: .failure(.cancelled)) }
        abandoned = []
    }
}
