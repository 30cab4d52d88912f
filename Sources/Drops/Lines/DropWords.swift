import FirewallRules

extension Attribution.Subject: CustomStringConvertible {
    /// "NetworkPolicy shop/deny-db", "Service shop/payments:http", "Tier default".
    package var description: String {
        let namespaced = namespace.map { "\($0)/\(name)" } ?? name
        return "\(kind) \(namespaced)" + (port.map { ":\($0)" } ?? "")
    }
}

extension DropPoint {
    /// Where it stands, "filter/KUBE-SERVICES"; the table is left out where the text does not tell it.
    package var place: String { table.map { "\($0)/\(chain)" } ?? chain }

    /// Why packets end here, in words: the writer's reason where one is known, else the rule itself.
    package var why: String {
        if let reason = attribution.reason { return reason }
        switch kind {
        case .policy: return "policy of the chain"
        case .rule: return text
        case .element(let set): return "element \(text) of \(set)"
        }
    }

    /// "DROP" or "REJECT".
    package var act: String {
        switch verdict {
        case .reject: "REJECT"
        case .drop, .accept: "DROP"
        }
    }

    /// All of it in one line, for the evidence of a connection on a node:
    /// "kube-proxy: no endpoints (filter/KUBE-SERVICES on tbn2)".
    package func description(on node: String) -> String {
        let writer = attribution.writer == .unknown ? "" : "\(attribution.writer.rawValue): "
        return "\(writer)\(why) (\(place) on \(node))"
    }

    /// The policy that asked for it, "NetworkPolicy shop/deny-db"; nil where it is none's.
    package var policy: String? {
        guard let subject = attribution.subject, subject.kind.hasSuffix("Policy") else { return nil }
        return subject.description
    }
}
