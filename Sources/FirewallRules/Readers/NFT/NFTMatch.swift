import NetModel

/// Turns comparisons into conditions on a tuple.
struct NFTMatch {
    var match = RuleMatch()
    /// Of the rule's table: in one of IPv4 a condition on IPv4 addresses needs no condition on the family.
    let family: RuleFamily

    /// Takes a comparison; false where the match cannot hold it, which then has to stand as written.
    ///
    /// - Parameter key: what stands on its left.
    mutating func take(_ key: NFTKey, _ op: NFTWord?, _ nodes: NFTNodes, _ right: Int) -> Bool {
        let before = match
        let isNegated = op == .notEqual || op == .not
        guard key.fields.count == 1, let field = key.fields.first, op != nil,
            takeValue(field, op, isNegated, nodes, right), require(key, field, isNegated)
        else {
            match = before
            return false
        }
        return true
    }

    /// Takes what has to hold for the key to be looked at; false where the match cannot hold it.
    mutating func require(_ key: NFTKey, _ field: NFTField, _ isNegated: Bool) -> Bool {
        if let transport = key.transport, !match.setTransport(.init([transport])) { return false }
        guard let wanted = key.family, family != wanted else { return true }
        // A source of the family, which has to hold, tells it.
        if field == .source || field == .destination, !isNegated { return true }
        return requireFamily(wanted)
    }

    /// Only packets of a family: those with an address of it, whichever.
    private mutating func requireFamily(_ wanted: RuleFamily) -> Bool {
        let any = IPPrefix(wanted == .ipv4 ? IPAddress(ipv4: 0) : IPAddress(high: 0, low: 0), length: 0)
        for told in [match.source, match.destination] {
            if let told, !told.isNegated, told.values.allSatisfy({ $0.network.isIPv4 == (wanted == .ipv4) }) {
                return true
            }
        }
        return match.setDestination(.init([any])) || match.setSource(.init([any]))
    }

    private mutating func takeValue(
        _ field: NFTField,
        _ op: NFTWord?,
        _ isNegated: Bool,
        _ nodes: NFTNodes,
        _ right: Int
    ) -> Bool {
        let isComparison = op == .equal || op == .within || isNegated
        switch field {
        case .source, .destination:
            guard isComparison, let prefixes = values(nodes, right, Self.prefixes) else { return false }
            let either = RuleMatch.Either(prefixes, isNegated: isNegated)
            return field == .source ? match.setSource(either) : match.setDestination(either)
        case .sourcePort, .destinationPort:
            guard let ports = isComparison ? values(nodes, right, Self.ports) : Self.ports(nodes, right, op) else {
                return false
            }
            let either = RuleMatch.Either(ports, isNegated: isNegated)
            return field == .sourcePort ? match.setSourcePorts(either) : match.setDestinationPorts(either)
        case .transport:
            guard isComparison, let transports = values(nodes, right, Self.transports) else { return false }
            return match.setTransport(.init(transports, isNegated: isNegated))
        case .states:
            guard isComparison, let states = values(nodes, right, Self.states) else { return false }
            return match.setStates(states.reduce(into: []) { $0.insert($1) }, areNegated: isNegated)
        case .inInterface, .outInterface:
            guard isComparison, let name = nodes.string(right), !nodes.isSetName(right) else { return false }
            let text = (isNegated ? "!" : "") + name
            return field == .inInterface ? match.setInInterface(text) : match.setOutInterface(text)
        case .family:
            guard isComparison, !isNegated, let name = nodes.string(right) else { return false }
            return name == "ipv4" ? requireFamily(.ipv4) : name == "ipv6" && requireFamily(.ipv6)
        case .other: return false
        }
    }

    // MARK: Values

    /// The values on the right: one, a list, or those of a set without a name; nil where one of them is something else.
    private func values<Value>(
        _ nodes: NFTNodes,
        _ right: Int,
        _ read: (NFTNodes, Int) -> [Value]?
    ) -> [Value]? {
        var list = right
        if let set = nodes.child(right, .set) { list = set }
        guard nodes.nodes[list].kind == .array else { return read(nodes, right) }
        var values: [Value] = []
        var child = list + 1
        while child < nodes.nodes[list].end {
            guard let some = read(nodes, child) else { return nil }
            values += some
            child = nodes.nodes[child].end
        }
        return values.isEmpty ? nil : values
    }

    private static func prefixes(_ nodes: NFTNodes, _ index: Int) -> [IPPrefix]? {
        let text = nodes.bytes.span
        if nodes.nodes[index].kind == .string { return text.prefix(nodes.nodes[index].range).map { [$0] } }
        if let prefix = nodes.child(index, .prefix) {
            guard let address = nodes.child(prefix, .addr), let length = nodes.number(prefix, .len),
                let network = text.prefix(nodes.nodes[address].range),
                0...Int64(network.network.bitWidth) ~= length
            else { return nil }
            return [IPPrefix(network.network, length: Int(length))]
        }
        guard let (first, last) = range(nodes, index), let low = text.prefix(nodes.nodes[first].range),
            let high = text.prefix(nodes.nodes[last].range)
        else { return nil }
        return IPPrefix.prefixes(from: low.network, to: high.network)
    }

    private static func ports(_ nodes: NFTNodes, _ index: Int) -> [ClosedRange<UInt16>]? {
        if let port = port(nodes, index) { return [port...port] }
        guard let (first, last) = range(nodes, index), let low = port(nodes, first), let high = port(nodes, last),
            low <= high
        else { return nil }
        return [low...high]
    }

    /// Ports by their order: `tcp dport > 1024`.
    private static func ports(_ nodes: NFTNodes, _ index: Int, _ op: NFTWord?) -> [ClosedRange<UInt16>]? {
        guard let port = port(nodes, index) else { return nil }
        switch op {
        case .below: return port > 0 ? [0...port - 1] : nil
        case .atMost: return [0...port]
        case .above: return port < .max ? [port + 1 ... .max] : nil
        case .atLeast: return [port ... .max]
        default: return nil
        }
    }

    private static func transports(_ nodes: NFTNodes, _ index: Int) -> [TransportProtocol]? {
        let node = nodes.nodes[index]
        if node.kind == .number { return UInt8(exactly: node.number).map { [TransportProtocol(rawValue: $0)] } }
        return node.kind == .string ? nodes.bytes.span.transport(node.range).map { [$0] } : nil
    }

    private static func states(_ nodes: NFTNodes, _ index: Int) -> [RuleMatch.States]? {
        let node = nodes.nodes[index]
        return node.kind == .string ? nodes.bytes.span.states(node.range).map { [$0] } : nil
    }

    private static func port(_ nodes: NFTNodes, _ index: Int) -> UInt16? {
        let node = nodes.nodes[index]
        return node.kind == .number ? UInt16(exactly: node.number) : nil
    }

    private static func range(_ nodes: NFTNodes, _ index: Int) -> (Int, Int)? {
        guard let range = nodes.child(index, .range) else { return nil }
        let ends = nodes.children(range)
        return ends.count == 2 ? (ends[0], ends[1]) : nil
    }
}
