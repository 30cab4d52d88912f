import CollectorProtocol
import NetModel
import Testing

@Suite("A message")
struct MessageTests {
    private func read(_ body: (inout FrameStreamWriter) -> Void) -> Reading { Reading(stream(body)) }

    private static let facts: NodeFacts = {
        var facts = NodeFacts(hostName: "tbn1", kernelRelease: "6.8", hasConntrack: true, mayAdministrate: true)
        facts.accounting = false
        facts.timestamps = true
        facts.eventsMode = 2
        facts.bridgeNetfilter = true
        facts.tableCount = 0
        facts.tableMaximum = .max
        facts.bypassSigns = ["interface cilium_host", "nftables flowtable ft", ""]
        return facts
    }()

    @Test("HELLO comes back as it was")
    func hello() {
        let clock = ClockReading(wall: .max, monotonic: .min)
        let full = Hello(release: "1.2.3", clock: clock, facts: Self.facts)
        #expect(read { $0.write(full) }.messages == [.hello(full)])
    }

    @Test("HELLO of a node that knows nothing keeps what is not known apart from zero")
    func helloWithoutFacts() {
        let facts = NodeFacts(hostName: "", kernelRelease: "", hasConntrack: false, mayAdministrate: false)
        let empty = Hello(release: "", clock: ClockReading(wall: 0, monotonic: 0), facts: facts)
        #expect(read { $0.write(empty) }.messages == [.hello(empty)])
        #expect(facts.tableCount == nil)
    }

    @Test("START comes back as it was")
    func start() {
        let full = Start(
            beginAt: 1, window: 5_000_000_000, deadline: .max, wantsRules: true, enablesAccounting: true,
            eventBuffer: .max)
        let empty = Start(beginAt: .min, deadline: 0, wantsRules: false)
        #expect(
            read {
                $0.write(full); $0.write(empty)
            }.messages == [.start(full), .start(empty)])
    }

    @Test("clock requests, clocks and acknowledgements come back")
    func small() {
        let clock = ClockReading(wall: -1, monotonic: 7)
        let reading = read { writer in
            writer.writeClockRequest()
            writer.write(clock)
            writer.writeAcknowledgement()
        }
        #expect(reading.messages == [.clockRequest, .clock(clock), .acknowledgement])
        #expect(!reading.isComplete)
    }

    @Test("every topic of a notice comes back, as a notice and as a failure")
    func notices() {
        for topic in Notice.Topic.allCases {
            let notice = Notice(topic: topic, text: "CAP_NET_ADMIN fehlt – häufig")
            #expect(read { $0.write(notice) }.messages == [.notice(notice)])
            #expect(read { $0.writeFailure(notice) }.messages == [.failure(notice)])
        }
    }

    @Test("rules come back byte for byte, of every program and moment")
    func rules() {
        for program in RulesPiece.Program.allCases {
            for moment in RulesPiece.Moment.allCases {
                let piece = RulesPiece(program: program, moment: moment, text: [0, 0xFF, 10], isLast: true)
                #expect(read { $0.write(piece) }.messages == [.rules(piece)])
            }
        }
    }

    @Test("rules longer than a frame become several, of which only the last is the last")
    func longRules() {
        let text = (0..<StreamFormat.longestRulesText * 2 + 1).map { UInt8(truncatingIfNeeded: $0) }
        let reading = read { $0.write(RulesPiece(program: .nftListRuleset, moment: .end, text: text, isLast: true)) }
        let pieces = reading.messages.compactMap { message in
            guard case .rules(let piece) = message else { return RulesPiece?.none }
            return piece
        }
        #expect(pieces.map(\.isLast) == [false, false, true])
        #expect(pieces.flatMap(\.text) == text)
        #expect(pieces.allSatisfy { $0.moment == .end && $0.program == .nftListRuleset })
    }

    @Test("END comes back with its totals filled in")
    func end() {
        var losses = Losses()
        losses.events = 1
        losses.eventOverruns = 2
        losses.interruptedDumps = 3
        losses.untracked = 4
        losses.countersWentDown = 5
        losses.undecodable = .max
        var statistics = ConntrackStatistics()
        statistics.found = 1
        statistics.invalid = 2
        statistics.insertFailed = 3
        statistics.drop = 4
        statistics.earlyDrop = 5
        statistics.icmpError = 6
        statistics.searchRestart = 7
        statistics.clashResolve = 8
        statistics.chainTooLong = 9
        var end = End()
        end.began = -5
        end.ended = .max
        end.window = .min
        end.losses = losses
        end.statistics = statistics
        end.statisticsOfWindow = ConntrackStatistics()
        end.tableCount = 0
        let reading = read { $0.finish(end) }
        // No frame before it: the CRC-32 of nothing is 0.
        #expect(reading.messages == [.end(end)])
        #expect(reading.isComplete)
    }

    @Test("a text that is too long is cut between two characters, and a list at its limit")
    func longTexts() {
        let text = String(repeating: "ä", count: StreamFormat.longestText)
        let cut = String(repeating: "ä", count: StreamFormat.longestText / 2)
        #expect(
            read { $0.write(Notice(topic: .rules, text: "x" + text)) }.messages
                == [.notice(Notice(topic: .rules, text: "x" + cut.dropLast()))])
        var facts = Self.facts
        facts.bypassSigns = Array(repeating: text, count: StreamFormat.listedTexts + 1)
        let hello = Hello(release: text, clock: ClockReading(wall: 0, monotonic: 0), facts: facts)
        var expected = hello
        expected.release = cut
        expected.facts.bypassSigns = Array(repeating: cut, count: StreamFormat.listedTexts)
        #expect(read { $0.write(hello) }.messages == [.hello(expected)])
    }

    @Test("fields that only a newer version knows are passed over")
    func unknownFields() {
        let news = field(100, 7) + field(101, [1, 2, 3]) + varint(102 << 3 | 1) + [0, 0, 0, 0, 0, 0, 0, 0]
        let more = varint(103 << 3 | 5) + [1, 2, 3, 4]
        let notice = news + field(1, 5) + field(2, Array("off".utf8)) + more
        #expect(
            Reading(frame(7, notice) + frame(9, news) + frame(2, more)).messages
                == [.notice(Notice(topic: .accounting, text: "off")), .acknowledgement, .clockRequest])
        let facts = field(1, Array("n".utf8)) + news
        let hello = field(1, 1) + news + field(4, facts)
        guard case .hello(let read)? = Reading(frame(1, hello)).messages.first else {
            Issue.record("HELLO with new fields is not read")
            return
        }
        #expect(read.facts.hostName == "n")
    }
}
