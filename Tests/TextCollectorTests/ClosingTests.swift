import CollectorClient
import CollectorProtocol
import Testing
import TextCollector

@Suite("A node's programs that do not come to an end", .timeLimit(.minutes(1)))
struct ClosingTests {
    /// The n-th program that is started hangs, in one of several ways.
    private func hanging(at stage: Int, _ way: ScriptedPrograms.Start) -> ScriptedPrograms {
        let counter = Counter()
        return ScriptedPrograms { command, occurrence in
            if counter.next() == stage { return way }
            switch (command[0], command.dropFirst().first) {
            case ("conntrack", "-V"): return .runs([.out("conntrack v1.4.7 (conntrack-tools)\n"), .end(0)])
            case ("conntrack", "-E"): return .runs([.err(listens), .hang])
            case ("conntrack", "-L"): return listing([listed(5001)])
            case ("conntrack", _): return .runs([.out("1\n"), .end(0)])
            case ("iptables-nft-save", _): return .runs([.out("*filter\nCOMMIT\n"), .end(0)])
            default: return .unavailable
            }
        }
    }

    @Test("are closed with everything that waits for them, whatever the stage", arguments: 1...14)
    func closed(_ stage: Int) async throws {
        for way in [ScriptedPrograms.Start.runs([.hang]), .hangs] {
            let programs = hanging(at: stage, way)
            let collector = TextCollector(programs)
            let answers = Task { try await collector.answers(to: .window(300, wantsRules: true)) }
            try await Task.sleep(for: .milliseconds(700))
            await collector.close()
            _ = try await answers.value
            #expect(try await collector.receive() == nil)
            #expect(try await eventually { programs.leftOpen == 0 })
        }
    }

    @Test("end with a FAILURE at the deadline, whatever the stage after START", arguments: 4...9)
    func deadline(_ stage: Int) async throws {
        let programs = hanging(at: stage, .runs([.hang]))
        let messages = try await TextCollector(programs, patience: Patience(program: .seconds(30)))
            .answers(to: .window(300, wantsRules: false, deadline: 2 * second))
        // One of them is the listener, which is to go on.
        #expect(messages.end != nil || messages.failure?.topic == .deadline)
        #expect(try await eventually { programs.leftOpen == 0 })
    }

    @Test("that hang in their start end with a FAILURE at the deadline", arguments: 4...9)
    func deadlineOfStart(_ stage: Int) async throws {
        let programs = hanging(at: stage, .hangs)
        let messages = try await TextCollector(programs)
            .answers(to: .window(300, wantsRules: false, deadline: second))
        #expect(messages.failure?.topic == .deadline)
        #expect(try await eventually { programs.leftOpen == 0 })
    }

    @Test("or whose connections are lost end the work with END or a FAILURE, whatever the stage", arguments: 1...14)
    func lost(_ stage: Int) async throws {
        for way in [ScriptedPrograms.Start.refused("no route"), .runs([.lost("reset")]), .runs([.end(7)])] {
            let programs = hanging(at: stage, way)
            let messages = try await TextCollector(programs).answers(to: .window(300, wantsRules: true))
            #expect(messages.end != nil || messages.failure != nil)
            #expect(try await eventually { programs.leftOpen == 0 })
        }
    }

    @Test("are let alone when they read numbers for too long: what they would have said is not known")
    func slowStatistics() async throws {
        let programs = ScriptedPrograms { command, _ in
            switch command.dropFirst().first {
            case "-V": .runs([.out("conntrack v1.4.7 (conntrack-tools)\n"), .end(0)])
            case "-L": listing([listed(5001)])
            default: .runs([.hang])
            }
        }
        let patience = Patience(program: .milliseconds(50))
        let messages = try await TextCollector(programs, patience: patience).answers(to: .snapshot())
        #expect(messages.end?.entries == 1)
        #expect(messages.end?.statistics == nil)
        #expect(messages.end?.tableCount == nil)
    }

    @Test("are not started when nobody begins, and not after the end")
    func closedBefore() async throws {
        let programs = hanging(at: 0, .unavailable)
        let collector = TextCollector(programs)
        await collector.close()
        #expect(try await collector.receive() == nil)
        await collector.close()
        #expect(programs.commands == [])
    }

    @Test("nor asked by what is no frame, or what only collectors send")
    func nonsense() async throws {
        let collector = TextCollector(hanging(at: 0, .unavailable))
        try await collector.send(Array("GET / HTTP/1.1\r\n\r\n".utf8))
        var messages = try await collector.answers(to: .snapshot())
        #expect(messages.failure?.topic == .client)
        #expect(messages.failure?.text.hasPrefix("the client's frames cannot be read: frame 1 at byte 0: ") == true)
        let other = TextCollector(hanging(at: 0, .unavailable))
        try await other.ask { $0.write(Notice(topic: .rules, text: "")) }
        messages = try await other.answers(to: .snapshot())
        #expect(
            messages.failure == Notice(topic: .client, text: "the client sent a frame that only collectors send"))
    }
}
