/// What the client asks of a collector.
package struct Start: Hashable, Sendable {
    /// When to begin, CLOCK_REALTIME of the node in nanoseconds since 1970, so that the windows of several nodes
    /// coincide; 0 for at once.
    package var beginAt: Int64
    /// The length of the window in nanoseconds; 0 for a snapshot, one dump without events.
    package var window: Int64
    /// For how long at the most the collector lives after it got this, in nanoseconds.
    package var deadline: Int64
    /// Whether the packet filter's rules are wanted, with their counters.
    package var wantsRules: Bool
    /// Whether accounting and timestamps are to be switched on for the run.
    package var enablesAccounting: Bool
    /// The buffer for events in bytes; 0 for the collector's own choice.
    package var eventBuffer: UInt32

    package init(
        beginAt: Int64 = 0,
        window: Int64 = 0,
        deadline: Int64,
        wantsRules: Bool = true,
        enablesAccounting: Bool = false,
        eventBuffer: UInt32 = 0
    ) {
        self.beginAt = beginAt
        self.window = window
        self.deadline = deadline
        self.wantsRules = wantsRules
        self.enablesAccounting = enablesAccounting
        self.eventBuffer = eventBuffer
    }
}
