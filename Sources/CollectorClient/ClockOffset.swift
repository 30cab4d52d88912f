import NetModel

/// How far a node's clock is ahead of the client's.
package struct ClockOffset: Hashable, Sendable {
    /// In nanoseconds; negative when the node's clock is behind.
    package var nanoseconds: Int64
    /// By how much it can be wrong, in nanoseconds: half the time that question and answer took.
    package var uncertainty: Int64

    package init(nanoseconds: Int64, uncertainty: Int64) {
        self.nanoseconds = nanoseconds
        self.uncertainty = uncertainty
    }

    /// From one question and its answer (the estimate of NTP, RFC 5905 section 8, where the node takes no time).
    ///
    /// - Parameters:
    ///   - asked: the client's clock when it asked.
    ///   - told: the node's clock in the answer.
    ///   - answered: the client's clock when the answer came.
    init(asked: Int64, told: Int64, answered: Int64) {
        let (took, overflow) = answered.subtractingReportingOverflow(asked)
        uncertainty = overflow || took < 0 ? .max : took / 2
        nanoseconds = told.subtractingSaturating(asked.addingSaturating(overflow ? 0 : took / 2))
    }
}
