import Inventory
import NetModel

/// Tells the connections that a node picked up in mid-stream from a packet of the server.
///
/// With `nf_conntrack_tcp_loose`, and for UDP whenever an entry has expired in between, the first packet that conntrack
/// sees may be an answer; client and server are then exchanged. The side whose port is declared (by a Service, an
/// endpoint, a container, the kubelet) is the server. A translated connection is left alone: only a first packet sets
/// up a translation. So is one with both ports declared, or neither.
struct PickUp: Sendable {
    private let inventory: Inventory
    private let addresses: AddressTable

    init(declared inventory: Inventory, addresses: AddressTable) {
        self.inventory = inventory
        self.addresses = addresses
    }

    /// Whether client and server of a record are to be exchanged.
    func isTurned(_ record: ConnectionRecord) -> Bool {
        guard record.transport.hasPorts, !record.isTranslated else { return false }
        return !isDeclared(record.server, record.transport) && isDeclared(record.client, record.transport)
    }

    private func isDeclared(_ end: ConnectionRecord.End, _ transport: TransportProtocol) -> Bool {
        inventory.isDeclared(addresses[end.address], port: end.port, transport: transport)
    }
}
