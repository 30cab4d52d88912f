/// How the rules of a node's packet filters were read.
package struct RulesCoverage: Hashable, Sendable {
    /// The filters that rules were read of, by the names of their programs: "iptables-nft", "nft".
    package var filters: [String] = []
    /// How many rules were read.
    package var rules = 0
    /// Whether they were read when the window began and when it ended, so that what was counted meanwhile is known.
    package var isOverWindow = false
    /// What could not be read, in words.
    package var failures: [String] = []

    package init() {}

    /// Whether any filter's rules were read.
    package var isRead: Bool { !filters.isEmpty }
}
