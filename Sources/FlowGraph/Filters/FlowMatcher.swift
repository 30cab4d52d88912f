import Inventory
import NetModel

/// A filter made ready for one set of connections: what depends on an identity alone is decided once an identity.
struct FlowMatcher {
    private let filter: FlowFilter
    /// Whether every connection is wanted, so that none need be asked about.
    let acceptsAll: Bool
    private let resolved: ResolvedConnections
    private let clauses: [Clause]
    /// Whether each identity, and each observer, is on a wanted or an excluded node.
    private let nodes: NodeChoice?

    private struct Clause {
        let side: FlowFilter.Side
        let wanted: [Test]
        let excluded: [Test]
    }

    /// One criterion: a table over identities, or something that a connection has.
    private enum Test {
        case identity([Bool])
        case address(IPPrefix)
        case port(UInt16)
        case service(NamePattern, identities: [Bool], dialled: [Bool])
    }

    private struct NodeChoice {
        let identities: [(wanted: Bool, excluded: Bool)]
        let observers: [(wanted: Bool, excluded: Bool)]
        let hasWanted: Bool
    }

    init(_ filter: FlowFilter, resolved: ResolvedConnections) {
        self.filter = filter
        acceptsAll = filter.acceptsAll
        self.resolved = resolved
        clauses = filter.ends.map { clause in
            Clause(
                side: clause.side,
                wanted: clause.wanted.map { Self.test($0, resolved) },
                excluded: clause.excluded.map { Self.test($0, resolved) }
            )
        }
        let choice = filter.nodes
        guard !choice.isOpen else {
            nodes = nil
            return
        }
        func judge(_ name: String?) -> (wanted: Bool, excluded: Bool) {
            guard let name else { return (false, false) }
            return (choice.wanted.contains { $0.matches(name) }, choice.excluded.contains { $0.matches(name) })
        }
        nodes = NodeChoice(
            identities: resolved.identities.map { judge($0.node) },
            observers: resolved.table.observers.map { judge($0.name) },
            hasWanted: !choice.wanted.isEmpty
        )
    }

    /// Whether the connection at a position is wanted.
    func accepts(_ position: Int) -> Bool {
        let connection = resolved.connections[position]
        let record = resolved.table.records[position]
        guard filter.protocols.accepts({ $0 == record.transport }) else { return false }
        for clause in clauses {
            guard
                clause.wanted.isEmpty || clause.wanted.contains(where: { holds($0, clause.side, connection, record) }),
                !clause.excluded.contains(where: { holds($0, clause.side, connection, record) })
            else { return false }
        }
        return acceptsNodes(connection, record) && acceptsResult(position, record)
    }

    private func acceptsResult(_ position: Int, _ record: ConnectionRecord) -> Bool {
        let verdicts = filter.verdicts
        let outcomes = filter.outcomes
        if verdicts.isOpen, outcomes.isOpen { return true }
        let window = resolved.table.window(of: position)
        let result = ConnectionResult(of: record, window, in: resolved.table.addresses)
        return verdicts.accepts { $0 == result.verdict } && outcomes.accepts { $0 == result.outcome }
    }

    private func acceptsNodes(_ connection: ResolvedConnection, _ record: ConnectionRecord) -> Bool {
        guard let nodes else { return true }
        let judged =
            [nodes.identities[Int(connection.source)], nodes.identities[Int(connection.destination)]]
            + resolved.table.observerSets[record.observers].map { nodes.observers[Int($0)] }
        return (!nodes.hasWanted || judged.contains(where: \.wanted)) && !judged.contains(where: \.excluded)
    }

    private func holds(
        _ test: Test,
        _ side: FlowFilter.Side,
        _ connection: ResolvedConnection,
        _ record: ConnectionRecord
    ) -> Bool {
        switch side {
        case .from: holdsSource(test, connection, record)
        case .to: holdsDestination(test, connection, record)
        case .either: holdsSource(test, connection, record) || holdsDestination(test, connection, record)
        }
    }

    private func holdsSource(_ test: Test, _ connection: ResolvedConnection, _ record: ConnectionRecord) -> Bool {
        switch test {
        case .identity(let identities): return identities[Int(connection.source)]
        case .address(let prefix):
            return prefix.contains(resolved.table.addresses[record.client.address])
                || prefix.contains(resolved.table.addresses[record.seenClient.address])
        case .port(let port): return record.transport.hasPorts && record.client.port == port
        case .service(_, let identities, _): return identities[Int(connection.source)]
        }
    }

    private func holdsDestination(_ test: Test, _ connection: ResolvedConnection, _ record: ConnectionRecord) -> Bool {
        switch test {
        case .identity(let identities): return identities[Int(connection.destination)]
        case .address(let prefix):
            return prefix.contains(resolved.table.addresses[record.server.address])
                || prefix.contains(resolved.table.addresses[record.dialled.address])
        case .port(let port):
            return record.transport.hasPorts && (record.server.port == port || record.dialled.port == port)
        case .service(let pattern, let identities, let dialled):
            if let service = connection.service { return dialled[Int(service)] }
            if identities[Int(connection.destination)] { return true }
            let backed = resolved.inventory.service(
                backedBy: resolved.table.addresses[record.server.address],
                port: record.server.port,
                transport: record.transport
            )
            return backed.map { pattern.matches("\($0.namespace)/\($0.name)") || pattern.matches($0.description) }
                ?? false
        }
    }

    private static func test(_ criterion: FlowFilter.EndCriterion, _ resolved: ResolvedConnections) -> Test {
        func table(_ holds: (Identity) -> Bool) -> [Bool] { resolved.identities.map(holds) }
        switch criterion {
        case .pod(let pattern): return .identity(table { $0.pod.map(pattern.matches) ?? false })
        case .namespace(let pattern): return .identity(table { $0.namespace.map(pattern.matches) ?? false })
        case .workload(let pattern): return .identity(table { $0.workload.map(pattern.matches) ?? false })
        case .label(let selector): return .identity(table { $0.kind == .pod && selector.matches($0.labels) })
        case .address(let prefix): return .address(prefix)
        case .port(let port): return .port(port)
        case .service(let pattern):
            let services = resolved.inventory.servicesByAddress()
            return .service(
                pattern,
                identities: table { identity in
                    (identity.service.map { [$0] } ?? []).contains(where: pattern.matches)
                        || (services[identity.address] ?? []).contains(where: pattern.matches)
                },
                dialled: resolved.services.map {
                    pattern.matches("\($0.namespace)/\($0.name)") || pattern.matches($0.description)
                }
            )
        }
    }
}
