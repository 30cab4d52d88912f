/// The kinds of frames (design: "The collector's protocol"). The raw values are on the wire and never change.
package enum FrameKind: UInt8, CaseIterable, Sendable {
    /// From the collector, first: who it is and what it can do.
    case hello = 1
    /// From the client: asks for the collector's clocks.
    case clockRequest = 2
    /// From the collector, in answer.
    case clock = 3
    /// From the client: what to do.
    case start = 4
    /// From the collector: a block of conntrack entries.
    case entries = 5
    /// From the collector: a piece of the text of a packet filter's rules.
    case rules = 6
    /// From the collector: something that went wrong while the rest went on.
    case notice = 7
    /// From the collector, last of what one START asked for.
    case end = 8
    /// From the client: END arrived and fits what was received.
    case acknowledgement = 9
    /// From the collector, instead of END: it cannot go on, and why.
    case failure = 10
}
