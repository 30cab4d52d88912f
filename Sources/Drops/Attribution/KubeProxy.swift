import FirewallRules

/// kube-proxy in its modes iptables (`pkg/proxy/iptables`), ipvs (`pkg/proxy/ipvs`) and nftables (`pkg/proxy/nftables`).
enum KubeProxyRules: RuleWriter {
    static func owns(chain: String, table: String?) -> Bool {
        table == "kube-proxy" || chain.utf8.starts(with: "KUBE-".utf8)
    }

    static func attribution(of place: DropPlace, pods: PodInterfaces) -> Attribution {
        for comment in place.comments {
            if let attribution = attribution(ofComment: comment, place: place) { return attribution }
        }
        if place.table == "kube-proxy", let chain = attribution(ofChain: place.chain.name) { return chain }
        return Attribution(writer: .kubeProxy, reason: reason(ofChain: place.chain.name))
    }

    private static func attribution(ofComment comment: String, place: DropPlace) -> Attribution? {
        let endings = [("no endpoints", " has no endpoints"), ("no local endpoints", " has no local endpoints")]
        for (reason, ending) in endings {
            if let service = comment.before(ending).flatMap({ Attribution.Subject(servicePort: $0) }) {
                return Attribution(writer: .kubeProxy, subject: service, reason: reason)
            }
        }
        switch comment {
        case "Reject traffic to invalid ports of ClusterIPs":
            return Attribution(writer: .kubeProxy, reason: "no such port of the Service")
        case "Drop traffic to unallocated ClusterIPs":
            return Attribution(writer: .kubeProxy, reason: "no Service has the address")
        default: break
        }
        let words = comment.split(separator: " ", maxSplits: 1)
        guard let first = words.first, let service = Attribution.Subject(servicePort: first) else { return nil }
        if words.count == 2, words[1].utf8.starts(with: "traffic not accepted by ".utf8) {
            return Attribution(writer: .kubeProxy, subject: service, reason: "outside loadBalancerSourceRanges")
        }
        guard let map = place.map else { return Attribution(writer: .kubeProxy, subject: service) }
        return Attribution(writer: .kubeProxy, subject: service, reason: reason(ofMap: map, place: place))
    }

    /// Elements say with their verdict whether a Service has endpoints elsewhere: they reject what has none anywhere.
    private static func reason(ofMap map: String, place: DropPlace) -> String? {
        switch map {
        case "no-endpoint-services", "no-endpoint-nodeports":
            place.verdict == .drop ? "no local endpoints" : "no endpoints"
        default: nil
        }
    }

    private static func reason(ofChain chain: String) -> String? {
        switch chain {
        case "KUBE-PROXY-FIREWALL", "KUBE-SOURCE-RANGES-FIREWALL": "outside loadBalancerSourceRanges"
        case "KUBE-IPVS-FILTER": "no such port of the Service"
        default: nil
        }
    }

    /// "service-ULMVA6XW-ns1/svc1/tcp/p80", "endpoint-…-ns1/svc1/tcp/p80__10.180.0.1/80": what it is, eight characters
    /// of a digest, and the Service's port.
    private static func attribution(ofChain chain: String) -> Attribution? {
        for (kind, reason) in [
            ("firewall-", "outside loadBalancerSourceRanges"), ("service-", nil), ("external-", nil),
            ("endpoint-", nil),
        ] {
            guard let rest = chain.after(kind), rest.utf8.count > 9 else { continue }
            let service = rest[rest.utf8.index(rest.startIndex, offsetBy: 9)...]
            let parts = service.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count >= 3, Attribution.Subject.isName(parts[0]), Attribution.Subject.isName(parts[1]) else {
                continue
            }
            let port = parts.count > 3 ? parts[3].prefix { $0 != "_" } : ""
            return Attribution(
                writer: .kubeProxy,
                subject: Attribution.Subject(
                    kind: "Service", namespace: String(parts[0]), name: String(parts[1]),
                    port: port.isEmpty ? nil : String(port)),
                reason: reason)
        }
        return nil
    }
}
