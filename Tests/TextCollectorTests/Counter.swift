import Synchronization

/// Counts calls.
final class Counter: Sendable {
    private let count = Mutex(0)

    /// 1 at the first call.
    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}

/// Whether something becomes true within five seconds.
func eventually(_ condition: () -> Bool) async throws -> Bool {
    let limit = ContinuousClock.now + .seconds(5)
    while !condition() {
        if ContinuousClock.now > limit { return false }
        try await Task.sleep(for: .milliseconds(5))
    }
    return true
}
