import Inventory
import NetModel

/// The services that clients dialled; the inventory is asked once an address and port.
struct ServiceCatalog {
    private let inventory: Inventory
    /// What was dialled, end and protocol, and the position of the service behind each.
    private var dialled = PairIndex()
    private var behind: [UInt32?] = []

    init(inventory: Inventory) {
        self.inventory = inventory
    }

    /// The position among the inventory's service ports of the one that the client of a record dialled. A client that
    /// dialled the server's own address dialled no service, even where the server stands behind one.
    mutating func dialled(
        _ record: ConnectionRecord,
        isServiceItself: Bool,
        in table: ConnectionTable
    ) -> UInt32? {
        guard record.dialled != record.server || isServiceItself else { return nil }
        let number = dialled.insert(record.dialled.word, UInt64(record.transport.rawValue))
        if number == behind.count {
            let position = inventory.servicePosition(
                dialled: table.addresses[record.dialled.address],
                port: record.dialled.port,
                transport: record.transport
            )
            behind.append(position.map(UInt32.init))
        }
        return behind[number]
    }
}
