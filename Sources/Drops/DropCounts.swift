package import NetModel

/// How often a place that drops was hit.
package struct DropCounts: Hashable, Sendable {
    /// Since the counter was last set back, at the end of the window; nil where it is not counted.
    package var total: Counters?
    /// Within the window; nil where it was not measured, for which `reason` stands.
    package var window: Counters?
    /// Why `window` is nil; nil where it is not.
    package var reason: Unmeasured?

    /// Why the number of packets within the window is not known.
    package enum Unmeasured: String, Sendable {
        /// The rules were read once.
        case readOnce = "read once"
        /// Neither reading counted: the rule has no counter.
        case notCounted = "no counter"
        /// The counter was lower at the end: whoever wrote the rule wrote it again.
        case setBack = "counter set back"
        /// The rule was gone at the end, with what it had counted.
        case removed = "removed within the window"
    }

    package init(total: Counters?, window: Counters?, reason: Unmeasured? = nil) {
        self.total = total
        self.window = window
        self.reason = reason
    }
}
