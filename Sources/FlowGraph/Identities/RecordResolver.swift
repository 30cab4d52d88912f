import Inventory
import NetModel

/// Resolves some of the records of a table, piece by piece.
struct RecordResolver: Sendable {
    /// What was resolved, by the number of the piece.
    private(set) var pieces: [(number: Int, connections: [ResolvedConnection])] = []
    /// Indices of the records whose client and server were found exchanged.
    private(set) var turned: [Int] = []
    private(set) var highPorts = EphemeralPorts()
    /// Whether any of the connections is an overlay's outer flow.
    private(set) var hasOverlays = false
    private let table: ConnectionTable
    private let inventory: Inventory
    private var ends: EndResolver
    private var services: ServiceCatalog
    private var marks: ConnectionMarks
    private let pickUp: PickUp

    /// - Parameter known: the identities of all addresses of the table.
    init(_ table: ConnectionTable, inventory: Inventory, known: AddressIdentities) {
        self.table = table
        self.inventory = inventory
        ends = EndResolver(inventory: inventory, known: known)
        services = ServiceCatalog(inventory: inventory)
        marks = ConnectionMarks(table: table, inventory: inventory)
        pickUp = PickUp(declared: inventory, addresses: table.addresses)
    }

    /// Identities that were found beside the known ones.
    var ownIdentities: [Identity] { ends.own }

    /// Resolves the records of a range.
    mutating func resolve(_ piece: Int, _ range: Range<Int>) {
        let hasDeclarations = !inventory.isEmpty
        // These are large, and would be copied for every call of what changes the resolver.
        let (table, inventory, pickUp) = (table, inventory, pickUp)
        var connections: [ResolvedConnection] = []
        connections.reserveCapacity(range.count)
        for index in range {
            var record = table.records[index]
            guard !record.flags.contains(.absorbed) else {
                connections.append(.absorbed)
                continue
            }
            if hasDeclarations, pickUp.isTurned(record) {
                record.turnRound()
                turned.append(index)
            }
            highPorts.note(record, table.addresses, inventory)
            let source = ends.client(record, in: table)
            let destination = ends.server(record, in: table)
            let isServiceItself = ends.kinds[destination] == .service
            var connection = ResolvedConnection(
                source: UInt32(source),
                destination: UInt32(destination),
                service: services.dialled(record, isServiceItself: isServiceItself, in: table)
            )
            marks.set(on: &connection, record, ends)
            if connection.leg == .overlay { hasOverlays = true }
            connections.append(connection)
        }
        pieces.append((piece, connections))
    }
}
