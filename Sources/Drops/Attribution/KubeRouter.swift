import FirewallRules

/// The network policies of kube-router, which k3s has, too (`pkg/controllers/netpol`).
enum KubeRouterRules: RuleWriter {
    static func owns(chain: String, table: String?) -> Bool {
        ["KUBE-ROUTER-", "KUBE-POD-FW-", "KUBE-NWPLCY-"].contains { chain.utf8.starts(with: $0.utf8) }
            || table?.utf8.starts(with: "kube-router".utf8) ?? false
    }

    static func attribution(of place: DropPlace, pods: PodInterfaces) -> Attribution {
        let isOfPod = place.chain.name.utf8.starts(with: "KUBE-POD-FW-".utf8)
        let kind = place.chain.name.utf8.starts(with: "KUBE-NWPLCY-".utf8) ? "NetworkPolicy" : "Pod"
        var subject = place.comments.lazy.compactMap { Self.subject(of: $0, kind: kind) }.first
        if subject == nil, isOfPod {
            // The rule for invalid states names no pod, but its neighbours do.
            subject =
                place.chain.rules.lazy.flatMap(\.comments).compactMap { Self.subject(of: $0, kind: nil) }.first
        }
        return Attribution(writer: .kubeRouter, subject: subject, reason: reason(place, isOfPod: isOfPod))
    }

    private static func reason(_ place: DropPlace, isOfPod: Bool) -> String? {
        for comment in place.comments {
            if comment.utf8.starts(with: "reject unprogrammed local pod".utf8) { return "pod without rules yet" }
            if comment.utf8.starts(with: "reject pre-netpol".utf8) { return "policies not written yet" }
        }
        if place.isOfInvalidState { return "invalid connection state" }
        return isOfPod ? "no network policy allows it" : nil
    }

    /// Whom a comment names: "rule to REJECT traffic destined for POD name:web-1 namespace: shop", and since 2.11
    /// "shop/web-1 reject". Such a comment can be of a pod or of a policy.
    ///
    /// - Parameter kind: what the second form names; nil to read only what surely names a pod.
    private static func subject(of comment: String, kind: String?) -> Attribution.Subject? {
        let words = comment.split(separator: " ")
        if let name = words.firstIndex(where: { $0.utf8.starts(with: "name:".utf8) }),
            name + 2 < words.count, words[name + 1] == "namespace:", let pod = words[name].after("name:")
        {
            return Attribution.Subject(kind: "Pod", namespace: String(words[name + 2]), name: String(pod))
        }
        guard words.count >= 2, let first = words.first else { return nil }
        let names = first.split(separator: "/", omittingEmptySubsequences: false)
        guard names.count == 2, names.allSatisfy(Attribution.Subject.isName) else { return nil }
        if let kind { return Attribution.Subject(kind: kind, namespace: String(names[0]), name: String(names[1])) }
        guard words[1] == "reject" || words[1] == "log-drop" else { return nil }
        return Attribution.Subject(kind: "Pod", namespace: String(names[0]), name: String(names[1]))
    }
}
