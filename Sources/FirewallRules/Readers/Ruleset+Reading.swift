extension Ruleset {
    /// Reads a whole text of rules. What cannot be read is left out and told in `problems`; nothing throws.
    ///
    /// - Parameters:
    ///   - text: the whole of what the program printed.
    ///   - filter: which filter's rules these are; nil for what the text says itself, else `.iptables`.
    ///   - family: of which family a text of iptables is; what its header says is taken first. Nil for IPv4 where the
    ///     text does not tell. Tables of nft have families of their own.
    package init(
        reading text: Span<UInt8>,
        form: RulesForm,
        filter: PacketFilter? = nil,
        family: RuleFamily? = nil
    ) {
        self.init(filter: filter ?? .iptables)
    }

    /// Whether nothing of a text could be read, other than a text without rules.
    package var isUnreadable: Bool { tables.isEmpty && !problems.isEmpty }
}
