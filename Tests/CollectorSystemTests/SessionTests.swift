import CollectorProtocol
import Glibc
import TestSupport
import Testing

@Suite("A session with the built collector")
struct SessionTests {
    private static let second: Int64 = 1_000_000_000

    private static func window(_ seconds: Int64, deadline: Int64 = 60) -> Start {
        Start(window: seconds * second, deadline: deadline * second, wantsRules: false)
    }

    @Test("says HELLO, answers a request for the clock, and tells two windows one after the other, each with its END")
    func twoWindows() async throws {
        try await SingleHost.with { host in
            let collector = try host.collector("session")
            guard case .hello(let hello)? = try await collector.next() else {
                Issue.record("no HELLO")
                return
            }
            #expect(hello.version == 1)
            #expect(hello.facts.hasConntrack)
            #expect(hello.facts.mayAdministrate)
            #expect(hello.facts.accounting == false)
            #expect(hello.facts.eventsMode == 2)
            collector.send { $0.writeClockRequest() }
            guard case .clock(let clock)? = try await collector.next() else {
                Issue.record("no CLOCK")
                return
            }
            #expect(clock.wall > hello.clock.wall)
            #expect(clock.monotonic > hello.clock.monotonic)

            for count in [2, 3] {
                try await host.run("conntrack", "-F")
                collector.send { $0.write(Self.window(3)) }
                try await host.within(collector) { try await host.refusedConnections(count) }
                let messages = try await collector.messages(upTo: \.isEnd)
                #expect(messages.map(\.word) == ["ENTRIES", "END"])
                let end = try #require(messages.last?.end)
                #expect(end.entries == UInt64(count))
                #expect(end.losses.events == UInt64(2 * count))
                #expect(end.losses.eventOverruns == 0)
                #expect((3 * Self.second..<10 * Self.second).contains(end.window))
                #expect(end.ended - end.began >= 3 * Self.second)
                collector.send { $0.writeAcknowledgement() }
            }
            collector.closeInput()
            #expect(try await collector.messages().isEmpty)
            #expect(try await collector.ending() == .exited(0))
            #expect(collector.errorText() == "")
        }
    }

    @Test("begins at the moment that START names")
    func beginAt() async throws {
        try await SingleHost.with { host in
            let collector = try host.collector("session")
            guard case .hello(let hello)? = try await collector.next() else {
                Issue.record("no HELLO")
                return
            }
            var start = Self.window(1)
            start.beginAt = hello.clock.wall + 700_000_000
            collector.send { $0.write(start) }
            let end = try #require(try await collector.messages(upTo: \.isEnd).last?.end)
            #expect((0..<500_000_000).contains(end.began - start.beginAt))
        }
    }

    /// How far a session has come when something happens to it.
    enum Stage: CaseIterable, Sendable {
        case beforeStart, waitingToBegin, insideTheWindow, afterEnd
    }

    /// Brings a session to a stage.
    private func session(on host: SingleHost, at stage: Stage) async throws -> CollectorProcess {
        let collector = try host.collector("session")
        #expect(try await collector.next()?.isHello == true)
        var start = Self.window(stage == .afterEnd ? 1 : 30)
        switch stage {
        case .beforeStart: return collector
        case .waitingToBegin:
            start.beginAt = Int64(time(nil) + 30) * Self.second
            collector.send { $0.write(start) }
            // Nothing tells that it waits.
            try await Task.sleep(for: .milliseconds(300))
        case .insideTheWindow:
            collector.send { $0.write(start) }
            try await host.lab.waitUntilConntrackIsWatched(on: NetworkLab.router)
        case .afterEnd:
            collector.send { $0.write(start) }
            #expect(try await collector.messages(upTo: \.isEnd).last?.isEnd == true)
        }
        return collector
    }

    @Test("ends quietly with code 0 when its input ends, at every stage", arguments: Stage.allCases)
    func endOfInput(_ stage: Stage) async throws {
        try await SingleHost.with { host in
            let collector = try await session(on: host, at: stage)
            collector.closeInput()
            #expect(try await collector.ending(within: .seconds(2)) == .exited(0))
            #expect(try await collector.messages().isEmpty)
            #expect(collector.errorText() == "")
        }
    }

