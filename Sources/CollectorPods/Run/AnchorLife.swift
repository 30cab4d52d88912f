import KubernetesClient

/// Keeps a run's anchor alive as long as the run lives, until the task that does so is cancelled.
struct AnchorLife: Sendable {
    private let anchor: Anchor
    private let job: AnchorJob
    private let createdAt: Duration
    private let client: ClusterClient
    private let clock: @Sendable () -> Duration
    private let tell: @Sendable (String) -> Void
    private let onSuspension: @Sendable () -> Void

    /// - Parameters:
    ///   - job: what it was created as.
    ///   - createdAt: when it was created, at the latest, on `clock`.
    ///   - onSuspension: called when it does not begin, so that it has no deadline.
    init(
        _ anchor: Anchor,
        of job: AnchorJob,
        since createdAt: Duration,
        by client: ClusterClient,
        clock: @escaping @Sendable () -> Duration,
        tell: @escaping @Sendable (String) -> Void,
        onSuspension: @escaping @Sendable () -> Void
    ) {
        self.anchor = anchor
        self.job = job
        self.createdAt = createdAt
        self.client = client
        self.clock = clock
        self.tell = tell
        self.onSuspension = onSuspension
    }

    /// Sees to it that it begins, and moves its deadline.
    ///
    /// Job controllers of old look at a deadline once, when that passes which was set when they last had none to wait for.
    /// Hence it is left alone until it comes near, and set once more right after the moment that was waited for.
    func keep() async {
        guard await awaken() else { return }
        var deadline = job.patience
        while await sleep(untilAge: deadline - job.renewal) {
            let passed = deadline
            deadline += job.extension
            guard await postpone(to: deadline), await sleep(untilAge: passed + 1) else { return }
            deadline += 1
            guard await postpone(to: deadline) else { return }
        }
    }

    /// - Returns: false where there is no deadline that could be moved.
    private func awaken() async -> Bool {
        guard await sleep(untilAge: 1) else { return false }
        for attempt in 0...1 {
            var begins = false
            guard await persist({ () throws(ClusterError) in begins = try await anchor.begins(by: client) }) else {
                return false
            }
            if begins { return await settle() }
            guard attempt == 0 else { break }
            guard await persist({ () throws(ClusterError) in try await anchor.awaken(by: client) }),
                await sleep(untilAge: 3)
            else { return false }
        }
        onSuspension()
        return false
    }

    /// Sets the deadline that counts from now on.
    private func settle() async -> Bool {
        guard job.firstDeadline != job.patience else { return true }
        return await postpone(to: job.patience)
    }

    private func postpone(to deadline: Int64) async -> Bool {
        await persist { () throws(ClusterError) in try await anchor.postpone(to: deadline, by: client) }
    }

    /// - Returns: false when the run ends.
    private func sleep(untilAge age: Int64) async -> Bool {
        (try? await Task.sleep(for: max(.zero, createdAt + .seconds(age) - clock()))) != nil
    }

    /// Tries something until it works.
    ///
    /// - Returns: false when the run ends.
    private func persist(_ change: () async throws(ClusterError) -> Void) async -> Bool {
        var failures = 0
        while !Task.isCancelled {
            do throws(ClusterError) {
                try await change()
                return true
            } catch {
                if error.isCancellation || Task.isCancelled { return false }
                failures += 1
                if failures == 3 {
                    tell(
                        "warning: the deadline of the Job \(anchor.namespace)/\(anchor.name) cannot be moved: \(error.summary)"
                    )
                }
                // Several times that fit before the deadline.
                guard (try? await Task.sleep(for: .seconds(5))) != nil else { return false }
            }
        }
        return false
    }
}
