import Inventory
import NetModel

/// The services that clients dialled, each kept once; the inventory is asked once an address and port.
struct ServiceCatalog {
    private(set) var services: [ServicePort] = []
    private let inventory: Inventory
    private var positions: [ServicePort: UInt32] = [:]
    /// What was dialled, end and protocol, and the position of the service behind each.
    private var dialled = PairIndex()
    private var behind: [UInt32?] = []

    init(inventory: Inventory) {
        self.inventory = inventory
    }

    /// The service that the client of a record dialled. A client that dialled the server's own address dialled no
    /// service, even where the server stands behind one.
    mutating func dialled(
        _ record: ConnectionRecord,
        isServiceItself: Bool,
        in table: ConnectionTable
    ) -> UInt32? {
        guard record.dialled != record.server || isServiceItself else { return nil }
        let end = record.dialled.word
        let transport = UInt64(record.transport.rawValue)
        if let known = dialled[end, transport] { return behind[known] }
        let service = inventory.service(
            dialled: table.addresses[record.dialled.address],
            port: record.dialled.port,
            transport: record.transport
        )
        var position: UInt32?
        if let service { position = self.position(of: service) }
        _ = dialled.insert(end, transport)
        behind.append(position)
        return position
    }

    private mutating func position(of service: ServicePort) -> UInt32 {
        if let known = positions[service] { return known }
        services.append(service)
        positions[service] = UInt32(services.count - 1)
        return UInt32(services.count - 1)
    }
}
