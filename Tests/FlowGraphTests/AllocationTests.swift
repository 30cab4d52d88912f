import FlowGraph
import NetModel
import TestSupport
import Testing

@Suite("Joining")
struct AllocationTests {
    private static func entries(_ ports: Range<Int>) -> [ConntrackEntry] {
        ports.map { port in
            let original = Tuple(
                source: IPAddress(ipv4: 0x0AF4_0102),
                sourcePort: UInt16(port),
                destination: IPAddress(ipv4: 0x0A60_3D4C),
                destinationPort: 80,
                transport: .tcp
            )
            var reply = original.inverted
            reply.source = IPAddress(ipv4: 0x0AF4_0203)
            reply.sourcePort = 8080
            return ConntrackEntry(
                original: original,
                reply: reply,
                status: [.seenReply],
                originalCounters: Counters(packets: 5, bytes: 500)
            )
        }
    }

    /// What the server's node sees of the same connections.
    private static func seenByTheServer(_ ports: Range<Int>) -> [ConntrackEntry] {
        entries(ports).map { entry in ConntrackEntry(original: entry.reply.inverted, reply: entry.reply) }
    }

    @Test("allocates nothing for a connection, neither a new one nor one that is seen again")
    func perConnection() {
        var table = ConnectionTable()
        let one = table.register(Observer(name: "tbn1", isNode: true))
        let other = table.register(Observer(name: "tbn2", isNode: true))
        // The first thousand make room: for the table, for a batch, and for the pair of observers.
        table.add(Self.entries(1000..<2000), observer: one)
        table.add(Self.seenByTheServer(1000..<2000), observer: other)
        let new = Self.entries(2000..<2900)
        let again = Self.seenByTheServer(2000..<2900)
        let count = allocations {
            table.add(new, observer: one)
            table.add(again, observer: other)
        }
        // The table may have grown once; one a connection would be hundreds.
        #expect(count < 10)
        #expect(table.connectionCount == 1900)
    }

    @Test("allocates nothing for a connection that was watched within a window")
    func perWatchedConnection() {
        var table = ConnectionTable()
        let one = table.register(Observer(name: "tbn1", isNode: true))
        let other = table.register(Observer(name: "tbn2", isNode: true))
        func windows(_ count: Int) -> [WindowObservation] {
            let window = WindowObservation(
                marks: [.inFirstDump, .inSecondDump],
                original: Counters(packets: 1, bytes: 60),
                stateBefore: .established
            )
            return [WindowObservation](repeating: window, count: count)
        }
        let thousand = windows(1000)
        table.add(Self.entries(1000..<2000), windows: thousand, observer: one)
        table.add(Self.seenByTheServer(1000..<2000), windows: thousand, observer: other)
        let new = Self.entries(2000..<2900)
        let again = Self.seenByTheServer(2000..<2900)
        let count = allocations {
            table.add(new, windows: thousand, observer: one)
            table.add(again, windows: thousand, observer: other)
        }
        #expect(count < 10)
        #expect(table.connectionCount == 1900)
    }
}
