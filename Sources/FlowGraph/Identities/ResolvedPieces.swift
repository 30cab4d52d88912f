/// What was resolved of every record, in pieces of equal size as workers made them: nothing is copied to put them
/// together.
package struct ResolvedPieces: Sendable, RandomAccessCollection {
    private let bits: Int
    private var pieces: [Piece]
    private let common: UInt32
    package let count: Int

    struct Piece: Sendable {
        /// The worker's own identities follow those that all workers share.
        var connections: [ResolvedConnection]
        /// How many identities of other workers come before the worker's own.
        var shift: UInt32
    }

    /// - Parameters:
    ///   - pieces: in order, each but the last with `1 << bits` connections.
    ///   - common: how many identities all workers shared.
    init(_ pieces: [Piece], bits: Int, common: Int) {
        self.pieces = pieces
        self.bits = bits
        self.common = UInt32(common)
        count = pieces.reduce(0) { $0 + $1.connections.count }
    }

    package var startIndex: Int { 0 }
    package var endIndex: Int { count }

    package subscript(position: Int) -> ResolvedConnection {
        @inline(__always) get {
            let piece = position >> bits
            var connection = pieces[piece].connections[position & (1 << bits - 1)]
            let shift = pieces[piece].shift
            if connection.source >= common { connection.source += shift }
            if connection.destination >= common { connection.destination += shift }
            return connection
        }
    }

    mutating func mark(_ position: Int, _ marks: ResolvedConnection.Marks) {
        pieces[position >> bits].connections[position & (1 << bits - 1)].marks.formUnion(marks)
    }
}
