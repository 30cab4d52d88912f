import NetModel

/// When events happened by the client's clock, though nobody measured how far the node's is ahead.
///
/// An event is told the sooner the less the way to the client is in use, so the least time from what an event says of
/// itself to its arrival is the difference of the clocks and the shortest way; what it took longer, it waited on its way.
struct EventClock: Sendable {
    /// The least difference, in nanoseconds; nil before the first event that says its time.
    private var least: Int64?
    /// Events come in the order in which they happened.
    private var latest = Int64.min

    /// The moment of the next event, in nanoseconds of the client's clock: never later than it arrived, nor earlier than
    /// the one before.
    ///
    /// - Parameters:
    ///   - told: what the event says, in nanoseconds of the node's clock.
    ///   - arrival: the client's clock when it arrived.
    mutating func moment(told: Int64?, arrival: Int64) -> Int64 {
        if let told {
            let difference = arrival.subtractingSaturating(told)
            let least = min(self.least ?? difference, difference)
            self.least = least
            latest = max(latest, min(arrival, told.addingSaturating(least)))
        } else {
            latest = max(latest, arrival)
        }
        return latest
    }
}
