/// The kept connections of requests with equal settings.
final class ConnectionPool {
    let cache: ConnectionCache
    /// How many transfers use it now.
    var activeCount = 0
    /// How many of these hold back a body on an HTTP/2 connection.
    var pausedSharedCount = 0
    /// Counts up with each use, so that the one that was used longest ago is known.
    var lastUse: UInt64 = 0

    init?() {
        guard let cache = ConnectionCache() else { return nil }
        self.cache = cache
    }
}

/// Finds the pool of some settings. Settings that nobody uses any more (a client certificate that was renewed) do not
/// pile up.
struct ConnectionPools {
    static let mostIdle = 8
    private var pools: [ConnectionSettings: ConnectionPool] = [:]
    private var useCount: UInt64 = 0

    /// Nil where there is no memory.
    mutating func pool(_ settings: ConnectionSettings) -> ConnectionPool? {
        useCount += 1
        if let pool = pools[settings] {
            pool.lastUse = useCount
            return pool
        }
        let idle = pools.filter { $0.value.activeCount == 0 }
        if idle.count >= Self.mostIdle, let oldest = idle.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            pools[oldest.key] = nil
        }
        guard let pool = ConnectionPool() else { return nil }
        pool.lastUse = useCount
        pools[settings] = pool
        return pool
    }
}
