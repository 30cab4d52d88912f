import CollectorClient
import CollectorProtocol
import FlowGraph
import Glibc
import NetModel
import NetvizCommands
import TestSupport
import Testing

@Suite("Events that the kernel had to drop")
struct LossTests {
    @Test("are counted in END, the window comes to its end, and refused connections are not said to be observable")
    func overrun() async throws {
        try await SingleHost.with { host in
            let collector = try host.collector("session")
            guard case .hello(let hello)? = try await collector.next() else {
                Issue.record("no HELLO")
                return
            }
            let start = Start(
                window: 2_000_000_000,
                deadline: 30_000_000_000,
                wantsRules: false,
                eventBuffer: 4096
            )
            collector.send { $0.write(start) }
            try await host.lab.waitUntilConntrackIsWatched(on: NetworkLab.router)
            // Stopped, it cannot take what comes; on a busy node it would just be too slow.
            collector.signal(SIGSTOP)
            try await host.refusedConnections(500)
            collector.signal(SIGCONT)
            let messages = try await collector.messages(upTo: \.isEnd)
            let end = try #require(messages.last?.end)
            #expect(end.losses.eventOverruns > 0)
            #expect((1..<1000).contains(end.losses.events))
            #expect(end.losses.undecodable == 0)

            var report = CollectorFleet.Report()
            report.hello = hello
            report.end = end
            let tables = CollectedTables(names: ["node"])
            for case .entries(let block) in messages { await tables.take(block, from: 0, clockOffset: 0) }
            let source = try #require(await tables.finish([report], names: ["node"]).1.first)
            #expect(source.showsRefused == false)
            #expect(source.collector?.eventOverruns == end.losses.eventOverruns)
            collector.closeInput()
            #expect(try await collector.ending() == .exited(0))
        }
    }

    @Test("come from a flood with a small buffer, and the collector says so and ends well")
    func flood() async throws {
        try await SingleHost.with { host in
            let collector = try host.collector("window", "--seconds", "3", "--event-buffer", "4096", "--no-rules")
            try await host.lab.waitUntilConntrackIsWatched(on: NetworkLab.router)
            // A flush takes thousands of entries out at once, each with an event.
            try await host.manyEntries(5000)
            try await host.run("conntrack", "-F")
            let end = try #require(try await collector.messages().last?.end)
            #expect(end.losses.eventOverruns > 0)
            #expect(end.losses.events > 0)
            #expect(try await collector.ending() == .exited(0))
        }
    }

    @Test("are none with the default buffer, however late the collector takes them, and none is left in the buffer")
    func bufferedToTheEnd() async throws {
        try await SingleHost.with { host in
            let collector = try host.collector("session")
            #expect(try await collector.next()?.isHello == true)
            collector.send { $0.write(Start(window: 1_000_000_000, deadline: 30_000_000_000, wantsRules: false)) }
            try await host.lab.waitUntilConntrackIsWatched(on: NetworkLab.router)
            // Held until its window is over, it finds more events than it takes at one look.
            collector.signal(SIGSTOP)
            try await host.refusedConnections(6000)
            try await Task.sleep(for: .seconds(1))
            collector.signal(SIGCONT)
            let end = try #require(try await collector.messages(upTo: \.isEnd).last?.end)
            #expect(end.losses.eventOverruns == 0)
            #expect(end.losses.events == 12_000)
            #expect(end.entries == 6000)
        }
    }
}
