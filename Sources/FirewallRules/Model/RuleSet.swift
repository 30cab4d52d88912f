package import NetModel

/// A named set or map of nftables.
package struct RuleSet: Sendable {
    /// One element, "10.96.0.1 . tcp . 443" as nft prints it.
    package struct Element: Sendable {
        package var text: String
        /// Nil without a `counter` of its own.
        package var counters: Counters?
        package var comment: String?
        /// In a verdict map what becomes of the packets; nil in other sets.
        package var target: RuleTarget?
        /// The packets that the element stands for, where the set is looked up as the first rule that uses it does:
        /// whether an address is the source or the destination is told by that rule, not by the set.
        package var match: RuleMatch

        package init(
            text: String,
            counters: Counters? = nil,
            comment: String? = nil,
            target: RuleTarget? = nil,
            match: RuleMatch = RuleMatch()
        ) {
            self.text = text
            self.counters = counters
            self.comment = comment
            self.target = target
            self.match = match
        }
    }

    package var name: String
    package var elements: [Element]

    package init(name: String, elements: [Element] = []) {
        self.name = name
        self.elements = elements
    }
}