    @Test("ends quietly when the client has closed both pipes, at every stage", arguments: Stage.allCases)
    func clientGone(_ stage: Stage) async throws {
        try await SingleHost.with { host in
            let collector = try await session(on: host, at: stage)
            collector.closeOutput()
            collector.closeInput()
            #expect(try await collector.ending(within: .seconds(2)) == .exited(0))
            #expect(collector.errorText() == "")
        }
    }

    @Test("ends quietly when nobody reads any more, though its input stays open")
    func closedOutput() async throws {
        try await SingleHost.with { host in
            let collector = try host.collector("session")
            #expect(try await collector.next()?.isHello == true)
            collector.closeOutput()
            collector.send { $0.write(Self.window(1)) }
            #expect(try await collector.ending(within: .seconds(4)) == .exited(0))
            #expect(collector.errorText() == "")
        }
    }

    @Test("ends with code 0 when its input ends while the client reads nothing")
    func endOfInputWhileBlocked() async throws {
        try await SingleHost.with { host in
            let collector = try await blockedSession(on: host, deadline: 60)
            collector.closeInput()
            #expect(try await collector.ending(within: .seconds(2)) == .exited(0))
            #expect(collector.errorText() == "")
        }
    }

    @Test("ends at the deadline of START when the client reads nothing, and says so")
    func deadlineWhileBlocked() async throws {
        try await SingleHost.with { host in
            let collector = try await blockedSession(on: host, deadline: 3)
            // What has no room is tried for another second, so that a client who still reads learns the reason.
            #expect(try await collector.ending(within: .seconds(8)) == .exited(1))
            #expect(collector.errorText() == "error: the collector's deadline passed\n")
        }
    }

    /// A session whose snapshot does not fit the pipe.
    private func blockedSession(on host: SingleHost, deadline: Int64) async throws -> CollectorProcess {
        try await host.manyEntries(20_000)
        let collector = try host.collector("session")
        #expect(try await collector.next()?.isHello == true)
        collector.send { $0.write(Start(deadline: deadline * Self.second, wantsRules: false)) }
        // It has filled the pipe by then and sleeps; it would have ended this START otherwise.
        try await Task.sleep(for: .seconds(1))
        #expect(try readText("/proc/\(collector.processID)/stat").contains(") S "))
        return collector
    }

    @Test("ends at the deadline of START inside the window, and says so in a FAILURE")
    func deadline() async throws {
        try await SingleHost.with { host in
            let collector = try host.collector("session")
            #expect(try await collector.next()?.isHello == true)
            collector.send { $0.write(Self.window(30, deadline: 1)) }
            let messages = try await collector.messages()
            #expect(messages.map(\.word) == ["FAILURE"])
            #expect(messages.last?.failure?.topic == .deadline)
            #expect(try await collector.ending() == .exited(1))
        }
    }

    @Test("answers bytes that are no frame, and frames that only collectors send, with a FAILURE about the client")
    func garbage() async throws {
        try await SingleHost.with { host in
            let bytes = try host.collector("session")
            #expect(try await bytes.next()?.isHello == true)
            bytes.send(text: "GET / HTTP/1.1\r\n\r\n")
            let failure = try #require(try await bytes.messages().last?.failure)
            #expect(failure.topic == .client)
            #expect(failure.text.hasPrefix("the client's frames cannot be read: frame 1 at byte 0: "))
            #expect(try await bytes.ending() == .exited(1))

            let collectors = try host.collector("session")
            #expect(try await collectors.next()?.isHello == true)
            collectors.send { $0.write(Notice(topic: .rules, text: "")) }
            let other = try #require(try await collectors.messages().last?.failure)
            #expect(other == Notice(topic: .client, text: "the client sent a frame that only collectors send"))
            #expect(try await collectors.ending() == .exited(1))
        }
    }
}
