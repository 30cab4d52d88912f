package import NetModel

/// How often a place that drops was hit.
package struct DropCounts: Hashable, Sendable {
    /// Since the counter was last set back, at the end of the window; of a rule that was gone then, at the beginning. Nil
    /// where it is not counted.
    package var total: Counters?
    /// Within the window; nil where it was not measured, for which `reason` stands.
    package var window: Counters?
    /// Why `window` is nil; nil where it is not.
    package var reason: Unmeasured?

    /// Why the number of packets within the window is not known.
    package enum Unmeasured: String, Sendable {
        /// The rules were read once, or one of the two readings was not complete enough to tell.
        case readOnce = "read once"
        /// Neither reading counted: the rule has no counter.
        case notCounted = "no counter"
        /// The counter was lower at the end: whoever wrote the rule wrote it again.
        case setBack = "counter set back"
        /// The rule was gone at the end, with what it had counted.
        case removed = "removed within the window"
    }

    /// Whether packets are known to have been dropped here, as lately as the readings tell: within the window, or, where
    /// the rules were read once or the counter was set back, since the counter began.
    package var isHit: Bool {
        if let window { return window.packets > 0 }
        switch reason {
        case .readOnce, .setBack: return (total?.packets ?? 0) > 0
        case .notCounted, .removed, nil: return false
        }
    }

    package init(total: Counters?, window: Counters?, reason: Unmeasured? = nil) {
        self.total = total
        self.window = window
        self.reason = reason
    }
}
