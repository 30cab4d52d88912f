package import Inventory
import NetModel

extension ConnectionTable {
    /// Turns round the connections that a node picked up in mid-stream from a packet of the server.
    ///
    /// With `nf_conntrack_tcp_loose`, and for UDP whenever an entry has expired in between, the first packet that
    /// conntrack sees may be an answer; client and server are then exchanged. The side whose port is declared
    /// (by a Service, an endpoint, a container, the kubelet) is the server. A translated connection is left alone:
    /// only a first packet sets up a translation. So is one with both ports declared, or neither.
    package mutating func turnPickUps(declared inventory: Inventory) {
        guard !inventory.isEmpty else { return }
        for index in records.indices {
            let record = records[index]
            guard record.transport.hasPorts, !record.isTranslated, !record.flags.contains(.absorbed),
                !inventory.isDeclared(
                    addresses[record.server.address],
                    port: record.server.port,
                    transport: record.transport
                ),
                inventory.isDeclared(
                    addresses[record.client.address],
                    port: record.client.port,
                    transport: record.transport
                )
            else { continue }
            update(index) { $0.turnRound() }
        }
    }
}
