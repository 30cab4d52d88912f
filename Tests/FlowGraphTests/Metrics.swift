import FlowGraph
import Inventory
import NetModel
import Testing

extension Observations {
    /// The metrics of all that was seen, by `source→destination`.
    ///
    /// - Parameters:
    ///   - blind: nodes that could not see refused connections; the others listened to events.
    func metrics(
        by grouping: Grouping = .workload,
        in inventory: Inventory = .empty,
        filter: FlowFilter = FlowFilter(),
        all: Bool = false,
        blind: Set<String> = [],
        parts: Int = 1
    ) async -> [String: PairMetrics] {
        let set = await metricSet(
            by: grouping, in: inventory, filter: filter, all: all, blind: blind, parts: parts)
        let pairs = set.positions(by: .standard).map { set[$0] }
        return Dictionary(pairs.map { ($0.names, $0) }) { first, _ in
            Issue.record("\(first.names) comes twice")
            return first
        }
    }

    func metricSet(
        by grouping: Grouping = .workload,
        in inventory: Inventory = .empty,
        filter: FlowFilter = FlowFilter(),
        all: Bool = false,
        blind: Set<String> = [],
        parts: Int = 1
    ) async -> MetricSet {
        let sources = table.observers.map { observer in
            var source = Coverage.Source(name: observer.name, isNode: observer.isNode)
            source.hasEvents = !blind.contains(observer.name)
            return source
        }
        let resolved = await ResolvedConnections.resolve(table, inventory: inventory, parts: parts)
        return await MetricSet.sum(
            resolved,
            by: grouping,
            coverage: Coverage(sources: sources, inventoryNodes: []),
            filter: filter,
            includesAll: all,
            parts: parts
        )
    }

    /// The metrics of the only pair there is; more or none is a failure of the test.
    func onlyMetrics(
        _ inventory: Inventory = .empty,
        blind: Set<String> = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> PairMetrics {
        let metrics = await metrics(in: inventory, blind: blind)
        #expect(metrics.count == 1, sourceLocation: sourceLocation)
        return try #require(metrics.values.first, sourceLocation: sourceLocation)
    }
}

extension PairMetrics {
    /// "source→destination".
    var names: String { "\(source.name)→\(destination.name)" }
}
