import CollectorClient
import CollectorProtocol
import NetModel

/// A collector that answers by a script and keeps what it was asked, with a clock of its own: real ones share the clock
/// of the machine that the tests run on.
actor ScriptedCollector: CollectorPipe {
    /// What it does when START comes.
    enum Script: Sendable {
        /// Writes so many entries and END.
        case entries(Int)
        /// Writes bytes that are no frame.
        case nonsense
        /// Says that it cannot.
        case failure(String)
        /// Ends its output after the first entry.
        case endsEarly
        /// Writes notices, no two alike, and each twice; then an entry and END.
        case notices(Int)
        /// Never says anything again.
        case silence
    }

    private let script: Script
    private let clock: @Sendable () -> Int64
    /// Whether HELLO comes at all.
    private let greets: Bool
    /// Whether it answers the question for its clock.
    private let tellsClock: Bool
    private(set) var started: Start?
    private(set) var acknowledged = false
    private(set) var isClosed = false
    private var writer = FrameStreamWriter()
    private var reader = FrameStreamReader()
    private var ready: [[UInt8]] = []
    private var isOver = false
    private var waiting: CheckedContinuation<Void, Never>?

    init(
        _ script: Script,
        ahead: Int64 = 0,
        greets: Bool = true,
        tellsClock: Bool = true,
        clock: @escaping @Sendable () -> Int64
    ) {
        self.script = script
        self.greets = greets
        self.tellsClock = tellsClock
        self.clock = { clock() + ahead }
        if greets {
            let facts = NodeFacts(hostName: "node", kernelRelease: "6.1", hasConntrack: true, mayAdministrate: true)
            writer.write(Hello(release: "1", clock: ClockReading(wall: clock() + ahead, monotonic: 1), facts: facts))
            var bytes: [UInt8] = []
            writer.drain { (span: Span<UInt8>) throws(Never) in
                for index in span.indices { bytes.append(span[index]) }
            }
            ready.append(bytes)
        }
    }

    func send(_ bytes: [UInt8]) async throws {
        var messages: [CollectorMessage] = []
        try reader.read(bytes.span) { messages.append($0) }
        for message in messages {
            switch message {
            case .clockRequest where tellsClock: writer.write(ClockReading(wall: clock(), monotonic: 1))
            case .start(let start): play(start)
            case .acknowledgement: acknowledged = true
            default: break
            }
        }
        flush()
    }

    /// Does not mind that its task is cancelled, as a process that says nothing does not.
    func receive() async throws -> [UInt8]? {
        while ready.isEmpty, !isOver {
            await withCheckedContinuation { waiting = $0 }
        }
        return ready.isEmpty ? nil : ready.removeFirst()
    }

    func close() {
        isClosed = true
        isOver = true
        wake()
    }

    private func play(_ start: Start) {
        started = start
        switch script {
        case .entries(let count):
            for port in 0..<count { writer.add(Self.entry(UInt16(port + 1)), window: nil) }
            var end = End()
            end.began = start.beginAt
            end.window = start.window
            writer.finish(end)
        case .nonsense:
            writer.add(Self.entry(1), window: nil)
            flush()
            ready.append([UInt8](repeating: 0x41, count: 64))
        case .failure(let text): writer.writeFailure(Notice(topic: .conntrack, text: text))
        case .endsEarly:
            writer.write(Notice(topic: .rules, text: "one thing went wrong"))
            isOver = true
        case .notices(let count):
            for number in 1...count {
                for _ in 0..<2 { writer.write(Notice(topic: .rules, text: "trouble \(number)")) }
            }
            writer.add(Self.entry(1), window: nil)
            writer.finish(End())
        case .silence: break
        }
    }

    private func flush() {
        var bytes: [UInt8] = []
        writer.drain { (span: Span<UInt8>) throws(Never) in
            for index in span.indices { bytes.append(span[index]) }
        }
        if !bytes.isEmpty { ready.append(bytes) }
        wake()
    }

    private func wake() {
        waiting?.resume()
        waiting = nil
    }

    private static func entry(_ port: UInt16) -> ConntrackEntry {
        let original = Tuple(
            source: IPAddress(ipv4: 0x0A00_0001),
            sourcePort: port,
            destination: IPAddress(ipv4: 0x0A00_0002),
            destinationPort: 80,
            transport: .tcp
        )
        return ConntrackEntry(original: original, reply: original.inverted)
    }
}
