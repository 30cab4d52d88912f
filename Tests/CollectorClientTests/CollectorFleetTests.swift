import CollectorClient
import CollectorProtocol
import Synchronization
import Testing

@Suite("Several collectors asked for one window")
struct CollectorFleetTests {
    private static let second: Int64 = 1_000_000_000

    /// A clock that goes on by a millisecond every time somebody looks at it.
    private final class SteppingClock: Sendable {
        private let time = Mutex<Int64>(1_000_000 * CollectorFleetTests.second)

        func read() -> Int64 {
            time.withLock { time in
                time += 1_000_000
                return time
            }
        }
    }

    private final class Received: Sendable {
        private let counts = Mutex<[Int: Int]>([:])

        func add(_ event: CollectorConversation.Event, from position: Int) {
            guard case .entries(let block) = event else { return }
            counts.withLock { $0[position, default: 0] += block.entries.count }
        }

        subscript(position: Int) -> Int { counts.withLock { $0[position] ?? 0 } }
    }

    private func run(
        _ collectors: [ScriptedCollector],
        clock: SteppingClock,
        startTimeout: Duration = .seconds(20),
        slack: Duration = .seconds(20),
        received: Received = Received()
    ) async -> [CollectorFleet.Report] {
        let plan = CollectorFleet.Plan(window: 5 * Self.second, startTimeout: startTimeout, slack: slack)
        let fleet = CollectorFleet(plan, clock: { clock.read() }) { position, delivery in
            guard case .received(let reception) = delivery else { return }
            for event in reception.events { received.add(event, from: position) }
        }
        return await fleet.run(collectors)
    }

    /// What was delivered of one collector, in its order.
    private final class Delivered: Sendable {
        private struct State {
            var frames: [UInt8] = []
            var report: CollectorFleet.Report?
            var isInOrder = true
        }

        private let state = Mutex(State())

        func add(_ delivery: CollectorFleet.Delivery) {
            state.withLock { state in
                if state.report != nil { state.isInOrder = false }
                switch delivery {
                case .received(let reception): state.frames += reception.frames
                case .over(let report): state.report = report
                }
            }
        }

        var report: CollectorFleet.Report? { state.withLock { $0.report } }
        var isInOrder: Bool { state.withLock { $0.isInOrder } }

        /// What the frames say, and whether they end with an END that fits them.
        func messages() throws -> (messages: [CollectorMessage], isComplete: Bool) {
            let frames = state.withLock { $0.frames }
            var reader = FrameStreamReader()
            var messages: [CollectorMessage] = []
            try reader.read(frames.span) { messages.append($0) }
            try reader.finish()
            return (messages, reader.isComplete)
        }
    }

    private func deliver(_ collector: ScriptedCollector, _ clock: SteppingClock) async -> Delivered {
        let plan = CollectorFleet.Plan(
            window: 5 * Self.second, startTimeout: .seconds(20), slack: .seconds(20), keepsFrames: true)
        let delivered = Delivered()
        let fleet = CollectorFleet(plan, clock: { clock.read() }) { _, delivery in delivered.add(delivery) }
        _ = await fleet.run([collector])
        return delivered
    }

    @Test("delivers the bytes of all frames that were taken, whole, and last the report")
    func frames() async throws {
        let clock = SteppingClock()
        let delivered = await deliver(ScriptedCollector(.entries(3), clock: { clock.read() }), clock)
        let (messages, isComplete) = try delivered.messages()
        #expect(isComplete)
        guard case .hello = messages.first, case .end(let end) = messages.last else {
            Issue.record("from HELLO to END: \(messages)")
            return
        }
        #expect(end.entries == 3)
        #expect(delivered.report?.end == end)
        #expect(delivered.isInOrder)
    }

    @Test("delivers what was taken before a collector broke off, and why it did")
    func framesBeforeAFailure() async throws {
        for script in [ScriptedCollector.Script.nonsense, .endsEarly, .failure("no")] {
            let clock = SteppingClock()
            let delivered = await deliver(ScriptedCollector(script, clock: { clock.read() }), clock)
            let (messages, isComplete) = try delivered.messages()
            #expect(!isComplete)
            #expect(messages.count >= 5)
            #expect(!messages.contains { if case .failure = $0 { true } else { false } })
            #expect(delivered.report?.failure != nil)
            #expect(delivered.isInOrder)
        }
    }

