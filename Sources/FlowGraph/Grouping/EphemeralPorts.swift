import Inventory
import NetModel

/// Which high ports are ports that somebody listens on.
///
/// The kernel hands out ports from 32768 on to clients (`net.ipv4.ip_local_port_range`). When such a port stands on
/// the server's side it is a service only if the cluster declares it, or if two connections came to it from
/// ephemeral ports themselves. Anything else (a mid-stream pick-up nobody could turn round, a passive FTP data
/// connection) would make a thousand services out of none.
struct EphemeralPorts: Sendable {
    private static let first: UInt16 = 32768
    /// Servers' ends with a high port, by end and protocol.
    private var ends = PairIndex()
    /// What is known of each of `ends`.
    private var notes: [Note] = []

    private struct Note {
        /// An end with an ephemeral port that dialled it; 0, which no end is, before the first.
        var client: UInt64 = 0
        var isListening: Bool

        mutating func add(client end: UInt64) {
            if client == 0 {
                client = end
            } else if client != end {
                isListening = true
            }
        }
    }

    /// Notes one connection.
    mutating func note(_ record: ConnectionRecord, _ addresses: AddressTable, _ inventory: Inventory) {
        guard Self.mayBeEphemeral(record) else { return }
        let number = ends.insert(record.server.word, UInt64(record.transport.rawValue))
        if number == notes.count {
            let isDeclared = inventory.isDeclared(
                addresses[record.server.address],
                port: record.server.port,
                transport: record.transport
            )
            notes.append(Note(isListening: isDeclared))
        }
        if record.client.port >= Self.first { notes[number].add(client: record.client.word) }
    }

    /// Adds what was noted of other connections.
    mutating func merge(_ other: EphemeralPorts) {
        for (pair, note) in zip(other.ends.pairs, other.notes) {
            let number = ends.insert(pair.first, pair.second)
            if number == notes.count {
                notes.append(note)
            } else {
                notes[number].isListening = notes[number].isListening || note.isListening
                if note.client != 0 { notes[number].add(client: note.client) }
            }
        }
    }

    /// Whether the server's port of a record, which was noted, is nobody's service.
    func isEphemeral(_ record: ConnectionRecord) -> Bool {
        guard Self.mayBeEphemeral(record) else { return false }
        return !(ends[record.server.word, UInt64(record.transport.rawValue)].map { notes[$0].isListening } ?? false)
    }

    private static func mayBeEphemeral(_ record: ConnectionRecord) -> Bool {
        record.server.port >= first && record.transport.hasPorts
    }
}
