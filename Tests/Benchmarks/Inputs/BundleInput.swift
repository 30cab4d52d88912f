import CollectorProtocol
import ConntrackText
import Inventory
import JSONText
import NetModel

/// The connections of `ConntrackLines`, watched over a window by the collector of one node, and the cluster's objects,
/// as one bundle.
struct BundleInput {
    let cluster: SyntheticCluster
    /// The files that `InventoryDocuments` wrote.
    let inventory: [String]

    private static let began: Int64 = 1_795_000_000_000_000_000

    /// What is added to the bundle's name for the file of its keys.
    static let keysSuffix = ".keys"

    /// Writes the bundle into the file at `path` unless it is there, and beside it each connection's key in 40 bytes, as
    /// `netviz-bench-table insert` reads them.
    func write(_ count: Int, to path: String) throws(BenchmarkError) {
        try makeFile(path) { (file: inout FileWriter) throws(BenchmarkError) in
            var keys = try FileWriter(path: path + Self.keysSuffix)
            let head = BundleHead(release: "v0.1.0", recordedAt: Self.began, identity: [UInt8](repeating: 1, count: 16))
            var bundle = BundleWriter(head)
            let node = bundle.begin(
                BundleSource(number: 0, name: "n1", isNode: true, mode: .collector, hasOwnClock: true))
            for document in try documents() {
                bundle.write(BundleInventoryPiece(text: document.bytes, isLast: true, isEnd: document.isLast))
                try drain(&bundle, to: &file)
            }
            var stream = FrameStreamWriter()
            stream.write(hello)
            var lines = ConntrackLines(cluster: cluster)
            var reader = ConntrackTextReader()
            var entries: [ConntrackEntry] = []
            // The kernel has every tuple once; of a million that are drawn a few are the same.
            var written = Set<[UInt8]>()
            for number in 1...count {
                let line = Array(lines.next().utf8)
                reader.read(line.span, entry: { entries.append($0) }, malformed: { _ in })
                guard entries.count == 4096 || number == count else { continue }
                for entry in entries {
                    let key = Self.key(of: entry)
                    guard written.insert(key).inserted else { continue }
                    stream.add(entry, window: window(of: entry))
                    try keys.write(key)
                }
                entries.removeAll(keepingCapacity: true)
                try pass(&stream, to: &bundle, of: node)
                try drain(&bundle, to: &file)
            }
            var end = End()
            end.began = Self.began
            end.ended = Self.began + 5_000_000_000
            end.window = 5_000_000_000
            stream.finish(end)
            try pass(&stream, to: &bundle, of: node)
            bundle.end(node, BundleSourceEnd(entries: UInt64(written.count)))
            bundle.finish()
            try drain(&bundle, to: &file)
            try keys.flush()
        }
    }

    /// What the server received: client and server, their ports and the protocol.
    private static func key(of entry: ConntrackEntry) -> [UInt8] {
        let (client, server) = (entry.reply.destination, entry.reply.source)
        let ports = UInt64(entry.reply.destinationPort) << 16 | UInt64(entry.reply.sourcePort)
        let words = [
            client.high, client.low, server.high, server.low, ports << 8 | UInt64(entry.original.transport.rawValue),
        ]
        return words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }

    private var hello: Hello {
        var facts = NodeFacts(hostName: "n1", kernelRelease: "6.1.0", hasConntrack: true, mayAdministrate: true)
        facts.accounting = true
        facts.eventsMode = 1
        return Hello(release: "v0.1.0", clock: ClockReading(wall: Self.began, monotonic: 0), facts: facts)
    }

    /// A third of what a connection carried was within the window.
    private func window(of entry: ConntrackEntry) -> WindowObservation {
        func third(_ counters: Counters?) -> Counters? {
            counters.map { Counters(packets: $0.packets / 3, bytes: $0.bytes / 3) }
        }
        return WindowObservation(
            marks: [.inFirstDump, .inSecondDump, .refreshed],
            original: third(entry.originalCounters),
            reply: third(entry.replyCounters),
            stateBefore: entry.state
        )
    }

    private func documents() throws(BenchmarkError) -> [(bytes: [UInt8], isLast: Bool)] {
        var reader = InventoryReader()
        for path in inventory { reader.read(path, bytes: Array(try contents(of: path).utf8)) }
        var documents: [(bytes: [UInt8], isLast: Bool)] = []
        do throws(DocumentWriterError) {
            try InventoryWriter.write(reader.objects) { documents.append(($0, $1)) }
        } catch {
            throw BenchmarkError("the inventory cannot be written: \(error)")
        }
        return documents
    }

    private func pass(
        _ stream: inout FrameStreamWriter,
        to bundle: inout BundleWriter,
        of source: Int
    ) throws(BenchmarkError) {
        stream.drain { (bytes: Span<UInt8>) throws(Never) in bundle.write(frames: bytes, of: source) }
    }

    private func drain(_ bundle: inout BundleWriter, to file: inout FileWriter) throws(BenchmarkError) {
        try bundle.drain { (bytes: Span<UInt8>) throws(BenchmarkError) in try file.write(bytes) }
    }
}
