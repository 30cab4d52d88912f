import CollectorClient
import CollectorProtocol
import FlowGraph
import NetModel
import NetvizCommands
import Rendering
import Testing
import TextCollector

@Suite("A window on a node by its own conntrack")
struct WindowTests {
    /// The events of a window: lines that are made when they are said, after so many milliseconds from the start.
    private static func events(
        ahead: Int64 = 0,
        _ lines: [(after: Int, kind: String, port: Int, bytes: (Int, Int)?)]
    ) -> ScriptedPrograms.Start {
        var steps: [ScriptedPrograms.Step] = [.err(listens)]
        let start = realtime()
        var time = 0
        for line in lines {
            if line.after > time { steps.append(.pause(.milliseconds(line.after - time))) }
            time = line.after
            let moment = start + Int64(line.after) * 1_000_000 + ahead
            steps.append(
                .out(
                    event(
                        line.kind, line.port, at: moment, bytes: line.bytes,
                        state: line.kind == "NEW" ? "SYN_SENT" : "CLOSE")))
        }
        return .runs(steps + [.hang])
    }

    @Test(
        "tells what was opened, closed, refused and carried on, and what vanished, though clocks differ by an hour",
        arguments: [0, 3600 * second, -3600 * second], [1, 100, Int.max])
    func everything(ahead: Int64, cut: Int) async throws {
        let programs = node(
            cut: cut,
            events: {
                Self.events(
                    ahead: ahead,
                    [
                        (300, "NEW", 5004, nil), (301, "NEW", 5005, nil), (350, "DESTROY", 5005, (60, 40)),
                        (360, "DESTROY", 5003, (1000, 5000)),
                    ])
            },
            list: { _, occurrence in
                listing(
                    occurrence == 1
                        ? [listed(5001), listed(5002), listed(5003), listed(5006)]
                        : [listed(5001), listed(5002, bytes: (600, 1200)), listed(5004, bytes: (70, 80))])
            })
        let messages = try await TextCollector(programs).answers(to: .window(800))
        #expect(
            messages.told == [
                "5001 first second 0/0", "5002 first second 500/1000", "5003 first destroy 900/4800",
                "5004 second new 70/80", "5005 new destroy 60/40", "5006 first",
            ])
        let end = try #require(messages.end)
        #expect((800_000_000..<1_000_000_000).contains(end.window))
        #expect(end.losses.events == 4)
        #expect(end.losses.eventOverruns == 0)
        #expect(end.eventsMode == 2)
        #expect(end.statistics?.invalid == 2)
        #expect(end.statisticsOfWindow?.invalid == 1)
        // Times are the client's, whatever the node's clock says.
        let times = messages.entries.compactMap(\.eventTime?.nanoseconds)
        #expect(times.count >= 2)
        #expect(times.allSatisfy { $0 >= end.began && $0 <= end.ended })
    }

    @Test("leaves out what begins after it, though the second listing shows it")
    func outside() async throws {
        let programs = node(
            events: {
                Self.events([(200, "NEW", 5002, nil), (700, "NEW", 5003, nil), (720, "DESTROY", 5001, (150, 200))])
            },
            list: { _, occurrence in
                occurrence == 1
                    ? listing([listed(5001)])
                    : .runs([
                        .pause(.milliseconds(450)), .out(listed(5002) + listed(5003)), .err(shown(2)), .end(0),
                    ])
            })
        let messages = try await TextCollector(programs).answers(to: .window(500))
        #expect(messages.told == ["5001 first destroy 50/0", "5002 second new 100/200"])
        #expect(messages.end?.losses.eventOverruns == 0)
    }

    @Test("hears an event of the first listing's time that comes after the listing, and the other way round")
    func lateEvent() async throws {
        let programs = node(
            events: {
                Self.events([(10, "NEW", 5009, nil), (140, "NEW", 5001, nil), (150, "DESTROY", 5002, (160, 220))])
            },
            list: { _, occurrence in
                occurrence == 1
                    ? .runs([
                        .pause(.milliseconds(80)), .out(listed(5001)), .pause(.milliseconds(150)),
                        .out(listed(5002)), .err(shown(2)), .end(0),
                    ]) : listing([listed(5001, bytes: (400, 500))])
            })
        let messages = try await TextCollector(programs).answers(to: .window(600))
        #expect(
            messages.told.filter { !$0.hasPrefix("5009") } == [
                "5001 first second new 400/500", "5002 first destroy 60/20",
            ])
    }

    @Test("does not say that a packet passed where lines only came at other times")
    func timeouts() async throws {
        let programs = node(list: { _, occurrence in
            // After half a second one has lost a second by rounding; the other has got ten more.
            listing(
                [
                    listed(5001, bytes: nil, timeout: occurrence == 1 ? 300 : 299),
                    listed(5002, bytes: nil, timeout: occurrence == 1 ? 300 : 310),
                ])
        })
        let messages = try await TextCollector(programs).answers(to: .window(500))
        #expect(messages.told == ["5001 first second", "5002 first second refreshed"])
    }

    @Test("does not call a connection idle where a listing comes so late that timeouts say nothing of the window")
    func lateListing() async throws {
        let programs = node(list: { _, occurrence in
            let lines =
                occurrence == 1
                ? [listed(5001, bytes: nil), listed(5002, bytes: nil), listed(5003)]
                : [listed(5001, bytes: nil, timeout: 299), listed(5002, bytes: nil, timeout: 310), listed(5003)]
            return .runs([
                .pause(.milliseconds(occurrence == 1 ? 1000 : 0)), .out(lines.joined()), .err(shown(3)), .end(0),
            ])
        })
        let messages = try await TextCollector(programs).answers(to: .window(2000))
        #expect(messages.told == ["5001 ", "5002 first second refreshed", "5003 first second 0/0"])
    }

    @Test("says that events were lost when conntrack says so, or when they break off")
    func lostEvents() async throws {
        let list: @Sendable ([String], Int) -> ScriptedPrograms.Start = { _, _ in listing([listed(5001)]) }
        let overrun = node(
            events: {
                .runs([
                    .err(listens), .pause(.milliseconds(200)),
                    .err("WARNING: We have hit ENOBUFS! We are losing events.\nThis message means that the current"),
                    .hang,
                ])
            }, list: list)
        var messages = try await TextCollector(overrun).answers(to: .window(400))
        #expect(messages.end?.losses.eventOverruns == 1)

        let lost = node(
            events: { .runs([.err(listens), .pause(.milliseconds(200)), .lost("reset by peer")]) }, list: list)
        messages = try await TextCollector(lost).answers(to: .window(400))
        #expect(messages.told == ["5001 first second 0/0"])
        #expect(messages.end?.losses.eventOverruns == 1)
        #expect(
            messages.notices == [
                "the events of 'conntrack -E' broke off (reset by peer): connections refused after that are not seen"
            ])

        let refused = node(events: { .refused("too many streams") }, list: list)
        messages = try await TextCollector(refused).answers(to: .window(300))
        #expect(messages.end?.losses.eventOverruns == 1)
        #expect(messages.notices.first?.contains("too many streams") == true)

        let ended = node(
            events: { .runs([.err("conntrack v1.4.7 (conntrack-tools): Can't open netlink socket\n"), .end(1)]) },
            list: list)
        messages = try await TextCollector(ended).answers(to: .window(300))
        #expect(messages.notices.first?.contains("it ended with status 1: conntrack v1.4.7") == true)
    }

    @Test("whose first listing is not whole ends with a FAILURE, and tells what came without what became of it")
    func firstListing() async throws {
        let programs = node(list: { _, _ in .runs([.out(listed(5001)), .err(shown(2)), .end(0)]) })
        let messages = try await TextCollector(programs).answers(to: .window(300))
        #expect(messages.told == ["5001"])
        #expect(messages.failure?.text == "'conntrack -L -o extended,id' showed 2 entries, of which 1 came")
    }

    @Test("whose second listing breaks off does not take what is missing for ended")
    func secondListing() async throws {
        let programs = node(list: { _, occurrence in
            occurrence == 1
                ? listing([listed(5001), listed(5002)])
                : .runs([.out(listed(5001, bytes: (300, 300))), .lost("reset by peer")])
        })
        let messages = try await TextCollector(programs).answers(to: .window(300))
        #expect(messages.told == ["5001 first second 200/100", "5002"])
        #expect(messages.failure?.text.contains("reset by peer; 1 entry came") == true)
    }

    @Test("of a node of which nobody says that events are on tells new ones by the second listing")
    func unknownMode() async throws {
        let programs = node(list: { _, occurrence in listing(occurrence == 1 ? [] : [listed(5001)]) })
        let messages = try await TextCollector(programs).answers(to: .window(300))
        #expect(messages.told == ["5001 second 100/200"])
        #expect(messages.end?.eventsMode == nil)
    }

    @Test("waits for conntrack to listen before it lists")
    func listening() async throws {
        let listed = Counter()
        let programs = node(
            events: { .runs([.pause(.milliseconds(500)), .err(listens), .hang]) },
            list: { _, _ in
                _ = listed.next()
                return listing([])
            })
        let collector = TextCollector(programs)
        let answers = Task { try await collector.answers(to: .window(300)) }
        try await Task.sleep(for: .milliseconds(350))
        #expect(listed.next() == 1)
        #expect(try await answers.value.end != nil)
        #expect(listed.next() == 4)
    }

    @Test("by /proc alone says that refused connections are not seen")
    func procFile() async throws {
        let counter = Counter()
        let programs = ScriptedPrograms { command, _ in
            guard command[0] == "cat" else { return .unavailable }
            guard command.contains("/proc/net/nf_conntrack") else {
                return .runs([.out("1\n1\n2\n2\n100\n1\nInter-|\n face |\n"), .end(0)])
            }
            let isFirst = counter.next() == 1
            return .runs([
                .out(
                    listed(5001, id: 0, bytes: isFirst ? (100, 100) : (150, 100)) + (isFirst ? "" : listed(5002, id: 0))
                ),
                .end(0),
            ])
        }
        let watched = await Watched([("n1", TextCollector(programs))], window: 300_000_000)
        let source = try #require(watched.collected.sources.first)
        #expect(source.mode == .text)
        #expect(source.collector?.eventsMode == 2)
        #expect(source.showsRefused == false)
        #expect(source.collector?.clockOffsetMilliseconds == nil)
        let text = CoverageText.summary(watched.coverage)
        #expect(
            text
                == "1 of 1 node, 0.3 s window; n1: read as /proc/net/nf_conntrack without netviz-collector, clock not "
                + "compared; n1: refused connections not observable (/proc/net/nf_conntrack tells no events)")
    }

    @Test("has in its coverage that it is text, what it did not see, and no offset of clocks")
    func coverage() async throws {
        let programs = node(
            events: { Self.events([(250, "NEW", 5002, nil)]) },
            list: { _, occurrence in listing(occurrence == 1 ? [listed(5001)] : [listed(5001), listed(5002)]) })
        let watched = await Watched([("n1", TextCollector(programs))], window: 500_000_000)
        let report = try #require(watched.reports.first)
        #expect(report.failure == nil)
        let source = try #require(watched.collected.sources.first)
        #expect(source.mode == .text)
        #expect(source.showsRefused)
        let collector = try #require(source.collector)
        #expect(collector.isText)
        #expect(collector.clockOffsetMilliseconds == nil)
        #expect(collector.eventsMode == 2)
        #expect(collector.kernelRelease == "6.1.0")
        #expect(collector.window.map { $0.nanoseconds >= 500_000_000 } == true)
        #expect(
            CoverageText.summary(watched.coverage)
                == "1 of 1 node, 0.5 s window; n1: read as conntrack's text without netviz-collector, clock not compared"
        )
        let failing = node(list: { _, _ in .runs([.out(listed(5001)), .err(shown(2)), .end(0)]) })
        let failed = await Watched([("n2", TextCollector(failing))], window: 300_000_000)
        #expect(
            CoverageText.summary(failed.coverage)
                .contains(
                    "n2: 'conntrack -L -o extended,id' showed 2 entries, of which 1 came; what came before that is shown"
                ))
    }
}
