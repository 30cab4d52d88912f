import CollectorClient
import CollectorProtocol
import FlowGraph
import JSONText

/// A bundle on its way into the table: what its run took is taken again, in the same order.
struct BundleReplay {
    /// A source of the bundle, as far as it was read.
    private struct Source {
        let name: String
        let mode: BundleSource.Mode
        /// Its position in the tables.
        let position: Int
        var report = CollectorFleet.Report()
        var isOver = false
        /// Whether another bundle held the same session, so that this one adds nothing.
        var isRepeated = false
    }

    /// Frames of one source that came one after the other.
    private struct Run {
        let source: Int
        var reception: CollectorFleet.Reception
        var counts: [EntryCounts] = []
    }

    private let file: String
    /// What the only source is called, where the user said it.
    private let node: String?
    private let tables: CollectedTables
    private let inventory: InventoryDocuments
    private let runs: RecordedRuns
    private var reader = BundleReader()
    private var sources: [Source] = []
    /// What the bundle calls its first source.
    private var firstName: String?
    /// The document of the inventory that has begun.
    private var document: [UInt8] = []
    /// Whether the same run was read before.
    private var isRepeated = false

    /// Reads a bundle to its end, or as far as it is good.
    ///
    /// - Parameters:
    ///   - runs: what was read of other bundles.
    ///   - inventory: takes the documents of the bundle's inventory.
    /// - Returns: why the bundle could not be read to its end; nil where it could. What came before is taken.
    /// - Throws: when the file cannot be read, is of a newer version, or does not go with what was read before.
    static func read(
        _ argument: ObserverArgument,
        from source: @escaping ByteSource,
        after runs: RecordedRuns,
        into tables: CollectedTables,
        inventory: InventoryDocuments
    ) async throws -> NetvizError? {
        var replay = BundleReplay(argument, after: runs, into: tables, inventory: inventory)
        var pieces = BundlePieces()
        try await OrderedWork.run(
            next: { replay.isStopped ? nil : try pieces.next(from: source) },
            work: { piece in
                let decoded = DecodedBundlePiece(piece)
                return (decoded, decoded.map(\.counts))
            },
            take: { try await replay.take($0.0, counts: $0.1) }
        )
        return try await replay.conclude()
    }

    private init(
        _ argument: ObserverArgument,
        after runs: RecordedRuns,
        into tables: CollectedTables,
        inventory: InventoryDocuments
    ) {
        file = argument.fileName
        node = argument.observer.isNode ? argument.observer.name : nil
        self.tables = tables
        self.inventory = inventory
        self.runs = runs
    }

    private var isStopped: Bool { isRepeated || reader.failure != nil }

    private mutating func take(_ piece: DecodedBundlePiece, counts: [EntryCounts]) async throws {
        guard !isRepeated else { return }
        var items: [BundleReader.Item] = []
        reader.read(piece) { items.append($0) }
        var run: Run?
        for item in items {
            if case .stream(let message) = item.message, let source = item.source {
                if run?.source != source {
                    await take(run)
                    run = Run(
                        source: source,
                        reception: CollectorFleet.Reception(events: [], clockOffset: sources[source].report.clockOffset)
                    )
                }
                try note(message, of: source)
                guard !sources[source].isRepeated else { continue }
                if let event = message.event {
                    run?.reception.events.append(event)
                    run?.counts.append(counts[item.index])
                }
                if tables.isRecorded { run?.reception.frames += piece.bytes(of: item) }
                continue
            }
            await take(run)
            run = nil
            try await take(item)
            if isRepeated { return }
        }
        await take(run)
    }

    /// Takes note of what a frame of a source's stream says of the source.
    private mutating func note(_ message: CollectorMessage, of source: Int) throws(NetvizError) {
        switch message {
        case .hello(let hello):
            guard sources[source].report.hello == nil else { return }
            sources[source].report.hello = hello
            sources[source].isRepeated = try runs.isRepeated(hello, of: sources[source].name, in: file)
        case .notice(let notice): sources[source].report.add(notice)
        case .end(let end): sources[source].report.end = end
        case .failure(let notice): sources[source].report.failure = .conversation(.failed(notice))
        case .clock, .entries, .rules, .clockRequest, .start, .acknowledgement: break
        }
    }

