import FirewallRules

/// Calico's Felix (`felix/rules`): in iptables chains that begin with "cali-", in nftables the tables "calico", whose
/// chains have the same names behind "filter-", "nat-", "mangle-" or "raw-". Every rule's first comment is "cali:" and a
/// digest; nftables has its text behind that, "cali:Q9w8E7r6T5y4U3i2; Drop if no profiles matched".
enum CalicoRules: RuleWriter {
    static func owns(chain: String, table: String?) -> Bool {
        chain.utf8.starts(with: "cali-".utf8) || table == "calico"
    }

    static func signs(comment: String) -> Bool {
        comment.utf8.starts(with: "cali:".utf8)
    }

    static func attribution(of place: DropPlace, pods: PodInterfaces) -> Attribution {
        let chain = CalicoChain(name(of: place.chain.name))
        var result = Attribution(writer: .calico, direction: chain.direction)
        let prefix = place.logged
        result.direction = result.direction ?? prefix?.direction
        switch chain.owner {
        case .workload, .host: result.subject = pods.subject(of: chain.suffix)
        case .policy, .profile:
            result.subject =
                place.chain.calicoSubject ?? prefix?.subject ?? CalicoName.subject(ofSuffix: chain.suffix, chain.owner)
        case .none: break
        }
        result.reason = reason(place, chain: chain, prefix: prefix)
        return result
    }

    /// The chain's name without nftables' prefix of the layer.
    private static func name(of chain: String) -> Substring {
        for layer in ["filter-", "nat-", "mangle-", "raw-"] {
            if let rest = chain.after(layer) { return rest }
        }
        return chain[...]
    }

    private static func reason(_ place: DropPlace, chain: CalicoChain, prefix: CalicoLogPrefix?) -> String? {
        if let comment = place.comments.lazy.compactMap(text(ofComment:)).first(where: {
            CalicoName(comment: $0) == nil
        }) {
            return reason(ofComment: comment)
        }
        if place.isOfInvalidState { return "invalid connection state" }
        switch prefix?.owner {
        case .tier(let tier): return "default deny of tier \(tier)"
        case .noProfile: return "no profile matched"
        case .policy(let index), .profile(let index): return denial(index: index, place: place)
        case nil: break
        }
        if chain.owner == .policy || chain.owner == .profile { return denial(index: nil, place: place) }
        switch chain.kind {
        case "cidr-block": return "address that no node uses"
        case "rpf", "rpf-skip": return "source not of this interface"
        default: return nil
        }
    }

    /// A denying rule of a policy. Since Calico 3.30 the rule that has its conditions only sets a mark, and what has the
    /// mark is dropped behind it: then the conditions are told here.
    private static func denial(index: Int?, place: DropPlace) -> String {
        let name = index.map { "deny rule \($0)" } ?? "deny rule"
        guard let position = place.position, let rule = place.rule, !rule.match.others.isEmpty else { return name }
        for before in stride(from: position - 1, through: max(position - 2, 0), by: -1) {
            let marking = place.chain.rules[before]
            guard case .other = marking.target, marking.setsMark else { continue }
            return marking.match.others.isEmpty && marking.match == RuleMatch()
                ? name : "\(name): \(marking.conditionText)"
        }
        return name
    }

    private static func reason(ofComment text: Substring) -> String {
        if let rest = text.after("End of tier "), let end = rest.firstIndex(of: ".") {
            return "default deny of tier \(rest[..<end])"
        }
        switch text {
        case "Drop if no profiles matched", "Reject if no profiles matched": return "no profile matched"
        case "Unknown interface": return "unknown interface of a workload"
        case "Endpoint admin disabled": return "endpoint disabled"
        case "Configured DefaultEndpointToHostAction": return "from a workload to its own node"
        default: break
        }
        if text.contains("encapped packets originating in workloads") { return "encapsulated packets of a workload" }
        if text.contains("packet rate limit") { return "packet rate limit" }
        if text.contains("connection limit") { return "connection limit" }
        if text.contains("packets from non-") { return "encapsulated packets of a foreign host" }
        return String(text)
    }

    /// What Felix says beside a rule, behind the digest; nil for the digest alone.
    static func text(ofComment comment: String) -> Substring? {
        guard let signed = comment.after("cali:") else { return comment.isEmpty ? nil : comment[...] }
        let bytes = signed.utf8
        guard let end = bytes.firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let text = bytes[end...].dropFirst().drop { $0 == UInt8(ascii: " ") }
        return text.isEmpty ? nil : Substring(text)
    }
}

extension DropPlace {
    /// What the rule itself, or a logging rule directly before it, writes before the packets that are dropped.
    fileprivate var logged: CalicoLogPrefix? {
        (rule?.logPrefix ?? previous?.logPrefix).flatMap { CalicoLogPrefix($0) }
    }
}

extension RuleChain {
    /// The policy or profile whose chain this is, by the comment of its first rule.
    fileprivate var calicoSubject: Attribution.Subject? {
        rules.first?.comments.lazy
            .compactMap { CalicoRules.text(ofComment: $0) }
            .compactMap { CalicoName(comment: $0)?.subject }.first
    }
}

extension Rule {
    fileprivate var setsMark: Bool { text.contains("MARK") || text.contains("mark set") }

    /// Its conditions without what it does with the packets.
    fileprivate var conditionText: Substring {
        for action in [" -j ", " -g ", " meta mark set "] {
            if let end = text.firstRange(of: action) { return text[..<end.lowerBound] }
        }
        return text[...]
    }
}
