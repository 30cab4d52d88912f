package import CollectorProtocol
import NetModel

/// Does what one START asks for, and writes the frames.
package final class Sampler {
    private let node: any NodeAccess
    private let client: any ClientAccess
    private let watchesInput: Bool
    private var writer = FrameStreamWriter()
    /// Of the window that is being watched; a snapshot has none.
    private var table = WindowTable(limit: 0)
    private var losses = Losses()
    /// Entries that were written for the current START.
    private var told = 0
    /// What the client sent and nobody has read yet.
    package private(set) var received: [UInt8] = []

    /// Output is written in pieces of about this many bytes.
    private static let outputPiece = 64 * 1024
    /// Some 200 MB; a node with more connections than that tells the rest without differences.
    private static let trackedConnections = 2_000_000
    /// Events of a tenth of a second at 200,000 new connections a second; see netlink(7) on what the kernel charges.
    private static let eventBuffer = 32 << 20
    /// How often events are looked for after a dump. More come only while connections are made faster than
    /// events are read.
    private static let lastLooks = 256

    /// - Parameter watchesInput: whether the end of the client's input ends the work.
    package init(node: any NodeAccess, client: any ClientAccess, watchesInput: Bool) {
        self.node = node
        self.client = client
        self.watchesInput = watchesInput
    }

    /// Gives the client so many nanoseconds to take what is written next.
    package func waitAtMost(_ patience: Int64) {
        client.deadline = node.clock().monotonic.addingSaturating(patience)
    }

    /// Writes HELLO.
    package func greet(release: String) throws(SamplingStop) {
        writer.write(Hello(release: release, clock: node.clock(), facts: node.facts()))
        try flush()
    }

    /// Answers a request for the clocks.
    package func tellClock() throws(SamplingStop) {
        writer.write(node.clock())
        try flush()
    }

    /// Writes FAILURE: there will be no END.
    package func fail(_ notice: Notice) throws(SamplingStop) {
        writer.writeFailure(notice)
        try flush()
    }

    /// Takes what the client sent, as far as it was received.
    package func takeReceived() throws(SamplingStop) -> [UInt8] {
        try client.receive(into: &received)
        defer { received.removeAll(keepingCapacity: true) }
        return received
    }

    /// Waits for something from the client.
    package func waitForClient(until moment: Int64) {
        node.wait(until: moment)
    }

    /// Samples as `start` says, and writes everything from the first data frame to END.
    package func run(_ start: Start) throws(SamplingStop) {
        losses = Losses()
        let accepted = node.clock()
        told = 0
        client.deadline = accepted.monotonic.addingSaturating(start.deadline)
        defer { client.deadline = .max }
        var end = End()
        if start.enablesAccounting, let notice = node.enableAccounting() { writer.write(notice) }
        let hasWindow = start.window > 0
        if start.wantsRules, hasWindow { try readRules(.begin) }
        try wait(until: accepted.monotonic.addingSaturating(max(0, start.beginAt.subtractingSaturating(accepted.wall))))
        let before = node.statistics()
        let began = node.clock()
        end.began = began.wall
        if hasWindow {
            end.window = try sampleWindow(start, began: began.monotonic)
        } else {
            try dump { sampler, entry, _ in sampler.tell(entry, nil) }
        }
        end.ended = node.clock().wall
        end.statistics = node.statistics()
        if hasWindow { end.statisticsOfWindow = end.statistics.flatMap { after in before.map { after.since($0) } } }
        if start.wantsRules { try readRules(.end) }
        let facts = node.facts()
        end.tableCount = facts.tableCount
        end.tableMaximum = facts.tableMaximum
        end.losses = losses
        if told == 0 { writer.write(Self.emptyTable(facts)) }
        writer.finish(end)
        try flush()
    }

    // MARK: The window

    /// Listens, dumps, waits, dumps. Returns the time from the beginning of the one dump to that of the other, which is
    /// the time between two readings of one connection.
    private func sampleWindow(_ start: Start, began: Int64) throws(SamplingStop) -> Int64 {
        let buffer = start.eventBuffer > 0 ? Int(start.eventBuffer) : Self.eventBuffer
        try node.openEvents(buffer: buffer)
        defer { node.closeEvents() }
        table = WindowTable(limit: Self.trackedConnections, origin: began)
        try dump { sampler, entry, now in sampler.table.first(entry, at: now) }
        try receiveWaitingEvents()
        table.endFirstDump()
        try wait(until: began.addingSaturating(start.window))
        if try !receiveWaitingEvents() { losses.eventOverruns += 1 }
        let secondBegan = node.clock().monotonic
        table.beginSecondDump(heardAll: hearsAll)
        try dump { sampler, entry, now in
            sampler.table.second(entry, at: now) { sampler.tell($0, $1) }
        }
        // What began meanwhile is outside; what ended is told with its last counters.
        try receiveWaitingEvents()
        table.finish { tell($0, $1) }
        losses.untracked = table.untracked
        losses.countersWentDown = table.countersWentDown
        return secondBegan - began
    }

    /// Whether an event told of every connection that began since events are listened to.
    private var hearsAll: Bool {
        guard let mode = node.facts().eventsMode, mode == 1 || mode == 2 else { return false }
        return losses.eventOverruns == 0 && losses.interruptedDumps == 0 && losses.undecodable == 0
    }

    private func dump(_ body: (Sampler, ConntrackEntry, Int64) -> Void) throws(SamplingStop) {
        var now = node.clock().monotonic
        let receipt = try node.dump(
            { entry in body(self, entry, now) },
            between: { () throws(SamplingStop) in
                now = node.clock().monotonic
                try receiveEvents()
                try attend(now)
            }
        )
        if receipt.wasInterrupted { losses.interruptedDumps += 1 }
        losses.undecodable += UInt64(receipt.undecodable)
    }

    /// Receives what waits after a dump, to the last event: each happened before the dump ended. Returns whether no more
    /// wait; false where they come faster than they are received.
    @discardableResult
    private func receiveWaitingEvents() throws(SamplingStop) -> Bool {
        for _ in 0..<Self.lastLooks {
            if try receiveEvents() { return true }
            try attend(node.clock().monotonic)
        }
        return false
    }

    /// Returns whether no more events wait.
    @discardableResult
    private func receiveEvents() throws(SamplingStop) -> Bool {
        let now = node.clock().monotonic
        let receipt = try node.receiveEvents { entry in
            table.event(entry, at: now) { tell($0, $1) }
        }
        losses.events += UInt64(receipt.events)
        if receipt.overran { losses.eventOverruns += 1 }
        losses.undecodable += UInt64(receipt.undecodable)
        return receipt.isDrained
    }

    private func wait(until moment: Int64) throws(SamplingStop) {
        while true {
            let now = node.clock().monotonic
            try receiveEvents()
            try attend(now)
            guard now < moment else { return }
            node.wait(until: min(moment, client.deadline))
        }
    }

    /// Looks at the deadline and the client, and writes what is ready.
    private func attend(_ now: Int64) throws(SamplingStop) {
        guard now < client.deadline else { throw .deadline }
        if watchesInput { try client.receive(into: &received) }
        if writer.pendingCount >= Self.outputPiece { try flush() }
    }

    private func tell(_ entry: ConntrackEntry, _ observation: WindowObservation?) {
        told += 1
        writer.add(entry, window: observation)
    }

    /// Why a table may be empty, which is rarely because nobody talks.
    private static func emptyTable(_ facts: NodeFacts) -> Notice {
        let signs =
            facts.bypassSigns.isEmpty ? "" : "; \(facts.bypassSigns.joined(separator: ", ")) may carry traffic past it"
        return Notice(
            topic: .emptyTable,
            text:
                "the kernel tracks only where a packet filter rule or NAT of this network namespace asks for it\(signs)"
        )
    }

    private func flush() throws(SamplingStop) {
        try writer.drain { (bytes: Span<UInt8>) throws(SamplingStop) in try client.write(bytes) }
    }

    // MARK: Rules

    /// Without the right to read the table there is none to read rules, which would only be told once more for each
    /// program.
    private func readRules(_ moment: RulesPiece.Moment) throws(SamplingStop) {
        guard node.facts().mayAdministrate else { return }
        try node.readRules(
            moment,
            piece: { (piece: RulesPiece) throws(SamplingStop) in
                writer.write(piece)
                try attend(node.clock().monotonic)
            },
            notice: { notice in writer.write(notice) },
            between: { () throws(SamplingStop) in try attend(node.clock().monotonic) }
        )
    }
}
