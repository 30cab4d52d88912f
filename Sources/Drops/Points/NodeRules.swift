package import FirewallRules

/// Collects what was read of one node's packet filters, until all of it is there.
package struct NodeRules: Sendable {
    /// The node's name, or the file's where it is not known of which node it is.
    package let name: String
    /// Whether `name` is a node's.
    package let isNode: Bool

    package init(name: String, isNode: Bool) {
        self.name = name
        self.isNode = isNode
    }

    /// Adds what one program printed at one moment. Several texts of one moment are held together: IPv4 and IPv6,
    /// iptables of both kinds, nft.
    package mutating func add(_ ruleset: Ruleset, moment: RulesMoment) {
    }

    /// What the node drops and rejects.
    ///
    /// - Parameter pods: whose interface is which, for rules that name pods by their interfaces only.
    package func drops(pods: PodInterfaces = PodInterfaces()) -> NodeDrops {
        NodeDrops(name: name, isNode: isNode, drops: [], filters: [], problems: [], graphs: [])
    }
}
