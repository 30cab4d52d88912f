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
        observed.joinTranslations()
        observed.turnPickUps(declared: inventory)
        var resolver = EndResolver(inventory: inventory, addressCount: observed.addresses.count)
        var catalog = ServiceCatalog(inventory: inventory)
        var connections: [ResolvedConnection] = []
        connections.reserveCapacity(observed.records.count)
        for index in observed.records.indices {
            let record = observed.records[index]
            guard !record.flags.contains(.absorbed) else { continue }
            let source = resolver.client(record, in: observed)
            let destination = resolver.server(record, in: observed)
            connections.append(
                ResolvedConnection(
                    record: UInt32(index),
                    source: UInt32(source),
                    destination: UInt32(destination),
                    service: catalog.dialled(
                        record, isServiceItself: resolver.identities[destination].kind == .service, in: observed)
                )
            )
        }
        observed.forgetKeys()
        ConnectionMarks.set(on: &connections, identities: resolver.identities, table: observed, inventory: inventory)
        self.table = observed
        self.inventory = inventory
        self.identities = resolver.identities
        self.services = catalog.services
        self.connections = connections
    }
}
