import NetModel

extension RuleSet.Element {
    /// Reads an element of a set, or of a map, where it is a list of a key and what the map says of it.
    ///
    /// - Parameters:
    ///   - isVerdictMap: whether what a map says is what becomes of a packet.
    ///   - quotes: which parts of the key nft prints in quotes, from the lowest bit on.
    init(_ nodes: NFTNodes, _ index: Int, isVerdictMap: Bool, quotes: UInt64, _ text: inout NFTText) {
        var key = index
        var data: Int?
        if nodes.nodes[index].kind == .array, let first = nodes.first(index) {
            key = first
            let second = nodes.nodes[first].end
            if second < nodes.nodes[index].end { data = second }
        }
        self.init(text: "")
        if let only = nodes.only(key), nodes.nodes[only].key == .elem, let inner = nodes.child(only, .val) {
            comment = nodes.string(only, .comment)
            if let counter = nodes.child(only, .counter), let packets = nodes.count(counter, .packets),
                let bytes = nodes.count(counter, .bytes)
            {
                counters = Counters(packets: packets, bytes: bytes)
            }
            key = inner
        }
        text.removeAll()
        text.value(nodes, key, quotes: quotes)
        if let data {
            if isVerdictMap {
                target = RuleTarget(nodes, data)
            } else {
                text.write(" : ")
                text.value(nodes, data, quotes: 0)
            }
        }
        self.text = text.string
    }

    /// Fills `match` with what the parts of the element's text say where they are looked up with these fields.
    mutating func resolve(_ key: NFTKey, family: RuleFamily) {
        match = RuleMatch()
        let bytes = Array(text.utf8)
        let span = bytes.span
        var rest = 0..<bytes.count
        var parts: [Range<Int>] = []
        while let end = Self.separator(span, rest) {
            parts.append(rest.lowerBound..<end)
            rest = end + 3..<rest.upperBound
        }
        parts.append(rest)
        guard parts.count == key.fields.count else {
            match.others = [text]
            return
        }
        for (field, part) in zip(key.fields, parts) where !take(field, span, part) {
            match.others.append(span.string(part))
        }
    }

    private static func separator(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var rest = range
        while rest.count >= 3 {
            if text.begins(with: " . ", in: rest) { return rest.lowerBound }
            rest = rest.dropFirst()
        }
        return nil
    }

    private mutating func take(_ field: NFTField, _ text: Span<UInt8>, _ part: Range<Int>) -> Bool {
        switch field {
        case .source, .destination:
            guard let prefixes = text.prefix(part).map({ [$0] }) ?? text.addressRange(part) else { return false }
            return field == .source ? match.setSource(.init(prefixes)) : match.setDestination(.init(prefixes))
        case .sourcePort, .destinationPort:
            guard let ports = text.ports(part, separator: UInt8(ascii: "-")) else { return false }
            return field == .sourcePort
                ? match.setSourcePorts(.init([ports])) : match.setDestinationPorts(.init([ports]))
        case .transport:
            guard let transport = text.transport(part) else { return false }
            return match.setTransport(.init([transport]))
        case .states:
            guard let states = text.states(part) else { return false }
            return match.setStates(states, areNegated: false)
        case .inInterface, .outInterface:
            let isQuoted = part.count >= 2 && text[part.lowerBound] == UInt8(ascii: "\"")
            let name = text.string(isQuoted ? part.dropFirst().dropLast() : part)
            return field == .inInterface ? match.setInInterface(name) : match.setOutInterface(name)
        case .family, .other: return false
        }
    }
}

extension RuleTarget {
    /// What a verdict map says of an element: `{"goto": {"target": "reject-chain"}}`; nil for what is no verdict.
    init?(_ nodes: NFTNodes, _ index: Int) {
        guard let only = nodes.only(index) else { return nil }
        switch nodes.nodes[only].key {
        case .accept: self = .verdict(.accept)
        case .drop: self = .verdict(.drop)
        case .returns: self = .returns
        case .continues: self = .other("continue")
        case .jump: self = .jump(nodes.string(only, .target) ?? "")
        case .goto: self = .goTo(nodes.string(only, .target) ?? "")
        default: return nil
        }
    }
}
