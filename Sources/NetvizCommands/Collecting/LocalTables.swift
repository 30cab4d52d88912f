import CollectorClient
import CollectorProtocol

/// This machine's own table, read by the collector that lies beside this program.
enum LocalTables {
    /// - Throws: when the collector cannot be started. What it could not read is told by `tables`.
    static func read(
        _ plan: CollectorFleet.Plan,
        into tables: CollectedTables,
        in context: CommandContext
    ) async throws {
        var plan = plan
        plan.keepsFrames = tables.isRecorded
        // A recording serves every command.
        plan.wantsRules = plan.wantsRules || tables.isRecorded
        let asked = plan
        // The collector's clock is this machine's own.
        let source = CollectedTables.Source(
            name: context.hostName(), isNode: true, mode: .collector, hasOwnClock: true)
        let position = await tables.begin(source)
        try await context.runLocalCollector { pipe in
            let fleet = CollectorFleet(asked, clock: context.clock) { _, delivery in
                switch delivery {
                case .received(let reception): await tables.take(reception, from: position)
                case .over(let report): await tables.end(report, of: position)
                }
            }
            _ = await fleet.run([pipe])
        }
    }
}
