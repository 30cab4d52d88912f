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
    /// Positions of the connections whose server's port is one that the kernel hands out to clients.
    let highPorts: [Int]

    /// Joins what the observers reported, turns pick-ups round and resolves both ends of every connection.
    package init(_ observed: consuming ConnectionTable, inventory: Inventory) {
        let joined = Self.joined(observed)
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
        let joined = Self.joined(observed)
        let ranges = Partition.ranges(of: joined.records.count, parts: parts)
        let resolved = await Partition.map(ranges) { ResolvedPart($0, of: joined, inventory: inventory) }
        return ResolvedConnections(joined, inventory: inventory, parts: resolved)
    }

    private static func joined(_ observed: consuming ConnectionTable) -> ConnectionTable {
        var table = observed
        table.joinTranslations()
        table.forgetKeys()
        return table
    }

    private init(_ joined: consuming ConnectionTable, inventory: Inventory, parts: [ResolvedPart]) {
        var table = joined
        for part in parts {
            for index in part.turned { table.update(index) { $0.turnRound() } }
        }
        var identities: [Identity] = []
        var connections: [ResolvedConnection] = []
        var services: [ServicePort] = []
        var positions: [ServicePort: UInt32] = [:]
        var highPorts: [Int] = []
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
            highPorts += part.highPorts.map { connections.count + $0 }
            if connections.isEmpty {
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
        self.highPorts = highPorts
    }
}

/// The connections of some of the records, resolved for themselves.
struct ResolvedPart: Sendable {
    let identities: [Identity]
    let services: [ServicePort]
    let connections: [ResolvedConnection]
    /// Indices of the records whose client and server were found exchanged.
    let turned: [Int]
    /// Positions in `connections`, as in `ResolvedConnections.highPorts`.
    let highPorts: [Int]

    init(_ range: Range<Int>, of table: ConnectionTable, inventory: Inventory) {
        var resolver = EndResolver(inventory: inventory, addressCount: table.addresses.count)
        var catalog = ServiceCatalog(inventory: inventory)
        let marks = ConnectionMarks(table: table, inventory: inventory)
        let pickUp = PickUp(declared: inventory, addresses: table.addresses)
        let hasDeclarations = !inventory.isEmpty
        var turned: [Int] = []
        var highPorts: [Int] = []
        var connections: [ResolvedConnection] = []
        connections.reserveCapacity(range.count)
        for index in range {
            var record = table.records[index]
            guard !record.flags.contains(.absorbed) else { continue }
            if hasDeclarations, pickUp.isTurned(record) {
                record.turnRound()
                turned.append(index)
            }
            if record.server.port >= EphemeralPorts.first { highPorts.append(connections.count) }
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
        self.turned = turned
        self.highPorts = highPorts
    }
}
