import Drops
import FlowGraph
import Inventory

/// What every command answers from: all connections that were observed, joined and named, and how they were observed.
struct Observation: Sendable {
    var connections: ResolvedConnections
    var coverage: Coverage
    /// What the nodes' packet filters drop, as far as their rules were read.
    var drops: [NodeDrops] = []
    /// Which unanswered connections that explains; their verdicts say so.
    var explanations = ExplainedConnections.none
    /// Why a part of what was asked for is missing, though there is a result: a damaged bundle, a recording that could
    /// not be written. They are told after the result, by `conclude`.
    var failures: [NetvizError] = []

    /// What is read, after the flags were checked.
    struct Request: Sendable {
        var source: ObservedTables.Source
        /// Files of the cluster's objects.
        var inventory: [String]
        /// The file that it is recorded to.
        var record: String?

        /// Begins the recording, where one is wanted.
        fileprivate func recording(in context: CommandContext) throws(NetvizError) -> BundleRecording? {
            guard let record else { return nil }
            let file = try context.record(record, source.paths + inventory)
            return BundleRecording(to: file, recordedAt: context.clock())
        }
    }

    /// Checks the flags, and that what they name can be read: a misspelt name is told at once, not after a pipe that is
    /// read before has ended.
    ///
    /// - Parameter wantsRules: whether the command is about the rules of packet filters.
    static func request(
        _ input: InputOptions,
        _ local: LocalOptions,
        _ recording: RecordingOptions,
        _ cluster: ClusterFlags,
        wantsRules: Bool = false,
        in context: CommandContext
    ) throws(NetvizError) -> Request {
        let source = try ObservedTables.source(input, local, cluster, wantsRules: wantsRules)
        guard !input.inventory.contains("") else { throw NetvizError(.usage, "--inventory names no file") }
        let record = try recording.path()
        for path in source.paths + input.inventory { try context.check(path) }
        return Request(source: source, inventory: input.inventory, record: record)
    }

    /// Reads all of it, on as many cores as `parts` says.
    ///
    /// - Parameter subject: what the command answers about.
    static func read(
        _ request: Request,
        parts: Int,
        about subject: Coverage.Subject = .connections,
        in context: CommandContext
    ) async throws -> Observation {
        let recording = try request.recording(in: context)
        let tables = CollectedTables(recording: recording, tell: context.tell)
        if case .cluster(let plan) = request.source {
            let result = try await ClusterTables.read(plan, into: tables, in: context)
            let collected = await tables.finish()
            let contents = try await InventoryFiles.contents(of: result.objects, result.lines, recordedBy: tables)
            return try await join(
                collected, of: tables, contents, skipped: result.skipped, recording: recording, parts: parts,
                about: subject, in: context)
        }
        let documents = InventoryDocuments(last: request.source.lastFile)
        // Names are needed only when all tables are joined, so both are read at the same time.
        async let inventoryRead = InventoryFiles.read(
            request.inventory,
            documents,
            recordedBy: tables,
            in: context
        )
        let failures: [NetvizError]
        do {
            defer { documents.finish() }
            failures = try await ObservedTables.read(request.source, into: tables, inventory: documents, in: context)
        }
        let collected = await tables.finish()
        return try await join(
            collected, of: tables, try await inventoryRead, failures: failures, recording: recording, parts: parts,
            about: subject, in: context)
    }

    /// Joins, names and explains what was collected.
    ///
    /// - Parameter skipped: nodes that were not read, and why.
    private static func join(
        _ collected: CollectedTables.Collected,
        of tables: CollectedTables,
        _ contents: InventoryFiles.Contents,
        skipped: [Coverage.Skipped] = [],
        failures: [NetvizError] = [],
        recording: BundleRecording?,
        parts: Int,
        about subject: Coverage.Subject,
        in context: CommandContext
    ) async throws -> Observation {
        var failures = failures
        await tables.tellOfInventory(contents.lines)
        if let failure = contents.failure { throw failure }
        if let failure = recording?.finish() { failures.append(failure) }

        let coverage = Coverage(
            sources: collected.sources,
            failed: collected.failed + skipped,
            inventoryNodes: contents.inventory.nodeNames,
            subject: subject
        )
        let table = collected.table
        var connections = await ResolvedConnections.resolve(
            consume table, inventory: contents.inventory, parts: parts)
        let pods = collected.rules.isEmpty ? PodInterfaces() : PodInterfaces(contents.inventory.podNames)
        let drops = await Self.drops(of: collected.rules, pods: pods)
        let explanations = ExplainedConnections(of: &connections, by: drops)
        if explanations.unexamined > 0 {
            context.tell(
                "warning: \(explanations.unexamined) unanswered connections were not compared with all rules: too many of both"
            )
        }
        return Observation(
            connections: connections,
            coverage: coverage,
            drops: drops,
            explanations: explanations,
            failures: failures
        )
    }

    /// What each node drops, of several nodes at the same time.
    private static func drops(of rules: [NodeRules], pods: PodInterfaces) async -> [NodeDrops] {
        guard !rules.isEmpty else { return [] }
        return await Partition.map(Partition.ranges(of: rules.count, parts: rules.count)) { range in
            range.map { rules[$0].drops(pods: pods) }
        }.flatMap(\.self)
    }

    /// What a command calls last, when its result was printed.
    ///
    /// - Parameter minimumCoverage: the share of nodes that must have been observed, 0 to 1.
    /// - Throws: what was wrong with the inputs or the recording, else that too little was observed.
    func conclude(minimumCoverage: Double?, in context: CommandContext) throws(NetvizError) {
        var all: [NetvizError] = []
        do throws(NetvizError) {
            try CoverageGate.check(coverage, minimum: minimumCoverage)
        } catch {
            all.append(error)
        }
        all += failures
        // The last decides the exit code: a file that cannot be used explains that too little was observed.
        guard let last = all.popLast() else { return }
        for failure in all { failure.tell(context.tell) }
        throw last
    }
}
