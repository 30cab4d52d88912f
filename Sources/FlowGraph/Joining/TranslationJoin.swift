import NetModel

extension ConnectionTable {
    /// Joins records of one connection that a translation in between keeps apart.
    ///
    /// A record whose inner tuple is another record's outer tuple begins where the other ends: the other is nearer
    /// to the client. The client's side is taken over from it, and both are counted once.
    package mutating func joinTranslations() {
        guard mayHoldConnectionsTwice else { return }
        for index in records.indices where records[index].isTranslated && !records[index].flags.contains(.absorbed) {
            // A packet is translated at a handful of nodes at most; the bound ends a ring of hostile records.
            for _ in 0..<8 {
                let key = records[index].innerKey
                guard let nearer = self.index(of: key), nearer != index, !records[nearer].flags.contains(.absorbed),
                    records[nearer].overlaps(records[index])
                else { break }
                let inner = records[nearer]
                let swapped = inner.server != records[index].dialled && inner.transport.hasPorts
                // A nearer record that has the ends exchanged did not translate, or it would know them.
                if swapped && inner.isTranslated { break }
                absorb(nearer, into: index, swapped: swapped)
                guard inner.isTranslated else { break }
                update(index) { record in
                    record.client = inner.client
                    record.dialled = inner.dialled
                }
            }
        }
    }

    /// The connections: every record that was not joined into another.
    var connections: some Sequence<Int> {
        records.indices.lazy.filter { !records[$0].flags.contains(.absorbed) }
    }

    /// How many connections there are, each counted once.
    package var connectionCount: Int {
        connections.reduce(0) { count, _ in count + 1 }
    }
}
