import CollectorProtocol
import NetModel
import Synchronization

/// Several collectors asked for the same window at the same moment.
package struct CollectorFleet: Sendable {
    /// What all of them are asked for.
    package struct Plan: Sendable {
        /// Nanoseconds; 0 for a snapshot.
        package var window: Int64
        package var wantsRules: Bool
        package var enablesAccounting: Bool
        /// How long is waited for all to be ready; who is not by then is closed.
        package var startTimeout: Duration
        /// How long each may take beyond the window.
        package var slack: Duration
        /// Whether the bytes of what is received are delivered too.
        package var keepsFrames: Bool

        package init(
            window: Int64,
            wantsRules: Bool = true,
            enablesAccounting: Bool = false,
            startTimeout: Duration = .seconds(30),
            slack: Duration = .seconds(300),
            keepsFrames: Bool = false
        ) {
            self.window = window
            self.wantsRules = wantsRules
            self.enablesAccounting = enablesAccounting
            self.startTimeout = startTimeout
            self.slack = slack
            self.keepsFrames = keepsFrames
        }
    }

    /// Takes what comes of the collector at a position in `pipes`.
    package typealias Sink = @Sendable (Int, Delivery) async -> Void

    private let plan: Plan
    private let clock: @Sendable () -> Int64
    private let sink: Sink

    /// How far ahead of now the common beginning is, so that START arrives everywhere before it.
    private static let lead: Int64 = 300_000_000
    /// Of how many collectors something decoded may wait for the sink at the same time. Entries are ten times as large as
    /// their frames, and a thousand collectors that end at one moment would be a gigabyte of them.
    private static let decodedAtOnce = 8

    /// - Parameters:
    ///   - clock: the client's CLOCK_REALTIME in nanoseconds.
    ///   - sink: called with what is received, one call at a time for each collector.
    package init(_ plan: Plan, clock: @escaping @Sendable () -> Int64, sink: @escaping Sink) {
        self.plan = plan
        self.clock = clock
        self.sink = sink
    }

    /// Asks all of them, and returns when each has ended or failed; in the order of `pipes`.
    package func run(_ pipes: [any CollectorPipe]) async -> [Report] {
        let gate = StartingGate(expected: pipes.count)
        let target = CommonBeginning()
        let room = Places(Self.decodedAtOnce)
        return await withTaskGroup(of: (Int, Progress)?.self) { group in
            for (position, pipe) in pipes.enumerated() {
                group.addTask { (position, await talk(position, pipe, gate, room, target, isAlone: pipes.count == 1)) }
            }
            group.addTask {
                try? await Task.sleep(for: plan.startTimeout)
                await gate.open()
                return nil
            }
            var ended: [Int: Progress] = [:]
            while ended.count < pipes.count, let next = await group.next() {
                if let (position, progress) = next { ended[position] = progress }
            }
            group.cancelAll()
            return pipes.indices.map { ended[$0]?.report.withLock { $0 } ?? Report() }
        }
    }

    private func talk(
        _ position: Int,
        _ pipe: any CollectorPipe,
        _ gate: StartingGate,
        _ room: Places,
        _ target: CommonBeginning,
        isAlone: Bool
    ) async -> Progress {
        let progress = Progress()
        let failure = await withTaskGroup(of: Void.self) { group in
            group.addTask { await closeInTime(pipe, progress) }
            let failure = await reasonOfFailure(progress) {
                try await converse(position, pipe, progress, room) {
                    progress.hasArrived.withLock { $0 = true }
                    guard await gate.arrive() else { return nil }
                    return isAlone ? 0 : target.moment(now: clock(), lead: Self.lead)
                }
            }
            group.cancelAll()
            return failure
        }
        if !progress.hasArrived.withLock({ $0 }) { await gate.giveUp() }
        progress.report.withLock { $0.failure = $0.end == nil ? failure : nil }
        await deliverEnd(position, progress)
        return progress
    }

    /// A report is large, and has no place in the frame of what waits for a collector as long as there is one.
    @inline(never)
    private func deliverEnd(_ position: Int, _ progress: Progress) async {
        await sink(position, .over(progress.report.withLock { $0 }))
    }

    /// Closes the pipe when one of the two timeouts has passed. That alone ends the conversation: a task that waits for
    /// what a collector says next may not notice that it is cancelled.
    private func closeInTime(_ pipe: any CollectorPipe, _ progress: Progress) async {
        guard (try? await Task.sleep(for: plan.startTimeout)) != nil else { return }
        if !progress.hasArrived.withLock({ $0 }) {
            let isSilent = progress.report.withLock { $0.hello == nil }
            progress.closedFor.withLock { $0 = isSilent ? .silent : .late }
            return await pipe.close()
        }
        guard (try? await Task.sleep(for: .nanoseconds(plan.window) + plan.slack + .seconds(10))) != nil else { return }
        progress.closedFor.withLock { $0 = .timedOut }
        await pipe.close()
    }

    /// Why a conversation failed; nil when it did not.
    private func reasonOfFailure(_ progress: Progress, of conversation: () async throws -> Void) async -> Failure? {
        var failure: Failure?
        do {
            try await conversation()
        } catch let error as ConversationError {
            failure = .conversation(error)
        } catch is LateArrival {
            failure = .late
        } catch is NoticeFlood {
            failure = .tooManyNotices
        } catch is CancellationError {
            failure = .timedOut
        } catch {
            failure = .pipe("\(error)")
        }
        // What a closed pipe makes of the conversation is not the reason.
        return progress.closedFor.withLock { $0 } ?? failure
    }

    private struct LateArrival: Error {}
    private struct NoticeFlood: Error {}

    /// How far one conversation has come.
    private final class Progress: Sendable {
        let report = Mutex(Report())
        let hasArrived = Mutex(false)
        /// Why the pipe was closed before the conversation was over.
        let closedFor = Mutex<Failure?>(nil)
    }

    /// - Parameter begin: waits for the common beginning on the client's clock; 0 for at once, nil when it is too late.
    private func converse(
        _ position: Int,
        _ pipe: any CollectorPipe,
        _ progress: Progress,
        _ room: Places,
        begin: @Sendable () async -> Int64?
    ) async throws {
        var conversation = CollectorConversation(keepsFrames: plan.keepsFrames)
        while !conversation.hasEnded {
            guard let bytes = try await pipe.receive() else {
                try conversation.finish()
                return
            }
            let stay = await room.enter()
            let (remarks, failure) = await decode(bytes, &conversation, position, progress)
            await room.leave(stay)
            for event in remarks {
                switch event {
                case .ready:
                    guard let moment = await begin() else { throw LateArrival() }
                    conversation.begin(start(at: moment, offset: conversation.clockOffset))
                case .notice(let notice):
                    guard progress.report.withLock({ $0.add(notice) }) else { throw NoticeFlood() }
                case .ended(let end): progress.report.withLock { $0.end = end }
                case .entries, .rules: break
                }
            }
            if let failure { throw failure }
            let output = conversation.takeOutput(at: clock())
            if !output.isEmpty { try await pipe.send(output) }
        }
    }

    /// Decodes what was received and delivers it.
    ///
    /// - Returns: what is of the conversation itself, and why the rest cannot be read.
    private func decode(
        _ bytes: [UInt8],
        _ conversation: inout CollectorConversation,
        _ position: Int,
        _ progress: Progress
    ) async -> (remarks: [CollectorConversation.Event], failure: ConversationError?) {
        var deliveries: [CollectorConversation.Event] = []
        var remarks: [CollectorConversation.Event] = []
        var failure: ConversationError?
        do throws(ConversationError) {
            try conversation.receive(bytes.span, at: clock()) { event in
                if event.isDelivered { deliveries.append(event) } else { remarks.append(event) }
            }
        } catch {
            failure = error
        }
        progress.report.withLock { report in
            report.hello = conversation.hello
            report.clockOffset = conversation.clockOffset
        }
        let frames = conversation.takeFrames()
        if !deliveries.isEmpty || !frames.isEmpty {
            let offset = conversation.clockOffset
            await sink(position, .received(Reception(events: deliveries, frames: frames, clockOffset: offset)))
        }
        return (remarks, failure)
    }

    private func start(at moment: Int64, offset: ClockOffset?) -> Start {
        let (seconds, attoseconds) = plan.slack.components
        return Start(
            beginAt: moment == 0 ? 0 : moment.addingSaturating(offset?.nanoseconds ?? 0),
            window: plan.window,
            deadline: plan.window.addingSaturating(seconds * 1_000_000_000 + attoseconds / 1_000_000_000),
            wantsRules: plan.wantsRules,
            enablesAccounting: plan.enablesAccounting
        )
    }
}

extension CollectorConversation.Event {
    /// Whether it is what a collector was asked for, rather than of the conversation itself.
    fileprivate var isDelivered: Bool {
        switch self {
        case .entries, .rules: true
        case .ready, .notice, .ended: false
        }
    }
}

/// The moment at which all begin; the first who asks decides it.
private final class CommonBeginning: Sendable {
    private let decided = Mutex<Int64?>(nil)

    func moment(now: Int64, lead: Int64) -> Int64 {
        decided.withLock { decided in
            let moment = decided ?? now.addingSaturating(lead)
            decided = moment
            return moment
        }
    }
}
