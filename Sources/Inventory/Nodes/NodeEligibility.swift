/// Whether a node takes a collector.
package enum NodeEligibility: Hashable, Sendable {
    case eligible
    /// Why it does not, and what would help, for people: "its operating system is windows; …".
    case skipped(String)

    /// - Parameter architectures: those that the collector is built for, as `status.nodeInfo.architecture` spells them.
    package init(_ node: NodeFacts, architectures: Set<String> = ["amd64", "arm64"]) {
        self = .eligible
    }
}
