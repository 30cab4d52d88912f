/// What one frame says, whichever side sent it.
package enum CollectorMessage: Hashable, Sendable {
    case hello(Hello)
    case clockRequest
    case clock(ClockReading)
    case start(Start)
    case entries(EntryBlock)
    case rules(RulesPiece)
    case notice(Notice)
    case end(End)
    case acknowledgement
    case failure(Notice)
}
