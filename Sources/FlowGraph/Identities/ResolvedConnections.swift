package import Inventory
import NetModel

/// All connections with the identities of their ends: what flows are made of.
package struct ResolvedConnections: Sendable {
    package internal(set) var table: ConnectionTable
    package let inventory: Inventory
    /// Every identity that an end has; connections name them by position.
    package let identities: [Identity]
    /// What was resolved of each of the table's records, at the same position.
    package let connections: ResolvedPieces
    /// The services that clients may dial; connections name them by position.
    package let services: [ServicePort]
    /// Which of the ports that the kernel hands out to clients somebody listens on.
    let highPorts: EphemeralPorts
    /// Why connections were not answered, as far as a component said.
    var evidence = EvidenceStore()

    /// Whether a component said why a connection was not answered.
    package var hasEvidence: Bool { !evidence.isEmpty }

    /// Whether a connection was seen within a window.
    package var hasWindows: Bool { !table.windows.isEmpty }

    /// Joins what the observers reported, turns pick-ups round and resolves both ends of every connection.
    package init(_ observed: consuming ConnectionTable, inventory: Inventory) {
        let joined = Self.joined(observed)
        let known = AddressIdentities(0..<joined.addresses.count, of: joined.addresses, inventory: inventory)
        var worker = RecordResolver(joined, inventory: inventory, known: known)
        let bits = Partition.pieceBits(of: joined.records.count, workers: 1)
        for (piece, start) in stride(from: 0, to: joined.records.count, by: 1 << bits).enumerated() {
            worker.resolve(piece, start..<min(start + 1 << bits, joined.records.count))
        }
        self.init(joined, inventory: inventory, known: known, workers: [worker], bits: bits)
    }

    /// The same, on as many cores as `parts` says. The flows are the same whatever their number.
    @concurrent
    package static func resolve(
        _ observed: consuming ConnectionTable,
        inventory: Inventory,
        parts: Int
    ) async -> ResolvedConnections {
        let joined = Self.joined(observed)
        let addresses = joined.addresses
        let found = await Partition.map(Partition.ranges(of: addresses.count, parts: parts)) { numbers in
            AddressIdentities(numbers, of: addresses, inventory: inventory)
        }
        var known = found[0]
        for next in found.dropFirst() { known.append(next) }
        let bits = Partition.pieceBits(of: joined.records.count, workers: parts)
        let workers = await Partition.share(
            joined.records.count,
            bits: bits,
            among: parts,
            from: RecordResolver(joined, inventory: inventory, known: known)
        ) { worker, piece, range in worker.resolve(piece, range) }
        return ResolvedConnections(joined, inventory: inventory, known: known, workers: workers, bits: bits)
    }

    private static func joined(_ observed: consuming ConnectionTable) -> ConnectionTable {
        var table = observed
        table.joinTranslations()
        table.forgetKeys()
        return table
    }

    private init(
        _ joined: consuming ConnectionTable,
        inventory: Inventory,
        known: AddressIdentities,
        workers: [RecordResolver],
        bits: Int
    ) {
        var table = joined
        var identities = known.identities
        var pieces: [(number: Int, piece: ResolvedPieces.Piece)] = []
        var highPorts = EphemeralPorts()
        for worker in workers {
            for index in worker.turned { table.turnRound(index) }
            let shift = UInt32(identities.count - known.identities.count)
            for (number, connections) in worker.pieces {
                pieces.append((number, ResolvedPieces.Piece(connections: connections, shift: shift)))
            }
            identities += worker.ownIdentities
            highPorts.merge(worker.highPorts)
        }
        pieces.sort { $0.number < $1.number }
        var connections = ResolvedPieces(pieces.map(\.piece), bits: bits, common: known.identities.count)
        if workers.contains(where: \.hasOverlays) {
            ConnectionMarks.leaveOutOverlays(on: &connections, identities: identities)
        }
        self.table = table
        self.inventory = inventory
        self.identities = identities
        self.connections = connections
        self.highPorts = highPorts
        services = inventory.servicesToDial
    }
}
