import FlowGraph
import Inventory
import NetModel
import Testing

/// Connections of one collector's table are told once each, and are looked up only when something else comes. What was
/// told before must then count as if it had been looked up all the while.
@Suite("Connections that a table held before another came")
struct LateIndexTests {
    private static let lasting =
        "tcp 10.0.0.1:5000 > 10.0.0.2:80 first second sent=100/9000 +sent=3/200 +received=5/1800"
    private static let ended = "tcp 10.0.0.1:6000 > 10.0.0.2:80 first destroy +sent=1/60 +received=1/60"
    private static let again = "tcp 10.0.0.1:6000 > 10.0.0.2:80 second new +sent=2/120 +received=2/120"
    private static let node = Observer(name: "n1", isNode: true)

    /// What is told of all flows, in an order of its own.
    private func told(_ observed: Observations) -> [String] {
        observed.flows().map { flow in
            let port = flow.sourcePort.map(String.init) ?? "-"
            let bytes = flow.sent.map { "\($0.bytes)" } ?? "-"
            let outcome = flow.outcome?.rawValue ?? "-"
            return "\(port) \(bytes) \(outcome) \(flow.observers.joined(separator: "+"))"
        }.sorted()
    }

    @Test(
        "are joined with those of another collector, whichever comes first", arguments: [["n1", "n2"], ["n2", "n1"]])
    func twoCollectors(_ order: [String]) {
        var observed = Observations()
        for name in order { observed.watched(name, Self.lasting, Self.ended, Self.again) }
        #expect(told(observed) == ["5000 200 carried n1+n2", "6000 120 opened n1+n2", "6000 60 closed n1+n2"])
    }

    @Test("are joined with those of a text, whichever comes first", arguments: [true, false])
    func textAndCollector(_ isTextFirst: Bool) {
        var observed = Observations()
        if isTextFirst { observed.seen("n2", "tcp 10.0.0.1:5000 > 10.0.0.2:80") }
        observed.watched("n1", Self.lasting, Self.ended, Self.again)
        if !isTextFirst { observed.seen("n2", "tcp 10.0.0.1:5000 > 10.0.0.2:80") }
        #expect(told(observed) == ["5000 200 carried n1+n2", "6000 120 opened n1", "6000 60 closed n1"])
    }

    @Test("are joined with those of a further file of the same node")
    func sameNode() {
        var observed = Observations()
        observed.watched("n1", Self.lasting)
        observed.seen("n1", "tcp 10.0.0.1:5000 > 10.0.0.2:80")
        #expect(told(observed) == ["5000 200 carried n1"])
    }

    @Test("are joined with those of another zone of the same table")
    func anotherZone() {
        var observed = Observations()
        observed.watched("n1", Self.lasting, "\(Self.lasting) zone=3", Self.ended, "\(Self.ended) zone=3")
        #expect(told(observed) == ["5000 200 carried n1", "6000 60 closed n1"])
    }

    @Test("are joined with those of another zone that come in a later block", arguments: [1, 2, 3])
    func anotherZoneLater(_ blocks: Int) throws {
        var table = ConnectionTable()
        let observer = table.register(Self.node)
        for block in 0..<blocks {
            let seen = (0..<3).map { Self.entry(port: UInt16(1000 + 3 * block + $0), zone: 0) }
            table.add(seen, windows: seen.map { _ in Self.window }, observer: observer)
        }
        let seen = (0..<4).map { Self.entry(port: UInt16(1000 + $0), zone: 7) }
        table.add(seen, windows: seen.map { _ in Self.window }, observer: observer)
        let flows = Self.flows(table)
        #expect(flows.count == max(4, blocks * 3))
    }

    @Test("are joined where one entry of the same table has no window")
    func noWindow() {
        var table = ConnectionTable()
        let observer = table.register(Self.node)
        let entry = Self.entry(port: 1000, zone: 0)
        table.add([entry], windows: [Self.window], observer: observer)
        table.add([entry], observer: observer)
        let flows = Self.flows(table)
        #expect(flows.count == 1)
        #expect(flows[0].sent?.bytes == 200)
    }

