import CollectorClient
import CollectorProtocol
import FlowGraph
import Rendering
import Synchronization

/// This machine's own table, read by the collector that lies beside this program.
enum LocalTables {
    /// - Throws: when the collector cannot be started. What it could not read is in `failed`.
    static func read(
        _ plan: CollectorFleet.Plan,
        in context: CommandContext
    ) async throws -> (table: ConnectionTable, sources: [Coverage.Source], failed: [Coverage.Skipped]) {
        let name = context.hostName()
        let tables = CollectedTables(names: [name])
        let result = Mutex<CollectorFleet.Report?>(nil)
        try await context.runLocalCollector { pipe in
            let fleet = CollectorFleet(plan, clock: context.clock) { position, event, _ in
                // The collector's clock is this machine's own.
                if case .entries(let block) = event { await tables.take(block, from: position, clockOffset: 0) }
            }
            let reports = await fleet.run([pipe])
            result.withLock { $0 = reports.first }
        }
        let report = result.withLock { $0 } ?? CollectorFleet.Report()
        for notice in report.notices where notice.topic != .emptyTable {
            context.tell(CollectorTrouble.warning(notice, node: name))
        }
        if report.noticesLeftOut > 0 {
            context.tell(CollectorTrouble.warning(noticesLeftOut: report.noticesLeftOut, node: name))
        }
        let (table, sources) = await tables.finish([report], names: [name])
        let failed = report.failure.map { Coverage.Skipped(node: name, reason: CollectorTrouble.reason($0)) }
        return (table, sources, failed.map { [$0] } ?? [])
    }
}
