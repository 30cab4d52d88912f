import CollectorClient
import CollectorCore
import CollectorProtocol
import NetModel

/// The collector's side of a session, over the programs of a node: HELLO, then for every START the frames up to END,
/// until the client closes it.
actor TextSession {
    /// What the client said.
    enum Request: Sendable {
        case message(CollectorMessage)
        /// Bytes that are no frames, and why.
        case unreadable(String)
    }

    let node: TextCollector.Node
    let programs: any NodePrograms
    let patience: Patience
    private let turns: TextCollector.Turns?
    /// In `turns.reading`.
    private var stay: Places.Stay?
    /// The client's CLOCK_REALTIME in nanoseconds.
    let clock: @Sendable () -> Int64
    private let release: String
    /// What was written for the client.
    nonisolated let output = Handover(limit: 32 * 1024)
    private let requests: AsyncStream<Request>
    private nonisolated let requesting: AsyncStream<Request>.Continuation
    private var writer = FrameStreamWriter(blockEntries: TextSession.blockEntries)

    /// What is known of the node.
    var facts: NodeFacts
    /// What conntrack(8) says of itself.
    var version: ConntrackProgram.Version?
    /// Whether the kernel has tables of legacy iptables; nil where that is not known.
    var hasLegacyTables: Bool?
    /// Whether the image has cat(1).
    var hasCat = false
    /// The programs that run.
    var running: [Int: any RunningProgram] = [:]
    var startedPrograms = 0
    /// Programs whose time is over.
    var timedOut: Set<Int> = []
    /// Since when the next piece of a program's output is waited for.
    var waiting: [Int: ContinuousClock.Instant] = [:]
    /// The time that the quickest program took.
    var quickest: Duration?
    private var isClosed = false
    private var isExpired = false
    /// Where the client's clock stood when this began: times of a session never go back.
    private let origin: (wall: Int64, instant: ContinuousClock.Instant)

    // MARK: What one START asks for

    var losses = Losses()
    var watch = WindowWatch()
    var hearing = Hearing.off
    /// Those of before the window.
    var statisticsBefore: ConntrackStatistics?
    /// Entries that were written.
    private var told = 0
    private var notices: Set<Notice> = []

    /// How it stands with the events.
    enum Hearing { case off, starting, on, brokenOff }

    /// Of a thousand nodes at the same time, so many entries wait for their frame.
    private static let blockEntries = 256
    /// Output is handed over in pieces of about this many bytes.
    private static let outputPiece = 4 * 1024
    /// What a client may have asked before it is answered: far more than one asks.
    private static let mostRequests = 1024
    /// A deadline beyond it is none.
    private static let longestDeadline: Int64 = 366 * 86400 * 1_000_000_000

    init(
        _ node: TextCollector.Node,
        programs: any NodePrograms,
        release: String,
        patience: Patience,
        turns: TextCollector.Turns?,
        clock: @escaping @Sendable () -> Int64
    ) {
        self.node = node
        self.programs = programs
        self.release = release
        self.patience = patience
        self.turns = turns
        self.clock = clock
        origin = (clock(), .now)
        (requests, requesting) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.mostRequests))
        // conntrack(8) itself says where it may not: that it may is not known before.
        facts = NodeFacts(
            hostName: node.hostName, kernelRelease: node.kernelRelease, hasConntrack: true, mayAdministrate: true)
    }

    // MARK: The conversation

    /// Takes what the client said.
    nonisolated func take(_ request: Request) { requesting.yield(request) }

    /// Speaks with the client until nobody wants more.
    func run() async {
        do throws(TextStop) {
            let stay = await turns?.asking.enter(atMost: patience.place)
            let stop = await stopOfFacts()
            if let stay { await turns?.asking.leave(stay) }
            if let stop { throw stop }
            let now = now()
            writer.write(Hello(release: release, clock: reading(at: now), facts: facts))
            try await flush()
            for await request in requests { try await obey(request) }
        } catch {
            conclude(error)
        }
        await closePrograms()
        output.finish(discarding: false)
    }

    /// Reads facts in a task of its own: what its calls needed is kept until its end, and this one's comes much later.
    private func stopOfFacts() async -> TextStop? {
        await withTaskGroup(of: TextStop?.self) { group in
            group.addTask {
                do throws(TextStop) {
                    try await self.readFacts()
                    return nil
                } catch {
                    return error
                }
            }
            return await group.next() ?? nil
        }
    }

    /// Ends everything: programs lose their connections, and whoever waits goes on.
    func close() async {
        isClosed = true
        requesting.finish()
        output.finish(discarding: true)
        await closePrograms()
    }

    private func obey(_ request: Request) async throws(TextStop) {
        switch request {
        case .message(.clockRequest):
            writer.write(reading(at: now()))
            try await flush()
        case .message(.start(let start)): try await run(start)
        case .message(.acknowledgement): break
        case .message:
            throw .failed(Notice(topic: .client, text: "the client sent a frame that only collectors send"))
        case .unreadable(let reason):
            throw .failed(Notice(topic: .client, text: "the client's frames cannot be read: \(reason)"))
        }
    }

    /// Tells why there is no END.
    private func conclude(_ stop: TextStop) {
        switch stop {
        case .closed: return
        case .failed(let notice): writer.writeFailure(notice)
        case .deadline: writer.writeFailure(Notice(topic: .deadline, text: "the deadline passed"))
        }
        emit()
    }

    // MARK: START

    private func run(_ start: Start) async throws(TextStop) {
        losses = Losses()
        watch = WindowWatch()
        hearing = .off
        statisticsBefore = nil
        told = 0
        notices = []
        let stop = await withTaskGroup(of: TextStop?.self) { group in
            group.addTask {
                do throws(TextStop) {
                    try await self.sample(start)
                    return nil
                } catch {
                    return error
                }
            }
            group.addTask { await self.expire(after: start.deadline) }
            let first = await group.next() ?? nil
            group.cancelAll()
            // What a closed connection makes of the work is not the reason.
            return isExpired ? .deadline : isClosed ? .closed : first
        }
        watch = WindowWatch()
        if let stop { throw stop }
    }

    /// Waits until so few other nodes' tables are read that this one's may be.
    func enter() async {
        guard stay == nil, let turns else { return }
        writer.rest()
        emit()
        stay = await turns.reading.enter(atMost: patience.place)
    }

    func leave() async {
        guard let turns, let stay else { return }
        self.stay = nil
        await turns.reading.leave(stay)
    }

    /// Ends the programs when the time is over; their end ends the work.
    private func expire(after deadline: Int64) async -> TextStop? {
        let deadline = Duration.nanoseconds(max(0, min(deadline, Self.longestDeadline)))
        guard (try? await Task.sleep(for: deadline)) != nil else { return nil }
        isExpired = true
        await closePrograms()
        return .deadline
    }

    private func sample(_ start: Start) async throws(TextStop) {
        let accepted = now()
        let beginning = accepted.addingSaturating(max(0, start.beginAt.subtractingSaturating(clock())))
        if start.enablesAccounting {
            tell(
                Notice(
                    topic: .accounting,
                    text: "accounting is not switched on: only netviz-collector can do that, which is not there"))
        }
        var end = End()
        if start.window > 0 {
            try await sampleWindow(start, from: beginning, &end)
        } else {
            try await sleep(until: beginning)
            end.began = now()
            try await list(.only)
        }
        end.ended = now()
        async let statistics = statistics()
        await readFactsAgain()
        end.statistics = await statistics
        end.statisticsOfWindow = end.statistics.flatMap { after in statisticsBefore.map { after.since($0) } }
        if start.wantsRules { try await readRules(.end) }
        end.tableCount = facts.tableCount
        end.tableMaximum = facts.tableMaximum
        end.losses = losses
        if told == 0 { tell(emptyTable) }
        try checkIsWanted()
        writer.finish(end)
        try await flush()
        // Its memory is of no use until the next START, if there is one.
        writer = FrameStreamWriter(blockEntries: Self.blockEntries)
    }

    private var emptyTable: Notice {
        let signs =
            facts.bypassSigns.isEmpty ? "" : "; \(facts.bypassSigns.joined(separator: ", ")) may carry traffic past it"
        return Notice(
            topic: .emptyTable,
            text:
                "the kernel tracks only where a packet filter rule or NAT of this network namespace asks for it\(signs)"
        )
    }

    // MARK: Output

    func tell(_ entry: ConntrackEntry, _ observation: WindowObservation?) {
        told += 1
        writer.add(entry, window: observation)
    }

    /// Writes a notice; the same one only once for a START.
    func tell(_ notice: Notice) {
        if notices.insert(notice).inserted { writer.write(notice) }
    }

    func tell(_ piece: RulesPiece) { writer.write(piece) }

    /// Hands over what was written when it is enough, and waits for room.
    func flushIfFull() async throws(TextStop) {
        if writer.pendingCount >= Self.outputPiece { try await flush() }
    }

    /// Hands over what was written, and waits for room.
    private func flush() async throws(TextStop) {
        emit()
        await output.waitForRoom()
        try checkIsWanted()
    }

    private func emit() {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(writer.pendingCount)
        writer.drain { (span: Span<UInt8>) throws(Never) in
            for index in span.indices { bytes.append(span[index]) }
        }
        output.add(bytes)
    }

    // MARK: Time

    /// The client's clock, in nanoseconds; it never goes back.
    func now() -> Int64 {
        let (seconds, attoseconds) = (ContinuousClock.now - origin.instant).components
        return origin.wall.addingSaturating(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    private func reading(at moment: Int64) -> ClockReading {
        ClockReading(wall: moment, monotonic: moment.subtractingSaturating(origin.wall))
    }

    func sleep(until moment: Int64) async throws(TextStop) {
        let rest = moment.subtractingSaturating(now())
        if rest > 0 { try? await Task.sleep(for: .nanoseconds(min(rest, Self.longestDeadline))) }
        try checkIsWanted()
    }

    func checkIsWanted() throws(TextStop) {
        if isClosed { throw .closed }
        if isExpired { throw .deadline }
    }
}