    @Test("are joined through a translation, though the other table brought no entry of its own")
    func translation() {
        var observed = Observations()
        observed.watched(
            "n1", "tcp 10.0.0.1:5000 > 10.96.0.9:80 | 10.0.0.2:8080 > 10.0.0.9:7000 first second +sent=3/200",
            "tcp 10.0.0.9:7000 > 10.0.0.2:8080 first second +sent=3/200")
        var table = observed.table
        _ = table.register(Observer(name: "n2", isNode: true))
        #expect(Self.flows(table).count == 1)
    }

    @Test("keep numbers beyond 32 bits, and more than a segment of them is kept in order")
    func manyAndLarge() {
        var table = ConnectionTable()
        let observer = table.register(Self.node)
        for block in 0..<5 {
            let seen = (0..<5000).map { Self.entry(port: UInt16(1 + block * 5000 + $0), zone: 0) }
            let windows = seen.map { entry in
                WindowObservation(
                    marks: [.inFirstDump, .inSecondDump],
                    original: Counters(packets: 1, bytes: 1 << 40 + UInt64(entry.original.sourcePort)),
                    reply: .zero
                )
            }
            table.add(seen, windows: windows, observer: observer)
        }
        let other = table.register(Observer(name: "n2", isNode: true))
        table.add([Self.entry(port: 1, zone: 0)], observer: other)
        let flows = Self.flows(table)
        #expect(flows.count == 25000)
        #expect(
            (0..<flows.count).allSatisfy { flows[$0].sent?.bytes == 1 << 40 + UInt64(flows[$0].sourcePort ?? 0) })
        #expect(flows[0].observers == ["n1", "n2"])
        #expect(flows[1].observers == ["n1"])
    }

    @Test("count as one attempt a tuple, with another table or without", arguments: [false, true])
    func attempts(_ isJoined: Bool) async {
        var observed = Observations()
        let dialled = "10.0.0.1:6000 > 10.0.0.2:80 new"
        observed.watched(
            "n1", Self.lasting, "tcp \(dialled) destroy +sent=1/60", "tcp \(dialled) second +sent=2/120",
            "tcp 10.0.0.1:7000 > 10.0.0.2:80 new second +sent=2/120")
        if isJoined { observed.watched("n2", "tcp 10.0.0.8:1 > 10.0.0.9:80 first second") }
        let metrics = await observed.metrics().first { $0.key.hasPrefix("10.0.0.1") }?.value
        #expect(metrics?.connections == 4)
        #expect(metrics?.attempts == 2)
    }

    @Test("have the clock of their node set right")
    func clock() {
        var table = ConnectionTable()
        let observer = table.register(Self.node)
        var entry = Self.entry(port: 1000, zone: 0)
        entry.start = Timestamp(seconds: 100)
        entry.stop = Timestamp(seconds: 109)
        let window = WindowObservation(marks: [.inFirstDump, .destroyEvent])
        table.add([entry], windows: [window], observer: observer, clockOffset: 4_000_000_000)
        let flows = Self.flows(table)
        #expect(flows[0].durationSeconds == 9)
        #expect(flows[0].timestamp == Timestamp(seconds: 105))
    }

    private static func flows(_ table: ConnectionTable) -> FlowSet {
        FlowSet(
            ResolvedConnections(table, inventory: .empty), by: .connection, filter: FlowFilter(), includesAll: false)
    }

    private static let window = WindowObservation(
        marks: [.inFirstDump, .inSecondDump],
        original: Counters(packets: 3, bytes: 200),
        reply: Counters(packets: 3, bytes: 300)
    )

    private static func entry(port: UInt16, zone: UInt16) -> ConntrackEntry {
        let tuple = Tuple(
            source: IPAddress(ipv4: 0x0A00_0001), sourcePort: port, destination: IPAddress(ipv4: 0x0A00_0002),
            destinationPort: 80, transport: .tcp)
        return ConntrackEntry(original: tuple, reply: tuple.inverted, status: .seenReply, zone: zone)
    }
}
