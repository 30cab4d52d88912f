import CollectorCore
import CollectorProtocol
import NetModel

/// What a test decides of a node and its client, and what the sampling loop did with them, in order.
final class FakeNode: NodeAccess, ClientAccess {
    /// What was asked for, in order: "openEvents 4096", "dump", "wait 5000".
    private(set) var actions: [String] = []
    /// CLOCK_MONOTONIC; each dump and each wait goes on by as much as a test says.
    var monotonic: Int64 = 1000
    /// CLOCK_REALTIME when CLOCK_MONOTONIC is 0.
    var wallAtZero: Int64 = 1_000_000
    var nodeFacts = NodeFacts(hostName: "node", kernelRelease: "6.1", hasConntrack: true, mayAdministrate: true)
    /// What the next dumps give, in order.
    var dumps: [Dump] = []
    /// What the next looks for events give, in order; then none.
    var receipts: [(entries: [ConntrackEntry], receipt: EventReceipt)] = []
    /// What the next readings of the statistics give, in order.
    var statisticsToRead: [ConntrackStatistics?] = []
    var accountingNotice: Notice?
    var rules: [RulesPiece] = []
    var rulesNotice: Notice?
    /// What the client says at the next looks, in order; an empty one for nothing yet.
    var clientBytes: [[UInt8]] = []
    /// Whether the client is gone when it has said everything.
    var clientLeaves = true
    /// From how many bytes on writing waits until the deadline.
    var room = Int.max
    /// Whether openEvents fails, and with which words.
    var refusal: Notice?

    var deadline: Int64 = .max
    private var reader = FrameStreamReader()
    private(set) var written: [CollectorMessage] = []
    private(set) var writtenBytes = 0

    /// What one dump gives.
    struct Dump {
        var entries: [ConntrackEntry] = []
        var wasInterrupted = false
        var undecodable = 0
        /// How long it takes.
        var nanoseconds: Int64 = 0
    }

    func clock() -> ClockReading { ClockReading(wall: wallAtZero + monotonic, monotonic: monotonic) }

    func facts() -> NodeFacts { nodeFacts }

    func openEvents(buffer: Int) throws(SamplingStop) {
        actions.append("openEvents \(buffer)")
        if let refusal { throw .failed(refusal) }
    }

    func receiveEvents(_ body: (ConntrackEntry) -> Void) throws(SamplingStop) -> EventReceipt {
        guard !receipts.isEmpty else { return EventReceipt(events: 0, overran: false, undecodable: 0, isDrained: true) }
        let (entries, receipt) = receipts.removeFirst()
        for entry in entries { body(entry) }
        return receipt
    }

    func closeEvents() { actions.append("closeEvents") }

    func dump(
        _ body: (ConntrackEntry) -> Void,
        between: () throws(SamplingStop) -> Void
    ) throws(SamplingStop) -> DumpReceipt {
        actions.append("dump")
        let dump = dumps.isEmpty ? Dump() : dumps.removeFirst()
        for entry in dump.entries { body(entry) }
        monotonic += dump.nanoseconds
        try between()
        return DumpReceipt(wasInterrupted: dump.wasInterrupted, undecodable: dump.undecodable)
    }

    func statistics() -> ConntrackStatistics? {
        actions.append("statistics")
        return statisticsToRead.isEmpty ? nil : statisticsToRead.removeFirst()
    }

    func readRules(
        _ moment: RulesPiece.Moment,
        piece: (RulesPiece) throws(SamplingStop) -> Void,
        notice: (Notice) -> Void,
        between: () throws(SamplingStop) -> Void
    ) throws(SamplingStop) {
        actions.append("rules \(moment)")
        try between()
        for var rule in rules {
            rule.moment = moment
            try piece(rule)
        }
        if let rulesNotice { notice(rulesNotice) }
    }

    func enableAccounting() -> Notice? {
        actions.append("enableAccounting")
        return accountingNotice
    }

    func wait(until moment: Int64) {
        actions.append("wait \(moment)")
        monotonic = max(monotonic, moment)
    }

    func write(_ bytes: Span<UInt8>) throws(SamplingStop) {
        guard writtenBytes + bytes.count <= room else {
            // A client that does not read is waited for until the deadline.
            monotonic = max(monotonic, deadline)
            throw .deadline
        }
        writtenBytes += bytes.count
        do {
            try reader.read(bytes) { written.append($0) }
        } catch {
            throw .failed(Notice(topic: .client, text: "\(error)"))
        }
    }

    func receive(into buffer: inout [UInt8]) throws(SamplingStop) {
        guard clientBytes.isEmpty else {
            buffer += clientBytes.removeFirst()
            return
        }
        if clientLeaves { throw .clientGone }
    }

    // MARK: What was written

    /// The messages but for entries and END, in words; entries by their ports.
    var story: [String] {
        written.map { message in
            switch message {
            case .hello: "HELLO"
            case .clock: "CLOCK"
            case .entries(let block):
                "ENTRIES \(block.entries.map { String($0.original.sourcePort) }.joined(separator: " "))"
            case .rules(let piece): "RULES \(piece.moment) \(String(decoding: piece.text, as: UTF8.self))"
            case .notice(let notice): "NOTICE \(notice.topic)"
            case .end: "END"
            case .failure(let notice): "FAILURE \(notice.text)"
            case .clockRequest, .start, .acknowledgement: "a client's frame"
            }
        }
    }

    var end: End? {
        written.lazy.compactMap { message in
            if case .end(let end) = message { end } else { nil }
        }.last
    }

    /// The bytes of frames that a client writes.
    static func said(_ write: (inout FrameStreamWriter) -> Void) -> [UInt8] {
        var writer = FrameStreamWriter()
        write(&writer)
        var bytes: [UInt8] = []
        writer.drain { (span: Span<UInt8>) throws(Never) in
            for index in span.indices { bytes.append(span[index]) }
        }
        return bytes
    }
}
