package import NetModel

/// One rule of a chain.
package struct Rule: Sendable {
    /// Its place in the chain, from 1, as `iptables -L --line-numbers` counts.
    package var number: Int
    /// nft's handle, which stays the rule's as long as it exists; nil in iptables.
    package var handle: UInt64?
    /// The packets that it was applied to; nil for a rule of nftables without a `counter`, and for text without counters.
    package var counters: Counters?
    package var match: RuleMatch
    package var target: RuleTarget
    /// Every comment, in order.
    package var comments: [String]
    /// What the rule writes before a packet it logs (`--nflog-prefix`, `--log-prefix`, `log prefix`).
    package var logPrefix: String?
    /// Its conditions and what it does, without counters and comments, on one line: in iptables as `iptables-save` prints
    /// them, in nftables as nft does. What the text held of control characters is escaped.
    package var text: String

    package init(
        number: Int,
        handle: UInt64? = nil,
        counters: Counters? = nil,
        match: RuleMatch = RuleMatch(),
        target: RuleTarget,
        comments: [String] = [],
        logPrefix: String? = nil,
        text: String = ""
    ) {
        self.number = number
        self.handle = handle
        self.counters = counters
        self.match = match
        self.target = target
        self.comments = comments
        self.logPrefix = logPrefix
        self.text = text
    }
}

/// What becomes of a packet.
package enum RuleVerdict: Hashable, Sendable {
    case accept
    case drop
    /// With what the sender is told, as the program names it: "icmp-port-unreachable", "tcp-reset"; nil where the text
    /// does not say.
    case reject(with: String?)

    /// Whether the packet goes no further.
    package var stops: Bool { self != .accept }
}

/// What a rule does with the packets that it applies to.
package enum RuleTarget: Hashable, Sendable {
    case verdict(RuleVerdict)
    case jump(String)
    /// As `jump`, but the packet does not come back to this chain.
    case goTo(String)
    case returns
    /// What the map says of the packet, of which elements may drop or reject; the map stands in the table's `sets` under
    /// this name, an unnamed one under the name that the reader gives it.
    case verdictMap(String)
    /// Something that leaves the packet's way as it is, or changes the packet: "MARK", "DNAT", "LOG"; "" for nothing.
    case other(String)
}
