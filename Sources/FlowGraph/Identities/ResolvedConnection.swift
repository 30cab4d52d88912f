/// One connection with the positions of its ends' identities and of the service dialled.
package struct ResolvedConnection: Sendable {
    /// What keeps a connection out of the ordinary list.
    package struct Marks: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The kubelet's probe of a container on its own node.
        package static let probe = Marks(rawValue: 1 << 0)
        /// Its bytes are those of other connections in the same table, so sums leave it out.
        package static let carriesOthers = Marks(rawValue: 1 << 1)
    }

    /// Position in the table's records.
    let record: UInt32
    /// Position of the client's identity.
    private(set) var source: UInt32
    /// Position of the server's identity.
    private(set) var destination: UInt32
    /// Position of the service dialled, nil when the client dialled the server itself or something unknown.
    private(set) var service: UInt32?
    var leg: Leg?
    var marks: Marks = []

    init(record: UInt32, source: UInt32, destination: UInt32, service: UInt32?) {
        self.record = record
        self.source = source
        self.destination = destination
        self.service = service
    }

    /// The same connection among more identities and services.
    ///
    /// - Parameters:
    ///   - offset: how many identities came before those of the connection.
    ///   - positions: where each of the services is now.
    func moved(identitiesBy offset: UInt32, services positions: [UInt32]) -> ResolvedConnection {
        var moved = self
        moved.source += offset
        moved.destination += offset
        moved.service = service.map { positions[Int($0)] }
        return moved
    }
}
