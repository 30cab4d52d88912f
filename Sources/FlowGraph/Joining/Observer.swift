/// Who reported an entry: a node of the cluster, or a file of which no node was said.
package struct Observer: Hashable, Sendable {
    /// The node's name, or the file's.
    package let name: String
    /// Whether `name` names a node: only then do a table's loopback addresses belong to someone.
    package let isNode: Bool

    package init(name: String, isNode: Bool) {
        self.name = name
        self.isNode = isNode
    }
}

/// The sets of observers that connections have, each held once.
///
/// Nearly all connections are seen by one node or by the same few pairs of nodes, so a connection carries the
/// number of its set and any number of observers fits.
struct ObserverSets: Sendable {
    private var sets: [[UInt16]] = []
    private var numbers: [[UInt16]: UInt32] = [:]
    private var unions: [UInt64: UInt32] = [:]

    /// The number of the set that holds one observer.
    mutating func single(_ observer: UInt16) -> UInt32 {
        number(of: [observer])
    }

    /// The observers of a set, ascending.
    subscript(number: UInt32) -> [UInt16] { sets[Int(number)] }

    /// What `transform` makes of every set, in the order of their numbers.
    func map<Result>(_ transform: ([UInt16]) -> Result) -> [Result] { sets.map(transform) }

    func contains(_ observer: UInt16, in number: UInt32) -> Bool {
        sets[Int(number)].contains(observer)
    }

    /// The number of the set that holds the observers of both.
    mutating func union(_ left: UInt32, _ right: UInt32) -> UInt32 {
        if left == right { return left }
        let key = UInt64(min(left, right)) << 32 | UInt64(max(left, right))
        if let known = unions[key] { return known }
        let union = number(of: Set(sets[Int(left)] + sets[Int(right)]).sorted())
        unions[key] = union
        return union
    }

    /// The number of a set, given by its observers in ascending order.
    mutating func number(of set: [UInt16]) -> UInt32 {
        if let known = numbers[set] { return known }
        let number = UInt32(sets.count)
        sets.append(set)
        numbers[set] = number
        return number
    }
}
