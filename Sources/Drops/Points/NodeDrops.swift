package import FirewallRules

/// What one node drops and rejects.
package struct NodeDrops: Sendable {
    /// The node's name, or the file's where it is not known of which node it is.
    package let name: String
    /// Whether `name` is a node's.
    package let isNode: Bool
    /// In the order of the filters and of their texts.
    package let drops: [NodeDrop]
    /// The packet filters of which something was read, in the order of their declaration.
    package let filters: [PacketFilter]
    /// What could not be read, and what was left out because another text holds it, too.
    package let problems: [RulesProblem]
    /// The tables that `drops` stand in.
    let graphs: [RuleGraph]
}

/// A place that drops, on one node.
package struct NodeDrop: Sendable {
    package let point: DropPoint
    package let counts: DropCounts
    /// Whether some base chain leads to it; a rule in a chain that nothing jumps to never sees a packet.
    package let isReachable: Bool
    /// Where in `graphs` of its node it stands; nil for what was gone at the end of the window.
    let location: DropLocation?
}
