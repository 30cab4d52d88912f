import CollectorCore
import CollectorProtocol
import ConntrackText
import NetModel

extension TextSession {
    /// Some 100 MB; a node with more connections than that tells the rest without differences.
    private static let trackedConnections = 1_000_000
    /// As netviz-collector has. Versions of conntrack(8) from 1.4.7 set it of another socket than the one that receives
    /// the events, which then has the system's default (net.core.rmem_default).
    private static let eventBuffer = 32 << 20

    /// Listens, lists, waits, lists.
    func sampleWindow(_ start: Start, from beginning: Int64, _ end: inout End) async throws(TextStop) {
        let buffer = start.eventBuffer > 0 ? Int(start.eventBuffer) : Self.eventBuffer
        let listener = facts.textSource == .conntrack ? try await startListening(buffer) : nil
        // A child of this task cannot outlive the listener, which is ended on every way out.
        async let heard: Void = hear(listener)
        do throws(TextStop) {
            try await watchWindow(start, from: beginning, &end)
        } catch {
            await stopHearing(listener)
            await heard
            watch.abandon { tell($0, $1) }
            throw error
        }
        await stopHearing(listener)
        await heard
    }

    private func watchWindow(_ start: Start, from beginning: Int64, _ end: inout End) async throws(TextStop) {
        async let before = statistics()
        if start.wantsRules { try await readRules(.begin) }
        statisticsBefore = await before
        try await awaitListening()
        try await sleep(until: beginning)

        let began = now()
        watch.begin(at: began, limit: Self.trackedConnections)
        try await list(.first)
        watch.endKeepingBack { tell($0, $1) }
        try await settle(after: now())
        watch.endFirstListing()

        try await sleep(until: began.addingSaturating(start.window))
        let ended = now()
        watch.end(at: ended, canTrustEvents: canTrustEvents)
        try await list(.second)
        try await settle(after: now())
        watch.finish { tell($0, $1) }

        end.began = began
        end.window = ended - began
        if facts.eventsMode == nil, watch.hasHeardNew { end.eventsMode = 2 }
        losses.events = watch.events
        if hearing == .brokenOff { losses.eventOverruns += 1 }
        if watch.lateEvents > 0 { losses.eventOverruns += 1 }
        losses.untracked = watch.untracked
        losses.countersWentDown = watch.countersWentDown
    }

    /// Whether an event told of every connection that began since events are listened to.
    private var canTrustEvents: Bool {
        let mode = facts.eventsMode ?? (watch.hasHeardNew ? 2 : 0)
        return hearing == .on && (mode == 1 || mode == 2) && losses.eventOverruns == 0 && losses.undecodable == 0
    }

    // MARK: Events

    /// - Returns: the program's number; nil where it cannot be started.
    private func startListening(_ buffer: Int) async throws(TextStop) -> Int? {
        let command = ConntrackProgram.events(buffer: buffer)
        hearing = .starting
        do throws(ProgramProblem) {
            return try await self.start(command).number
        } catch {
            if case .stopped(let stop) = error { throw stop }
            breakOff(error.text(command))
            return nil
        }
    }

    /// Ends the connection to the listener: the program itself ends with its container.
    private func stopHearing(_ number: Int?) async {
        hearing = hearing == .brokenOff ? .brokenOff : .off
        if let number { await end(number) }
    }

    /// Takes events until they end, or are not wanted any more.
    private func hear(_ number: Int?) async {
        guard let number, let program = running[number] else { return }
        var reader = ConntrackTextReader()
        var errors = ProgramErrors()
        do {
            while let output = try await program.next() {
                switch output {
                case .standardOutput(let bytes):
                    let arrival = now()
                    reader.read(bytes.span) { entry in
                        watch.event(entry, at: arrival) { tell($0, $1) }
                    } malformed: { _ in
                        losses.undecodable += 1
                    }
                    if hearing == .starting, reader.counts.entries > 0 { hearing = .on }
                    try await flushIfFull()
                case .standardError(let bytes):
                    errors.take(bytes) { hearLine($0) }
                case .ended(let code):
                    errors.finish { hearLine($0) }
                    let said = errors.firstLine.isEmpty ? "" : ": \(errors.firstLine)"
                    return breakOff("it ended with status \(code)\(said)")
                }
            }
            breakOff("it ended without an exit code")
        } catch {
            breakOff("\(error)")
        }
    }

    private func hearLine(_ line: String) {
        if ConntrackProgram.saysThatItListens(line), hearing == .starting { hearing = .on }
        if ConntrackProgram.saysThatEventsWereLost(line) { losses.eventOverruns += 1 }
    }

    /// The events are over before the window is.
    private func breakOff(_ reason: String) {
        guard hearing == .starting || hearing == .on, (try? checkIsWanted()) != nil else { return }
        hearing = .brokenOff
        tell(
            Notice(
                topic: .conntrack,
                text: "the events of 'conntrack -E' broke off (\(reason)): connections refused after that are not seen")
        )
    }

    /// Waits until conntrack(8) says that it listens. The start alone does not tell: an exec can be confirmed before the
    /// program runs.
    private func awaitListening() async throws(TextStop) {
        let limit = now().addingSaturating(patience.listening.nanoseconds)
        while hearing == .starting, now() < limit { try await sleep(until: now() + 10_000_000) }
        if hearing == .starting { hearing = .on }
    }

    /// Waits for the events within the window, before the first entry of the second listing is used.
    func awaitEventsOfWindow() async throws(TextStop) {
        guard let ended = watch.ended else { return }
        let isSettled = try await settle(after: ended)
        watch.beginSecondListing(heardAll: isSettled)
    }

    /// Waits until all events that happened before a moment came: a later one came, or none for a while. Bounded; false
    /// where they come too late all the time.
    @discardableResult
    private func settle(after moment: Int64) async throws(TextStop) -> Bool {
        let quiet = min(max(quickest ?? .zero, patience.quiet.lowerBound), patience.quiet.upperBound).nanoseconds
        let limit = now().addingSaturating(max(3 * quiet, 1_000_000_000))
        while hearing == .on, watch.lastMoment < moment {
            let settled = max(moment, watch.lastArrival).addingSaturating(quiet)
            let now = now()
            if now >= settled { return true }
            if now >= limit {
                losses.eventOverruns += 1
                return false
            }
            try await sleep(until: min(settled, limit))
        }
        return hearing == .on
    }
}

extension Duration {
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