    private func take(_ run: Run?) async {
        guard let run, !sources[run.source].isRepeated else { return }
        let source = sources[run.source]
        guard source.mode == .text else {
            return await tables.take(run.reception, counts: run.counts, from: source.position)
        }
        var frames = run.reception.frames[...]
        for (event, counts) in zip(run.reception.events, run.counts) {
            guard case .entries(let block) = event else { continue }
            await tables.take(block.entries, counts: counts, frames: frames, from: source.position)
            // All of them were of these frames.
            frames = []
        }
    }

    /// Takes what is no frame of a source's stream.
    private mutating func take(_ item: BundleReader.Item) async throws(NetvizError) {
        switch item.message {
        case .bundle(let head): isRepeated = runs.isRepeated(head, as: node)
        case .source(let source): try await begin(source)
        case .offset(let offset):
            guard let source = item.source else { return }
            sources[source].report.clockOffset = ClockOffset(
                nanoseconds: offset.nanoseconds,
                uncertainty: offset.uncertainty
            )
        case .rulesText(let rules):
            if let source = item.source { await tables.take(rules, from: sources[source].position) }
        case .sourceEnd(let end):
            if let source = item.source { await self.end(source, end) }
        case .inventory(let piece):
            document += piece.text
            guard piece.isLast else { return }
            inventory.add(document, of: file)
            document = []
            if piece.isEnd { inventory.isComplete(file) }
        case .warning(let warning):
            switch warning.subject {
            case .tables: await tables.tell(warning.line)
            case .inventory: await tables.keep(lineAboutInventory: warning.line)
            }
        case .turn, .stream, .end: break
        }
    }

    private mutating func begin(_ source: BundleSource) async throws(NetvizError) {
        let first = firstName ?? source.name
        firstName = first
        guard node == nil || source.name == first else {
            throw NetvizError(
                .usage,
                "\(file) is a bundle of several nodes or files, so that it cannot be given as \(node ?? "")=FILE",
                remedy: "Give it without a name: it names its nodes itself."
            )
        }
        let isNode = source.isNode || node != nil
        let name = node ?? (isNode ? source.name : runs.name(of: source.name, in: file))
        let position = await tables.begin(
            CollectedTables.Source(name: name, isNode: isNode, mode: source.mode, hasOwnClock: source.hasOwnClock))
        sources.append(Source(name: name, mode: source.mode, position: position))
    }

    private mutating func end(_ number: Int, _ end: BundleSourceEnd) async {
        sources[number].isOver = true
        let source = sources[number]
        switch source.mode {
        case .text, .rules:
            await tables.end(
                malformedLines: Int(clamping: end.malformedLines), failure: end.failure, of: source.position)
        case .collector:
            var report = source.report
            if let failure = end.failure { report.failure = .recorded(failure) }
            report.noticesLeftOut = Int(clamping: end.noticesLeftOut)
            await self.end(report, of: source)
        }
    }

    private func end(_ report: CollectorFleet.Report, of source: Source) async {
        // Another bundle's report tells of it.
        if source.isRepeated { return await tables.end(CollectorFleet.Report(), of: source.position) }
        await tables.end(report, of: source.position)
    }

    /// Says that the file is over.
    private mutating func conclude() async throws(NetvizError) -> NetvizError? {
        guard !isRepeated else { return nil }
        reader.finish()
        if let failure = reader.failure, failure.isOfWholeFile {
            throw NetvizError(
                .input,
                "cannot read \(file): \(failure.reason)",
                remedy: "Update kubectl-netviz to read it."
            )
        }
        await endUnfinished()
        return reader.failure.map {
            NetvizError(.input, "\(file): \($0)", remedy: "What came before that was used.")
        }
    }

    /// Ends the sources whose ends are missing: what they showed is not all that there was.
    private func endUnfinished() async {
        for source in sources where !source.isOver {
            let reason = "its recording is cut off or damaged"
            if source.mode == .collector {
                var report = source.report
                if report.end == nil, report.failure == nil { report.failure = .recorded(reason) }
                await end(report, of: source)
            } else {
                await tables.end(malformedLines: 0, failure: reason, of: source.position)
            }
        }
    }
}

extension CollectorMessage {
    /// What of it the table takes.
    fileprivate var event: CollectorConversation.Event? {
        switch self {
        case .entries(let block): .entries(block)
        case .rules(let piece): .rules(piece)
        case .hello, .clockRequest, .clock, .start, .notice, .end, .acknowledgement, .failure: nil
        }
    }
}

extension BundleMessage {
    /// The counts of a block of entries; of anything else none.
    fileprivate var counts: EntryCounts {
        if case .stream(.entries(let block)) = self { EntryCounts(block) } else { EntryCounts() }
    }
}
