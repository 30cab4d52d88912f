/// The first message of a collector.
package struct Hello: Hashable, Sendable {
    /// The version of this protocol that the collector speaks.
    package var version: UInt32
    /// The collector's own release, "1.2.3".
    package var release: String
    package var clock: ClockReading
    package var facts: NodeFacts

    /// The version that this code speaks. A newer one is refused: its frames may mean something else.
    package static let currentVersion: UInt32 = 1

    package init(version: UInt32 = Hello.currentVersion, release: String, clock: ClockReading, facts: NodeFacts) {
        self.version = version
        self.release = release
        self.clock = clock
        self.facts = facts
    }
}

/// A node's two clocks, read at one moment.
package struct ClockReading: Hashable, Sendable {
    /// CLOCK_REALTIME in nanoseconds since 1970.
    package var wall: Int64
    /// CLOCK_MONOTONIC in nanoseconds.
    package var monotonic: Int64

    package init(wall: Int64, monotonic: Int64) {
        self.wall = wall
        self.monotonic = monotonic
    }
}
