/// Where a place that drops stands in the tables of its node.
struct DropLocation: Hashable, Sendable {
    /// The table's position among the node's.
    var graph: Int
    var chain: Int
    /// Nil for the chain's policy. Of an element the first rule that looks it up.
    var rule: Int?
    /// Of an element the set's position in the table and its own in the set.
    var set: Int?
    var element: Int?
}
