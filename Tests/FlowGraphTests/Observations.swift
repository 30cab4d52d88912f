import FlowGraph
import Inventory
import NetModel
import Testing

/// What nodes saw, written down as in
///
///     seen("tbn1", "tcp 10.244.1.2:5000 > 10.96.0.10:80 | 10.244.2.3:8080 > 10.244.1.2:5000")
///
/// original tuple, then reply tuple; without a reply tuple the original is answered as it is. Then, in any order:
/// `sent=PACKETS/BYTES`, `received=PACKETS/BYTES`, `unreplied`, `assured`, `state=NAME`, `zone=N`, `age=SECONDS`, `event=new`,
/// `at=SECONDS` (of the event), `start=SECONDS`. ICMP is written `icmp 10.0.0.1 > 10.0.0.2 id=7`.
///
/// What a collector saw within a window is written
///
///     watched("tbn1", "tcp 10.244.1.2:5000 > 10.244.2.3:80 first second +sent=3/200 +received=2/900")
///
/// with, in any order after the tuples: `first` and `second` (the dumps that have it), `new` and `destroy` (events),
/// `+sent=PACKETS/BYTES` and `+received=PACKETS/BYTES` (of the window), `before=STATE` (in the first dump), `refreshed`,
/// `reset-counters`.
struct Observations {
    private(set) var table = ConnectionTable()

    mutating func seen(_ node: String, _ notation: String) {
        add(notation, by: Observer(name: node, isNode: true))
    }

    /// What one of the tables of a node holds, where it has several.
    mutating func seen(_ node: String, inOneTable notations: String...) {
        do {
            table.add(try notations.map(Notation.entry), observer: table.register(Observer(name: node, isNode: true)))
        } catch {
            Issue.record("\(notations): \(error)")
        }
    }

    /// What the collector on a node saw of some connections within a window.
    mutating func watched(_ node: String, from begin: Int64 = 1000, seconds: Int64 = 5, _ notations: String...) {
        let observer = table.register(Observer(name: node, isNode: true))
        let window = ObservationWindow(begin: Timestamp(seconds: begin), nanoseconds: seconds * 1_000_000_000)
        if let window { table.setWindow(window, of: observer) }
        do {
            let seen = try notations.map(Notation.connection)
            table.add(seen.map(\.entry), windows: seen.map(\.window), observer: observer)
        } catch {
            Issue.record("\(notations): \(error)")
        }
    }

    mutating func seen(inFile file: String, _ notation: String) {
        add(notation, by: Observer(name: file, isNode: false))
    }

    /// The flows of all that was seen.
    func flows(
        by grouping: Grouping = .connection,
        in inventory: Inventory = .empty,
        filter: FlowFilter = FlowFilter(),
        all: Bool = false
    ) -> [Flow] {
        let set = flowSet(by: grouping, in: inventory, filter: filter, all: all)
        return set.positions(by: .standard).map { set[$0] }
    }

    func flowSet(
        by grouping: Grouping,
        in inventory: Inventory = .empty,
        filter: FlowFilter = FlowFilter(),
        all: Bool = false
    ) -> FlowSet {
        FlowSet(ResolvedConnections(table, inventory: inventory), by: grouping, filter: filter, includesAll: all)
    }

    private mutating func add(_ notation: String, by observer: Observer) {
        do {
            table.add(try Notation.entry(notation), observer: table.register(observer))
        } catch {
            Issue.record("\(notation): \(error)")
        }
    }
}

/// What is wrong with a notation.
struct NotationError: Error, CustomStringConvertible {
    let description: String
}

private enum Notation {
    static func entry(_ text: String) throws -> ConntrackEntry { try connection(text).entry }

