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
                window: 3_000_000_000,
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
            let tables = CollectedTables()
            let node = await tables.begin(CollectedTables.Source(name: "node", isNode: true, mode: .collector))
            for case .entries(let block) in messages {
                await tables.take(
                    CollectorFleet.Reception(events: [.entries(block)], clockOffset: nil), from: node)
            }
            await tables.end(report, of: node)
            let source = try #require(await tables.finish().sources.first)
            #expect(source.showsRefused == false)
            #expect(source.collector?.eventOverruns == end.losses.eventOverruns)
            collector.closeInput()
            #expect(try await collector.ending() == .exited(0))
        }
    }

    @Test("are told by kubectl netviz, which then does not call refused connections observable")
    func throughTheClient() async throws {
        try await SingleHost.with { host in
            let arguments = ["flows", "--local", "--window", "6s", "--top", "1", "-o", "json"]
            async let watched = host.lab.run(
                on: NetworkLab.router, try BuiltExecutable.kubectlNetviz(), arguments, timeout: .seconds(60))
            try await host.lab.waitUntilConntrackIsWatched(on: NetworkLab.router)
            let namespace = host.lab.namespace(of: NetworkLab.router)
            let processes = try await TestSupport.runSuccessfully("ip", ["netns", "pids", namespace])
            let collector = try #require(
                try processes.split(separator: "\n").compactMap { Int32($0) }.first { process in
                    try readText("/proc/\(process)/comm") == "netviz-collecto\n"
                })
            // The default buffer has room for some 25,000 events.
            kill(collector, SIGSTOP)
            try await host.manyEntries(30_000)
            try await host.run("conntrack", "-F")
            kill(collector, SIGCONT)
            let result = try await watched
            #expect(result.status == .exited(0), "\(result.errorText)")
            let coverage = try #require(try JSONValue(parsing: result.output)["coverage"])
            #expect(coverage["refused_connections_observable"] == false)
            let node = try #require(coverage["nodes"]?[0])
            #expect((node["event_overruns"]?.integer ?? 0) > 0)
            #expect((node["events_seen"]?.integer ?? 0) > 10_000)
        }
    }

    @Test("come from a flood with a small buffer, and the collector says so and ends well")
    func flood() async throws {
        try await SingleHost.with { host in
            let collector = try host.collector("window", "--seconds", "6", "--event-buffer", "4096", "--no-rules")
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
            collector.send { $0.write(Start(window: 3_000_000_000, deadline: 30_000_000_000, wantsRules: false)) }
            try await host.lab.waitUntilConntrackIsWatched(on: NetworkLab.router)
            // Held until its window is over, it finds more events than it takes at the looks that the window has.
            collector.signal(SIGSTOP)
            try await host.refusedConnections(8000)
            try await Task.sleep(for: .seconds(3))
            collector.signal(SIGCONT)
            let end = try #require(try await collector.messages(upTo: \.isEnd).last?.end)
            #expect(end.losses.eventOverruns == 0)
            #expect(end.losses.events == 16_000)
            #expect(end.entries == 8000)
        }
    }
}
