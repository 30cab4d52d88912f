import NetModel

extension ConnectionTable {
    /// Joins records of one connection that a translation in between keeps apart.
    ///
    /// A record whose inner tuple is another record's outer tuple begins where the other ends: the other is nearer
    /// to the client. The client's side is taken over from it, and both are counted once.
    package mutating func joinTranslations() {
        guard mayHoldConnectionsTwice else { return }
        indexRecords()
        var passed: [Int: Int] = [:]
        for index in records.indices where records[index].isTranslated && !records[index].flags.contains(.absorbed) {
            // A packet is translated at a handful of nodes at most; the bound ends a ring of hostile records.
            for _ in 0..<8 {
                guard let nearer = nearer(than: index, passed: &passed) else { break }
                let inner = records[nearer]
                let swapped = inner.server != records[index].dialled && inner.hasUnorderedEnds
                // A nearer record that has the ends exchanged did not translate, or it would know them.
                if swapped && inner.isTranslated { break }
                absorb(nearer, into: index, swapped: swapped)
                guard inner.isTranslated else { break }
                update(index) { record in
                    record.client = inner.client
                    record.dialled = inner.dialled
                    record.innerScope = inner.innerScope
                }
            }
        }
    }

    /// The oldest record not yet joined that ends where the one at an index begins, at the same time.
    ///
    /// - Parameter passed: of the first connection of a tuple the first one of them that is not absorbed, so that many
    ///   connections of one tuple are walked through once.
    private func nearer(than index: Int, passed: inout [Int: Int]) -> Int? {
        guard let newest = self.index(of: records[index].innerKey) else { return nil }
        let first = incarnations.first(of: newest)
        var candidate: Int? = passed[first] ?? first
        while let nearer = candidate, records[nearer].flags.contains(.absorbed) {
            candidate = incarnations.next(after: nearer)
            passed[first] = candidate ?? newest
        }
        for _ in 0..<64 {
            guard let nearer = candidate else { return nil }
            if nearer != index, !records[nearer].flags.contains(.absorbed), records[nearer].overlaps(records[index]) {
                return nearer
            }
            candidate = incarnations.next(after: nearer)
        }
        return nil
    }

    /// How many connections there are, each counted once.
    package var connectionCount: Int {
        records.count { !$0.flags.contains(.absorbed) }
    }
}
