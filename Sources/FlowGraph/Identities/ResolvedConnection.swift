/// The positions of the identities of one record's ends, and of the service dialled.
package struct ResolvedConnection: Sendable {
    /// What keeps a connection out of the ordinary list.
    package struct Marks: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The kubelet's probe of a container on its own node.
        package static let probe = Marks(rawValue: 1 << 0)
        /// Its bytes are those of other connections in the same table, so sums leave it out.
        package static let carriesOthers = Marks(rawValue: 1 << 1)
        /// The record was joined into another and is no connection of its own.
        package static let absorbed = Marks(rawValue: 1 << 2)
    }

    /// Position of the client's identity.
    var source: UInt32
    /// Position of the server's identity.
    var destination: UInt32
    /// Position of the service dialled, nil when the client dialled the server itself or something unknown.
    var service: UInt32?
    var leg: Leg?
    var marks: Marks = []

    /// In the place of a record that is no connection of its own.
    static let absorbed = ResolvedConnection(source: 0, destination: 0, service: nil, marks: .absorbed)
}
