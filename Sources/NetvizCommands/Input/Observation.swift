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

    /// What is read, after the flags were checked.
    struct Request: Sendable {
        var source: ObservedTables.Source
        /// Files of the cluster's objects.
        var inventory: [String]
    }

    /// Checks the flags, and that what they name can be read: a misspelt name is told at once, not after a pipe that is
    /// read before has ended.
    ///
    /// - Parameter command: the command's name, for its help.
    static func request(
        _ input: InputOptions,
        _ local: LocalOptions,
        of command: String,
        in context: CommandContext
    ) throws(NetvizError) -> Request {
        let source = try ObservedTables.source(input, local, of: command)
        guard !input.inventory.contains("") else { throw NetvizError(.usage, "--inventory names no file") }
        for path in source.paths + input.inventory { try context.check(path) }
        return Request(source: source, inventory: input.inventory)
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
        // Names are needed only when all tables are joined, so both are read at the same time.
        async let inventoryRead = InventoryFiles.read(request.inventory, in: context)
        let observed = try await ObservedTables.read(request.source, in: context)
        let inventory = try await inventoryRead
        let coverage = Coverage(
            sources: observed.sources,
            failed: observed.failed,
            inventoryNodes: inventory.nodeNames,
            subject: subject
        )
        let table = observed.table
        var connections = await ResolvedConnections.resolve(consume table, inventory: inventory, parts: parts)
        let pods = observed.rules.isEmpty ? PodInterfaces() : PodInterfaces(inventory.podNames)
        let drops = observed.rules.map { $0.drops(pods: pods) }
        let explanations = ExplainedConnections(of: &connections, by: drops)
        return Observation(
            connections: connections,
            coverage: coverage,
            drops: drops,
            explanations: explanations
        )
    }
}
