/// When rules were read.
package enum RulesMoment: Hashable, Sendable {
    /// At the beginning of the window.
    case begin
    /// At the end of the window.
    case end
    /// At some moment, without a window.
    case only
}
