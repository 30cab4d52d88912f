import Inventory
import NetModel

/// Which high ports are ports that somebody listens on.
///
/// The kernel hands out ports from 32768 on to clients (`net.ipv4.ip_local_port_range`). When such a port stands on
/// the server's side it is a service only if the cluster declares it, or if two connections came to it from
/// ephemeral ports themselves. Anything else (a mid-stream pick-up nobody could turn round, a passive FTP data
/// connection) would make a thousand services out of none.
struct EphemeralPorts {
    static let first: UInt16 = 32768
    private var listening: [End: Bool] = [:]

    private struct End: Hashable {
        var word: UInt64
        var transport: TransportProtocol
    }

    init(_ resolved: ResolvedConnections) {
        var seen: [End: UInt64] = [:]
        for position in resolved.highPorts {
            let record = resolved.table.records[Int(resolved.connections[position].record)]
            guard record.transport.hasPorts, record.server.port >= Self.first else { continue }
            let end = End(word: record.server.word, transport: record.transport)
            if listening[end] == nil {
                listening[end] = resolved.inventory.isDeclared(
                    resolved.table.addresses[record.server.address],
                    port: record.server.port,
                    transport: record.transport
                )
            }
            guard record.client.port >= Self.first else { continue }
            if let other = seen[end] {
                if other != record.client.word { listening[end] = true }
            } else {
                seen[end] = record.client.word
            }
        }
    }

    /// Whether the server's port of a record is nobody's service.
    func isEphemeral(_ record: ConnectionRecord) -> Bool {
        guard record.server.port >= Self.first, record.transport.hasPorts else { return false }
        return !(listening[End(word: record.server.word, transport: record.transport)] ?? false)
    }
}
