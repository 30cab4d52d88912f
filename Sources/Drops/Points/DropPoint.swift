package import FirewallRules

/// A place in a packet filter that drops or rejects packets: a rule, a chain's policy, or an element of a set.
package struct DropPoint: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case rule
        /// What the chain does with packets that no rule decided.
        case policy
        /// An element of the named verdict map, or of the set that a dropping rule looks packets up in.
        case element(of: String)
    }

    package var filter: PacketFilter
    package var family: RuleFamily
    /// Nil where the text does not tell (`iptables -L`).
    package var table: String?
    package var chain: String
    package var kind: Kind
    /// Drop or reject.
    package var verdict: RuleVerdict
    /// The rule's conditions and target, or the element, in the words of the program that printed it.
    package var text: String
    package var attribution: Attribution

    package init(
        filter: PacketFilter,
        family: RuleFamily,
        table: String?,
        chain: String,
        kind: Kind,
        verdict: RuleVerdict,
        text: String,
        attribution: Attribution
    ) {
        self.filter = filter
        self.family = family
        self.table = table
        self.chain = chain
        self.kind = kind
        self.verdict = verdict
        self.text = text
        self.attribution = attribution
    }
}
