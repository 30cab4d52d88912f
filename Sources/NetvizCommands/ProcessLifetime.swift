import Synchronization

/// What lives as long as the process.
enum ProcessLifetime {
    private static let kept = Mutex<[any Sendable]>([])

    /// Keeps a value until the process ends.
    static func keep(_ value: any Sendable) {
        kept.withLock { $0.append(value) }
    }
}
