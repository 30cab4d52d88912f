package import Inventory
import NetModel

/// All connections with the identities of their ends: what flows are made of.
package struct ResolvedConnections: Sendable {
    package let table: ConnectionTable
    package let inventory: Inventory
    /// Every identity that an end has; connections name them by position.
    package let identities: [Identity]
    package let connections: [ResolvedConnection]
    /// The services that clients dialled; connections name them by position.
    package let services: [ServicePort]

    /// Joins what the observers reported, turns pick-ups round and resolves both ends of every connection.
    package init(_ observed: consuming ConnectionTable, inventory: Inventory) {
        let joined = Self.joined(observed, inventory)
        let part = ResolvedPart(joined.records.indices, of: joined, inventory: inventory)
        self.init(joined, inventory: inventory, parts: [part])
    }

    /// The same, on as many cores as `parts` says. The flows are the same whatever their number.
    @concurrent
    package static func resolve(
        _ observed: consuming ConnectionTable,
        inventory: Inventory,
        parts: Int
    ) async -> ResolvedConnections {
        let joined = Self.joined(observed, inventory)
        let ranges = Partition.ranges(of: joined.records.count, parts: parts)
        let resolved = await Partition.map(ranges) { ResolvedPart($0, of: joined, inventory: inventory) }
        return ResolvedConnections(joined, inventory: inventory, parts: resolved)
    }

    private static func joined(_ observed: consuming ConnectionTable, _ inventory: Inventory) -> ConnectionTable {
        var table = observed
        table.joinTranslations()
        table.turnPickUps(declared: inventory)
        table.forgetKeys()
        return table
    }

    private init(_ table: ConnectionTable, inventory: Inventory, parts: [ResolvedPart]) {
        var identities: [Identity] = []
        var connections: [ResolvedConnection] = []
        var services: [ServicePort] = []
        var positions: [ServicePort: UInt32] = [:]
        connections.reserveCapacity(parts.count > 1 ? table.records.count : 0)
        for part in parts {
            let own = part.services.map { service in
                let next = UInt32(services.count)
                let position = positions[service, default: next]
                if position == next {
                    services.append(service)
                    positions[service] = next
                }
                return position
            }
            if identities.isEmpty {
                connections = part.connections
            } else {
                let offset = UInt32(identities.count)
                for connection in part.connections {
                    connections.append(connection.moved(identitiesBy: offset, services: own))
                }
            }
            identities += part.identities
        }
        ConnectionMarks.leaveOutOverlays(on: &connections, identities: identities)
        self.table = table
        self.inventory = inventory
        self.identities = identities
        self.services = services
        self.connections = connections
    }
}

/// The connections of some of the records, resolved for themselves.
struct ResolvedPart: Sendable {
    let identities: [Identity]
    let services: [ServicePort]
    let connections: [ResolvedConnection]

    init(_ range: Range<Int>, of table: ConnectionTable, inventory: Inventory) {
        var resolver = EndResolver(inventory: inventory, addressCount: table.addresses.count)
        var catalog = ServiceCatalog(inventory: inventory)
        let marks = ConnectionMarks(table: table, inventory: inventory)
        var connections: [ResolvedConnection] = []
        connections.reserveCapacity(range.count)
        for index in range {
            let record = table.records[index]
            guard !record.flags.contains(.absorbed) else { continue }
            let source = resolver.client(record, in: table)
            let destination = resolver.server(record, in: table)
            var connection = ResolvedConnection(
                record: UInt32(index),
                source: UInt32(source),
                destination: UInt32(destination),
                service: catalog.dialled(
                    record,
                    isServiceItself: resolver.kinds[destination] == .service,
                    in: table
                )
            )
            marks.set(on: &connection, record, resolver)
            connections.append(connection)
        }
        identities = resolver.identities
        services = catalog.services
        self.connections = connections
    }
}
