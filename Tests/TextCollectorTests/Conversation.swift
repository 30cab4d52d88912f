import CollectorClient
import CollectorProtocol
import FlowGraph
import Glibc
import NetModel
import NetvizCommands
import Rendering
import TextCollector

@Sendable
func realtime() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

let second: Int64 = 1_000_000_000

extension TextCollector {
    convenience init(_ programs: any NodePrograms, named name: String = "n1", patience: Patience = Patience()) {
        self.init(
            Node(hostName: name, kernelRelease: "6.1.0"), programs: programs, release: "test", patience: patience,
            clock: realtime)
    }

    /// Asks for one START, and gives all messages up to END, FAILURE or the end; then closes.
    func answers(to start: Start) async throws -> [CollectorMessage] {
        try await ask { $0.write(start) }
        var reader = FrameStreamReader()
        var messages: [CollectorMessage] = []
        loop: while let bytes = try await receive() {
            try reader.read(bytes.span) { messages.append($0) }
            for message in messages {
                switch message {
                case .end, .failure: break loop
                default: break
                }
            }
        }
        await close()
        return messages
    }

    func ask(_ write: (inout FrameStreamWriter) -> Void) async throws {
        var writer = FrameStreamWriter()
        write(&writer)
        var bytes: [UInt8] = []
        writer.drain { (span: Span<UInt8>) throws(Never) in
            for index in span.indices { bytes.append(span[index]) }
        }
        try await send(bytes)
    }
}

extension Start {
    static func snapshot(wantsRules: Bool = false, deadline: Int64 = 20 * second) -> Start {
        Start(deadline: deadline, wantsRules: wantsRules)
    }

    static func window(_ milliseconds: Int64, wantsRules: Bool = false, deadline: Int64 = 20 * second) -> Start {
        Start(window: milliseconds * 1_000_000, deadline: deadline, wantsRules: wantsRules)
    }
}

extension [CollectorMessage] {
    var hello: Hello? { compactMap { if case .hello(let hello) = $0 { hello } else { nil } }.first }
    var end: End? { compactMap { if case .end(let end) = $0 { end } else { nil } }.last }
    var failure: Notice? { compactMap { if case .failure(let notice) = $0 { notice } else { nil } }.last }
    var notices: [String] { compactMap { if case .notice(let notice) = $0 { notice.text } else { nil } } }

    /// Entries in words, sorted: the client's port and, of a window, marks and bytes of both directions within it.
    var told: [String] {
        var told: [String] = []
        for case .entries(let block) in self {
            for (index, entry) in block.entries.enumerated() {
                let port = "\(entry.original.sourcePort)"
                told.append(block.windows.isEmpty ? port : "\(port) \(block.windows[index].words)")
            }
        }
        return told.sorted()
    }

    var entries: [ConntrackEntry] {
        flatMap { if case .entries(let block) = $0 { block.entries } else { [] as [ConntrackEntry] } }
    }

    /// The texts of rules, "begin iptablesNFTSave: text"; without text of pieces that say only that they are the last.
    var rules: [String] {
        var texts: [String: String] = [:]
        var order: [String] = []
        for case .rules(let piece) in self {
            let name = "\(piece.moment) \(piece.program)"
            if texts[name] == nil { order.append(name) }
            texts[name, default: ""] += String(decoding: piece.text, as: UTF8.self)
        }
        return order.map { "\($0): \(texts[$0] ?? "")" }
    }
}

extension WindowObservation {
    fileprivate var words: String {
        let names: [(Marks, String)] = [
            (.inFirstDump, "first"), (.inSecondDump, "second"), (.newEvent, "new"), (.destroyEvent, "destroy"),
            (.countersWentDown, "down"), (.refreshed, "refreshed"),
        ]
        var words = names.filter { marks.contains($0.0) }.map(\.1)
        if let original, let reply { words.append("\(original.bytes)/\(reply.bytes)") }
        return words.joined(separator: " ")
    }
}

/// What the whole way gives of nodes: reports, connections and coverage.
struct Watched {
    let reports: [CollectorFleet.Report]
    let collected: CollectedTables.Collected

    var coverage: Coverage { Coverage(sources: collected.sources, failed: collected.failed, inventoryNodes: []) }

    /// Runs a fleet over pipes, and takes what comes of it as `kubectl netviz` does.
    init(
        _ pipes: [(name: String, pipe: any CollectorPipe)], window: Int64, wantsRules: Bool = false,
        tell: @escaping @Sendable (String) -> Void = { _ in }
    ) async {
        let tables = CollectedTables(tell: tell)
        for (name, _) in pipes {
            _ = await tables.begin(CollectedTables.Source(name: name, isNode: true, mode: .collector))
        }
        let plan = CollectorFleet.Plan(window: window, wantsRules: wantsRules, slack: .seconds(30))
        let fleet = CollectorFleet(plan, clock: realtime) { position, delivery in
            switch delivery {
            case .received(let reception): await tables.take(reception, from: position)
            case .over(let report): await tables.end(report, of: position)
            }
        }
        reports = await fleet.run(pipes.map(\.pipe))
        for (_, pipe) in pipes { await pipe.close() }
        collected = await tables.finish()
    }
}
