import CollectorCore
import CollectorProtocol
import NetModel
import Testing

@Suite("The collector's side of a session")
struct CollectorSessionTests {
    private static let second: Int64 = 1_000_000_000

    /// Runs a session to its end and says why it ended.
    private func run(_ node: FakeNode, patience: Int64 = 120 * second) -> String {
        let sampler = Sampler(node: node, client: node, watchesInput: true)
        var session = CollectorSession(sampler: sampler, release: "1.2.3", patience: patience)
        do throws(SamplingStop) {
            try session.run(now: { node.monotonic })
            return "returned"
        } catch {
            switch error {
            case .failed(let notice): return "\(notice.topic): \(notice.text)"
            case .clientGone: return "client gone"
            case .deadline: return "deadline"
            }
        }
    }

    @Test("greets, tells its clocks and does what each START asks for, until the client is gone")
    func conversation() {
        let node = FakeNode()
        node.dumps = [FakeNode.Dump(entries: [tcp(1)]), FakeNode.Dump(entries: [tcp(2)])]
        let snapshot = Start(deadline: Self.second, wantsRules: false)
        node.clientBytes = [
            FakeNode.said { $0.writeClockRequest() },
            FakeNode.said { $0.write(snapshot) }, [], [],
            FakeNode.said {
                $0.writeAcknowledgement()
                $0.write(snapshot)
            }, [], [],
        ]
        #expect(run(node) == "client gone")
        #expect(node.story == ["HELLO", "CLOCK", "ENTRIES 1", "END", "ENTRIES 2", "END"])
        guard case .hello(let hello)? = node.written.first else {
            Issue.record("no HELLO")
            return
        }
        #expect(hello.release == "1.2.3")
        #expect(hello.clock == ClockReading(wall: node.wallAtZero + 1000, monotonic: 1000))
        #expect(hello.facts == node.nodeFacts)
    }

    @Test("reads a frame that comes in single bytes")
    func pieces() {
        let node = FakeNode()
        node.clientBytes = FakeNode.said { $0.writeClockRequest() }.map { [$0] }
        #expect(run(node) == "client gone")
        #expect(node.story == ["HELLO", "CLOCK"])
    }

    @Test("obeys a START that came while the first one was worked on")
    func earlyStart() {
        let node = FakeNode()
        node.dumps = [FakeNode.Dump(entries: [tcp(1)]), FakeNode.Dump(entries: [tcp(2)])]
        let snapshot = FakeNode.said { $0.write(Start(deadline: Self.second, wantsRules: false)) }
        node.clientBytes = [snapshot, snapshot, [], [], [], []]
        #expect(run(node) == "client gone")
        #expect(node.story == ["HELLO", "ENTRIES 1", "END", "ENTRIES 2", "END"])
    }

    @Test("ends when the client says nothing for as long as it need not")
    func silence() {
        let node = FakeNode()
        node.clientBytes = []
        node.clientLeaves = false
        #expect(run(node, patience: 7 * Self.second) == "deadline")
        #expect(node.monotonic == 1000 + 7 * Self.second)
        #expect(node.story == ["HELLO"])
    }

    @Test("ends when the client asks again and again and does not read the answers")
    func unreadAnswers() {
        let node = FakeNode()
        node.clientBytes = Array(repeating: FakeNode.said { $0.writeClockRequest() }, count: 1000)
        node.clientLeaves = false
        node.room = 1024
        #expect(run(node, patience: 7 * Self.second) == "deadline")
        #expect(node.monotonic == 1000 + 7 * Self.second)
    }

    @Test("says which frame of the client cannot be read, and refuses frames that only collectors send")
    func nonsense() {
        let node = FakeNode()
        node.clientBytes = [FakeNode.said { $0.writeClockRequest() } + Array("GET / HTTP/1.1".utf8)]
        #expect(run(node).hasPrefix("client: the client's frames cannot be read: frame 2 at byte "))

        let collector = FakeNode()
        collector.clientBytes = [FakeNode.said { $0.write(Notice(topic: .rules, text: "")) }]
        #expect(run(collector) == "client: the client sent a frame that only collectors send")
    }
}
