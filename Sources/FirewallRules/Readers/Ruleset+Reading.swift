extension Ruleset {
    /// Reads a whole text of rules. What cannot be read is left out and told in `problems`; nothing throws.
    ///
    /// - Parameters:
    ///   - text: the whole of what the program printed.
    ///   - filter: which filter's rules these are; nil for what the text says itself, else `.iptables`.
    ///   - family: of which family a text of iptables is; what its header says is taken first. Nil for what the addresses
    ///     tell, else IPv4. Tables of nft have families of their own.
    package init(
        reading text: Span<UInt8>,
        form: RulesForm,
        filter: PacketFilter? = nil,
        family: RuleFamily? = nil
    ) {
        let header = RulesHeader(text)
        let filter =
            filter ?? (header?.form == form ? header?.filter : nil) ?? (form == .nftJSON ? .nftables : .iptables)
        switch form {
        case .iptablesSave:
            var reader = SaveReader(family: header?.family ?? family ?? .ipv4)
            reader.read(text)
            self.init(filter: filter, tables: reader.tables, problems: reader.problems.all)
        case .iptablesList:
            var reader = ListReader(family: family)
            reader.read(text)
            self.init(filter: filter, tables: reader.tables, problems: reader.problems.all)
        case .nftJSON:
            var reader = NFTReader()
            reader.read(text)
            self.init(filter: filter, tables: reader.tables, problems: reader.problems.all)
        }
    }

    /// Whether nothing of a text could be read, other than a text without rules.
    package var isUnreadable: Bool { tables.isEmpty && !problems.isEmpty }
}
