package import FirewallRules

/// A place in a packet filter that drops or rejects packets: a rule, a chain's policy, or an element of a set.
///
/// It never changes and is passed on often: a reference to its dozen texts is copied at once, the texts one by one.
package final class DropPoint: Sendable {
    package enum Kind: Hashable, Sendable {
        case rule
        /// What the chain does with packets that no rule decided.
        case policy
        /// An element of the named verdict map, or of the set that a dropping rule looks packets up in.
        case element(of: String)
    }

    package let filter: PacketFilter
    package let family: RuleFamily
    /// Nil where the text does not tell (`iptables -L`).
    package let table: String?
    package let chain: String
    package let kind: Kind
    /// Drop or reject.
    package let verdict: RuleVerdict
    /// The rule's conditions and target, or the element, in the words of the program that printed it.
    package let text: String
    package let attribution: Attribution

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

extension DropPoint: Hashable {
    package static func == (left: DropPoint, right: DropPoint) -> Bool {
        left === right || left.isSamePlace(as: right) && left.attribution == right.attribution
    }

    /// Whether all but the attribution is the same.
    func isSamePlace(as other: DropPoint) -> Bool {
        text == other.text && chain == other.chain && kind == other.kind && table == other.table
            && family == other.family && filter == other.filter && verdict == other.verdict
    }

    /// Of what differs most.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(chain)
        hasher.combine(text)
    }
}
