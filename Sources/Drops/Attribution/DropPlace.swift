import FirewallRules

/// Where a rule, a policy or an element stands, as far as that tells who wrote it and why.
struct DropPlace {
    /// Nil where the text does not tell.
    var table: String?
    var chain: RuleChain
    /// The rule's position in its chain; nil for the chain's policy.
    var position: Int?
    /// The map that the rule looks packets up in, and the element of it that drops.
    var map: String?
    var element: RuleSet.Element?
    var verdict: RuleVerdict

    var rule: Rule? { position.map { chain.rules[$0] } }

    /// The rule directly before in the chain.
    var previous: Rule? {
        guard let position, position > 0 else { return nil }
        return chain.rules[position - 1]
    }

    /// What is written beside the element, else beside the rule.
    var comments: [String] {
        if let element { return element.comment.map { [$0] } ?? [] }
        // Of the rule only this is copied: there is a lot of it.
        return position.map { chain.rules[$0].comments } ?? []
    }

    /// Whether the rule applies to packets of no connection, and to no others.
    var isOfInvalidState: Bool {
        guard let position else { return false }
        return chain.rules[position].match.states == .invalid && !chain.rules[position].match.statesAreNegated
    }
}