    static func connection(_ text: String) throws -> (entry: ConntrackEntry, window: WindowObservation) {
        var words = text.split(separator: " ").map(String.init)[...]
        guard let name = words.popFirst(), let transport = TransportProtocol(name) else {
            throw NotationError(description: "no protocol")
        }
        let identifier = UInt16(text.split(separator: " ").first { $0.hasPrefix("id=") }?.dropFirst(3) ?? "0") ?? 0
        let original = try tuple(&words, transport, identifier)
        var entry = ConntrackEntry(original: original, reply: original.inverted, status: [.seenReply])
        if words.first == "|" {
            words.removeFirst()
            entry.reply = try tuple(&words, transport, identifier)
            if transport.isICMP { entry.reply.destinationPort = original.inverted.destinationPort }
        }
        var window = WindowObservation(marks: [])
        for word in words where try !apply(word, to: &window) { try apply(word, to: &entry) }
        return (entry, window)
    }

    private static func tuple(
        _ words: inout ArraySlice<String>,
        _ transport: TransportProtocol,
        _ identifier: UInt16
    ) throws -> Tuple {
        guard let source = words.popFirst(), words.popFirst() == ">", let destination = words.popFirst() else {
            throw NotationError(description: "no tuple")
        }
        let (from, fromPort) = try end(source)
        let (to, toPort) = try end(destination)
        let echo: UInt16 = transport == .icmpv6 ? 128 << 8 : 8 << 8
        return Tuple(
            source: from,
            sourcePort: transport.isICMP ? identifier : fromPort,
            destination: to,
            destinationPort: transport.isICMP ? echo : toPort,
            transport: transport
        )
    }

    private static func end(_ text: String) throws -> (IPAddress, UInt16) {
        if let address = IPAddress(text) { return (address, 0) }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
            let address = IPAddress(text[..<colon].filter { $0 != "[" && $0 != "]" })
        else { throw NotationError(description: "\(text) is no end") }
        return (address, port)
    }

    /// Whether a word is about a window.
    private static func apply(_ word: String, to window: inout WindowObservation) throws -> Bool {
        let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
        let value = parts.count == 2 ? parts[1] : ""
        switch parts[0] {
        case "first": window.marks.insert(.inFirstDump)
        case "second": window.marks.insert(.inSecondDump)
        case "new": window.marks.insert(.newEvent)
        case "destroy": window.marks.insert(.destroyEvent)
        case "refreshed": window.marks.insert(.refreshed)
        case "pickedup": window.marks.insert(.pickedUp)
        case "reset-counters": window.marks.insert(.countersWentDown)
        case "+sent": window.original = try counters(value)
        case "+received": window.reply = try counters(value)
        case "before": window.stateBefore = ConntrackState.allCases.first { $0.name == value }
        default: return false
        }
        return true
    }

    private static func apply(_ word: String, to entry: inout ConntrackEntry) throws {
        let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
        let value = parts.count == 2 ? parts[1] : ""
        switch parts[0] {
        case "sent": entry.originalCounters = try counters(value)
        case "received": entry.replyCounters = try counters(value)
        case "unreplied": entry.status.remove(.seenReply)
        case "assured": entry.status.insert(.assured)
        case "state": entry.state = ConntrackState.allCases.first { $0.name == value }
        case "zone": entry.zone = UInt16(value) ?? 0
        case "age": entry.ageSeconds = UInt32(value)
        case "event": entry.event = ["new": .new, "update": .update, "destroy": .destroy][value]
        case "at": entry.eventTime = Timestamp(seconds: Int64(value) ?? 0)
        case "start": entry.start = Timestamp(seconds: Int64(value) ?? 0)
        case "id": break
        default: throw NotationError(description: "\(word) is not understood")
        }
    }

    private static func counters(_ text: String) throws -> Counters {
        let numbers = text.split(separator: "/").compactMap { UInt64($0) }
        guard numbers.count == 2 else { throw NotationError(description: "\(text) is not packets/bytes") }
        return Counters(packets: numbers[0], bytes: numbers[1])
    }
}

extension Flow {
    /// "client:port > server:port", as addresses.
    var ends: String {
        func end(_ address: IPAddress?, _ port: UInt16?) -> String {
            (address?.description ?? "?") + (port.map { ":\($0)" } ?? "")
        }
        return "\(end(source.address, sourcePort)) > \(end(destination.address, destinationPort))"
    }

    /// "source > destination", as names.
    var names: String { "\(source.name) > \(destination.name)" }
}
