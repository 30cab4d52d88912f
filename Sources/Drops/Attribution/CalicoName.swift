/// The name of a policy or profile, as Calico writes it in comments, log prefixes and chains' names.
struct CalicoName {
    let subject: Attribution.Subject

    private init(subject: Attribution.Subject) {
        self.subject = subject
    }

    /// The comment of a policy's first rule: "Policy default/knp.default.allow-dns ingress" until 3.31,
    /// "KubernetesNetworkPolicy default/allow-dns ingress" since 3.32, "Profile kns.default egress". Nil for other
    /// comments.
    init?(comment: Substring) {
        guard let text = comment.before(" ingress") ?? comment.before(" egress") else { return nil }
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, !words[1].isEmpty else { return nil }
        let name = String(words[1])
        switch words[0] {
        case "Policy": self.init(stored: name)
        case "Profile": self.init(subject: Attribution.Subject(kind: "Profile", name: name))
        case "NetworkPolicy": self.init(kind: "NetworkPolicy.projectcalico.org", name)
        case "GlobalNetworkPolicy": self.init(kind: "GlobalNetworkPolicy", name)
        case "KubernetesNetworkPolicy": self.init(kind: "NetworkPolicy", name)
        case "KubernetesClusterNetworkPolicy": self.init(kind: "ClusterNetworkPolicy", name)
        default: return nil
        }
    }

    /// What stands behind the bar of a log prefix: the stored name until 3.31, "gnp/deny-db", "knp/default/allow-dns"
    /// since 3.32.
    init(identifier: String) {
        if let short = CalicoName(short: identifier) { self = short } else { self.init(stored: identifier) }
    }

    /// Since 3.32 (`felix/types/policy_id.go`); nil for other forms. Kinds with a leading "s" are staged.
    private init?(short identifier: String) {
        let parts = identifier.split(separator: "/", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let name = String(parts[1])
        let isNamespaced = name.utf8.contains(UInt8(ascii: "/"))
        switch (parts[0], isNamespaced) {
        case ("np", true), ("snp", true): self.init(kind: "NetworkPolicy.projectcalico.org", name)
        case ("knp", true), ("sknp", true): self.init(kind: "NetworkPolicy", name)
        case ("gnp", false), ("sgnp", false): self.init(kind: "GlobalNetworkPolicy", name)
        case ("kcnp", false): self.init(kind: "ClusterNetworkPolicy", name)
        case ("pro", false): self.init(kind: "Profile", name)
        default: return nil
        }
    }

    /// A policy's name as it was stored until 3.31: "NAMESPACE/knp.default.NAME" is Kubernetes' own.
    private init(stored name: String) {
        let slash = name.firstIndex(of: "/")
        let namespace = slash.map { String(name[..<$0]) }
        let rest = slash.map { name[name.index(after: $0)...] } ?? name[...]
        let known = [
            ("knp.default.", "NetworkPolicy"), ("kanp.adminnetworkpolicy.", "AdminNetworkPolicy"),
            ("kbanp.baselineadminnetworkpolicy.", "BaselineAdminNetworkPolicy"),
        ]
        for (prefix, kind) in known {
            guard let own = rest.after(prefix), !own.isEmpty else { continue }
            self.init(subject: Attribution.Subject(kind: kind, namespace: namespace, name: String(own)))
            return
        }
        self.init(
            subject: Attribution.Subject(
                kind: namespace == nil ? "GlobalNetworkPolicy" : "NetworkPolicy.projectcalico.org",
                namespace: namespace, name: String(rest)))
    }

    /// "NAMESPACE/NAME", or "NAME" alone.
    private init(kind: String, _ name: String) {
        let slash = name.firstIndex(of: "/")
        self.init(
            subject: Attribution.Subject(
                kind: kind, namespace: slash.map { String(name[..<$0]) },
                name: slash.map { String(name[name.index(after: $0)...]) } ?? name))
    }

    /// What a chain's name alone tells; nil where it holds a digest, or could be read in more than one way.
    static func subject(ofSuffix suffix: Substring, _ owner: CalicoChain.Owner) -> Attribution.Subject? {
        if owner == .profile { return suffix.first == "_" ? nil : .init(kind: "Profile", name: String(suffix)) }
        if let short = CalicoName(short: String(suffix)) { return short.subject }
        // Until 3.28 the stored name; then with its tier before it, which only the number of parts tells.
        let parts = suffix.split(separator: "/")
        let stored = parts.count == 3 ? parts[1...].joined(separator: "/") : String(suffix)
        guard parts.count >= 2, stored.contains("/knp.default.") else { return nil }
        return CalicoName(stored: stored).subject
    }
}
