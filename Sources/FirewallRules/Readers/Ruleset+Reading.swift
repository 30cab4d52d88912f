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
        switch form {
        case .iptablesSave:
            let header = RulesHeader(text).flatMap { $0.form == form ? $0 : nil }
            var reader = SaveReader(family: header?.family ?? family ?? .ipv4)
            reader.read(text)
            self.init(
                filter: filter ?? header?.filter ?? .iptables, tables: reader.tables, problems: reader.problems.all)
        case .iptablesList:
            var reader = ListReader(family: family)
            reader.read(text)
            self.init(filter: filter ?? .iptables, tables: reader.tables, problems: reader.problems.all)
        case .nftJSON:
            var bytes: [UInt8] = []
            bytes.reserveCapacity(text.count)
            for index in 0..<text.count { bytes.append(text[index]) }
            self.init(nft: bytes, filter: filter)
        }
    }

    /// The same for a text in an array, of which no copy is made.
    package init(
        reading text: [UInt8],
        form: RulesForm,
        filter: PacketFilter? = nil,
        family: RuleFamily? = nil
    ) {
        if form == .nftJSON {
            self.init(nft: text, filter: filter)
        } else {
            self.init(reading: text.span, form: form, filter: filter, family: family)
        }
    }

    private init(nft text: [UInt8], filter: PacketFilter?) {
        var reader = NFTReader()
        reader.read(text)
        self.init(filter: filter ?? .nftables, tables: reader.tables, problems: reader.problems.all)
    }

    /// Whether nothing of a text could be read, other than a text without rules.
    package var isUnreadable: Bool { tables.isEmpty && !problems.isEmpty }
}
