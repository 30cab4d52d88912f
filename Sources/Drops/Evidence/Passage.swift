import FirewallRules

/// How the first packets of an attempt come past a node.
package struct Passage: Hashable, Sendable {
    /// What the node does with them, which decides over the hooks that they come to.
    package enum Role: Sendable {
        /// The attempt is not in its table, and the server is the node itself, or a pod on its network.
        case delivers
        /// The attempt is not in its table, and the server is a pod of its own network on the node.
        case forwards
        /// The attempt is in its table. The kernel enters a connection behind the last hook that its first packet comes
        /// to (`nf_conntrack_confirm`), and notes an answer as soon as it looks it up, so that only answers can have been
        /// dropped, before that.
        case tracks
        /// The attempt is in its table, and both ends are the node itself: a packet is entered when it leaves, and comes in
        /// again by the loopback interface.
        case loopsBack
    }

    /// The node's position among those that the evidence was made of.
    package var node: Int
    package var role: Role

    package init(node: Int, role: Role) {
        self.node = node
        self.role = role
    }

    /// Connections are looked up at this priority (NF_IP_PRI_CONNTRACK, linux/netfilter_ipv4.h).
    private static let tracking = -200

    /// Whether packets of a direction come to a hook, as far as it is known.
    func comes(to hook: ChainHook, _ direction: DropEvidence.Direction) -> Bool {
        switch (role, direction) {
        case (.delivers, .original): [.ingress, .prerouting, .input].contains(hook.place)
        case (.forwards, .original):
            [.ingress, .prerouting, .forward, .postrouting, .egress].contains(hook.place)
        case (.loopsBack, .original): [.prerouting, .input].contains(hook.place)
        case (.tracks, .reply):
            hook.place == .ingress || hook.place == .prerouting && hook.priority < Self.tracking
        case (.tracks, .original), (.delivers, .reply), (.forwards, .reply), (.loopsBack, .reply): false
        }
    }
}
