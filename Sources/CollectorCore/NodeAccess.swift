package import CollectorProtocol
package import NetModel

/// What the sampling loop asks of the node that it runs on.
///
/// A protocol, so that the loop is tested with a node whose clock, table and events a test decides.
package protocol NodeAccess: AnyObject {
    /// Both clocks, read at one moment.
    func clock() -> ClockReading
    /// What the node is and can do, read anew.
    func facts() -> NodeFacts

    /// Begins to listen to NEW and DESTROY events.
    ///
    /// - Parameter buffer: for events that nobody has received yet, in bytes.
    func openEvents(buffer: Int) throws(SamplingStop)
    /// Receives the events that are there, without waiting. Events without a time of their own get that of the clock.
    func receiveEvents(_ body: (ConntrackEntry) -> Void) throws(SamplingStop) -> EventReceipt
    func closeEvents()

    /// Dumps the table.
    ///
    /// - Parameters:
    ///   - body: called for each entry.
    ///   - between: called after every some hundred entries.
    func dump(
        _ body: (ConntrackEntry) -> Void,
        between: () throws(SamplingStop) -> Void
    ) throws(SamplingStop) -> DumpReceipt

    /// Nil where they cannot be read.
    func statistics() -> ConntrackStatistics?

    /// Reads the rules of every packet filter that is in use.
    ///
    /// - Parameters:
    ///   - piece: called for each piece of their text.
    ///   - notice: called for what could not be read.
    ///   - between: called again and again while a program says nothing.
    func readRules(
        _ moment: RulesPiece.Moment,
        piece: (RulesPiece) throws(SamplingStop) -> Void,
        notice: (Notice) -> Void,
        between: () throws(SamplingStop) -> Void
    ) throws(SamplingStop)

    /// Switches accounting and timestamps on for as long as this process lives; what could not be done is a notice.
    func enableAccounting() -> Notice?

    /// Waits until CLOCK_MONOTONIC reaches a moment in nanoseconds, an event can be received, or the client sent
    /// something or is gone.
    func wait(until moment: Int64)
}

/// The client's end of the collector's standard streams.
package protocol ClientAccess: AnyObject {
    /// CLOCK_MONOTONIC in nanoseconds after which nothing is waited for any more.
    var deadline: Int64 { get set }
    /// Writes all of it, or throws when the deadline passes or the client is gone.
    func write(_ bytes: Span<UInt8>) throws(SamplingStop)
    /// Appends what the client sent, without waiting.
    ///
    /// - Throws: `clientGone` at the end of the input.
    func receive(into buffer: inout [UInt8]) throws(SamplingStop)
}

/// What one look for events gave.
package struct EventReceipt: Sendable {
    /// NEW and DESTROY events that were received.
    package var events: Int
    /// Whether the kernel said that some did not fit the buffer (ENOBUFS).
    package var overran: Bool
    /// Messages that could not be decoded.
    package var undecodable: Int
    /// Whether no more events waited.
    package var isDrained: Bool

    package init(events: Int, overran: Bool, undecodable: Int, isDrained: Bool) {
        self.events = events
        self.overran = overran
        self.undecodable = undecodable
        self.isDrained = isDrained
    }
}

/// How a dump went.
package struct DumpReceipt: Sendable {
    /// Whether the kernel said that the table changed under the dump (NLM_F_DUMP_INTR), so that some entries may be
    /// missing in it.
    package var wasInterrupted: Bool
    /// Messages that could not be decoded.
    package var undecodable: Int

    package init(wasInterrupted: Bool, undecodable: Int) {
        self.wasInterrupted = wasInterrupted
        self.undecodable = undecodable
    }
}

/// Why sampling ends before it is done.
package enum SamplingStop: Error {
    /// Something without which there is no result failed.
    case failed(Notice)
    /// Nobody reads any more, or the input ended.
    case clientGone
    /// The collector's own deadline passed.
    case deadline
}