    @Test("begins at one moment on nodes whose clocks are three seconds apart")
    func offsetClocks() async throws {
        let clock = SteppingClock()
        let here = ScriptedCollector(.entries(3), clock: { clock.read() })
        let ahead = ScriptedCollector(.entries(5), ahead: 3 * Self.second, clock: { clock.read() })
        let received = Received()
        let reports = await run([here, ahead], clock: clock, received: received)

        #expect(received[0] == 3)
        #expect(received[1] == 5)
        let offsets = try reports.map { try #require($0.clockOffset) }
        // Every look at the clock takes a millisecond; question and answer take a few.
        #expect(abs(offsets[0].nanoseconds) <= offsets[0].uncertainty + 1)
        #expect(abs(offsets[1].nanoseconds - 3 * Self.second) <= offsets[1].uncertainty + 1)
        #expect(offsets.allSatisfy { $0.uncertainty < 20_000_000 })
        let starts = try [await here.started, await ahead.started].map { try #require($0) }
        let difference = starts[1].beginAt - starts[0].beginAt - 3 * Self.second
        #expect(abs(difference) <= offsets[0].uncertainty + offsets[1].uncertainty + 2)
        #expect(starts.allSatisfy { $0.window == 5 * Self.second && $0.deadline == 25 * Self.second })
        #expect(await here.acknowledged)
        #expect(await ahead.acknowledged)
        #expect(reports.allSatisfy { $0.failure == nil && $0.end != nil })
    }

    @Test("begins at once where there is one")
    func alone() async throws {
        let clock = SteppingClock()
        let collector = ScriptedCollector(.entries(1), clock: { clock.read() })
        let reports = await run([collector], clock: clock)
        #expect(reports.map { $0.end?.entries } == [1])
        #expect(await collector.started?.beginAt == 0)
    }

    @Test("goes on without one that says nothing until the start timeout, and closes it", .timeLimit(.minutes(1)))
    func silentOne() async throws {
        let clock = SteppingClock()
        let good = ScriptedCollector(.entries(2), clock: { clock.read() })
        let silent = ScriptedCollector(.entries(2), greets: false, clock: { clock.read() })
        let reports = await run([good, silent], clock: clock, startTimeout: .milliseconds(200))
        #expect(reports[0].end?.entries == 2)
        #expect(reports[0].failure == nil)
        #expect(await !good.isClosed)
        #expect(reports[1].end == nil)
        guard case .silent = reports[1].failure else {
            Issue.record("not silent but \(String(describing: reports[1].failure))")
            return
        }
        #expect(await silent.isClosed)
    }

    @Test("closes one that does not tell its clock before the start timeout, as not ready", .timeLimit(.minutes(1)))
    func neverReady() async throws {
        let clock = SteppingClock()
        let collector = ScriptedCollector(.entries(2), tellsClock: false, clock: { clock.read() })
        let reports = await run([collector], clock: clock, startTimeout: .milliseconds(200))
        #expect(reports[0].hello != nil)
        guard case .late = reports[0].failure else {
            Issue.record("not late but \(String(describing: reports[0].failure))")
            return
        }
        #expect(await collector.isClosed)
    }

    @Test("closes one that does not end within the window and the slack, as timed out", .timeLimit(.minutes(1)))
    func neverEnding() async throws {
        let clock = SteppingClock()
        let collector = ScriptedCollector(.silence, clock: { clock.read() })
        // Of the window's five seconds and ten more, a tenth of one is left.
        let reports = await run(
            [collector], clock: clock, startTimeout: .milliseconds(200), slack: .milliseconds(-14_900))
        #expect(await collector.started?.window == 5 * Self.second)
        #expect(reports[0].end == nil)
        guard case .timedOut = reports[0].failure else {
            Issue.record("not timed out but \(String(describing: reports[0].failure))")
            return
        }
        #expect(await collector.isClosed)
    }

    @Test("keeps the first 32 different notices of a collector and counts the rest")
    func manyNotices() async throws {
        let clock = SteppingClock()
        let reports = await run([ScriptedCollector(.notices(40), clock: { clock.read() })], clock: clock)
        #expect(reports[0].notices.map(\.text) == (1...32).map { "trouble \($0)" })
        #expect(reports[0].noticesLeftOut == 48)
        #expect(reports[0].failure == nil)
        #expect(reports[0].end?.entries == 1)
    }

    @Test("ends a conversation with more than ten thousand notices as a failure")
    func noticesWithoutEnd() async throws {
        let clock = SteppingClock()
        let most = await run([ScriptedCollector(.notices(5000), clock: { clock.read() })], clock: clock)
        #expect(most[0].failure == nil)
        #expect(most[0].notices.count + most[0].noticesLeftOut == 10_000)
        let more = await run([ScriptedCollector(.notices(5001), clock: { clock.read() })], clock: clock)
        guard case .tooManyNotices = more[0].failure else {
            Issue.record("not too many notices but \(String(describing: more[0].failure))")
            return
        }
        #expect(more[0].notices.count == 32)
        #expect(more[0].notices.count + more[0].noticesLeftOut == 10_001)
    }

    @Test("keeps what came before a frame that is broken, and tells the frame and the offset")
    func broken() async throws {
        let clock = SteppingClock()
        let received = Received()
        let reports = await run(
            [ScriptedCollector(.nonsense, clock: { clock.read() })],
            clock: clock,
            received: received
        )
        guard case .conversation(.broken(let error)) = reports[0].failure else {
            Issue.record("not broken but \(String(describing: reports[0].failure))")
            return
        }
        #expect(error.frame == 6)
        #expect(reports[0].end == nil)
    }

    @Test("tells a collector that cannot, in its own words, and one that ends early")
    func failures() async throws {
        let clock = SteppingClock()
        let reports = await run(
            [
                ScriptedCollector(.failure("the kernel said no"), clock: { clock.read() }),
                ScriptedCollector(.endsEarly, clock: { clock.read() }),
                ScriptedCollector(.entries(4), clock: { clock.read() }),
            ],
            clock: clock
        )
        guard case .conversation(.failed(let notice)) = reports[0].failure else {
            Issue.record("not failed but \(String(describing: reports[0].failure))")
            return
        }
        #expect(notice.text == "the kernel said no")
        guard case .conversation(.endedEarly) = reports[1].failure else {
            Issue.record("not ended early but \(String(describing: reports[1].failure))")
            return
        }
        #expect(reports[1].notices.map(\.text) == ["one thing went wrong"])
        #expect(reports[2].end?.entries == 4)
    }
}
