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
    let source: UInt32
    /// Position of the server's identity.
    let destination: UInt32
    /// Position of the service dialled, nil when the client dialled the server itself or something unknown.
    let service: UInt32?
    var leg: Leg?
    var marks: Marks = []

    init(record: UInt32, source: UInt32, destination: UInt32, service: UInt32?) {
        self.record = record
        self.source = source
        self.destination = destination
        self.service = service
    }
}
