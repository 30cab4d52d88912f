import NetModel

/// What of a packet an expression looks at, as far as a connection's tuple has it.
enum NFTField: Hashable, Sendable {
    case source, destination, sourcePort, destinationPort, transport, states, inInterface, outInterface, family
    /// Something that no tuple has.
    case other
}

/// An expression on the left of a comparison, or the key of a map.
struct NFTKey: Hashable, Sendable {
    /// One for each part of a concatenation.
    var fields: [NFTField]
    /// The protocol that a packet has to have for the expression to be looked at: TCP for `tcp dport`.
    var transport: TransportProtocol?
    /// Likewise the family, for `ip saddr`.
    var family: RuleFamily?
    /// For each part whether nft prints its values in quotes, from the lowest bit on: names of interfaces.
    var quotes: UInt64 = 0

    init(_ nodes: NFTNodes, _ index: Int) {
        fields = []
        guard let only = nodes.only(index), nodes.nodes[only].key == .concat, nodes.nodes[only].kind == .array else {
            add(nodes, index)
            return
        }
        var child = only + 1
        while child < nodes.nodes[only].end {
            add(nodes, child)
            child = nodes.nodes[child].end
        }
    }

    private mutating func add(_ nodes: NFTNodes, _ index: Int) {
        let field = field(nodes, index)
        if field == .inInterface || field == .outInterface, fields.count < 64 { quotes |= 1 << UInt64(fields.count) }
        fields.append(field)
    }

    private mutating func field(_ nodes: NFTNodes, _ index: Int) -> NFTField {
        guard let only = nodes.only(index) else { return .other }
        switch nodes.nodes[only].key {
        case .payload: return payload(nodes, only)
        case .meta:
            // Before 0.9.1 the key stood alone.
            switch nodes.nodes[only].word ?? nodes.word(only, .key) {
            case .l4proto: return .transport
            case .nfproto: return .family
            case .iif, .iifname: return .inInterface
            case .oif, .oifname: return .outInterface
            default: return .other
            }
        case .ct:
            guard nodes.child(only, .direction) == nil else { return .other }
            switch nodes.nodes[only].word ?? nodes.word(only, .key) {
            case .state, .status: return .states
            default: return .other
            }
        case .and, .or, .exclusiveOr, .shiftLeft, .shiftRight:
            // Of bits no tuple tells, but their header is of a protocol: `tcp flags & (syn | ack)`.
            if let first = nodes.first(only) { _ = field(nodes, first) }
            return .other
        default: return .other
        }
    }

    private mutating func payload(_ nodes: NFTNodes, _ index: Int) -> NFTField {
        let header = nodes.word(index, .protocols)
        let field = nodes.word(index, .field)
        switch header {
        case .ip, .ip6:
            family = header == .ip ? .ipv4 : .ipv6
            switch field {
            case .saddr: return .source
            case .daddr: return .destination
            case .protocols where header == .ip, .nexthdr where header == .ip6: return .transport
            default: return .other
            }
        case .tcp: transport = .tcp
        case .udp: transport = .udp
        case .sctp: transport = .sctp
        case .dccp: transport = .dccp
        case .udplite: transport = .udpLite
        case .icmp: transport = .icmp
        case .icmpv6: transport = .icmpv6
        case .th: break
        default: return .other
        }
        switch field {
        case .sport: return .sourcePort
        case .dport: return .destinationPort
        default: return .other
        }
    }
}
