import FirewallRules

/// The kubelet, which keeps packets to loopback addresses out (`pkg/kubelet/kubelet_network_linux.go`).
enum KubeletRules: RuleWriter {
    static func owns(chain: String, table: String?) -> Bool {
        switch chain {
        case "KUBE-FIREWALL", "KUBE-MARK-DROP", "KUBE-KUBELET-CANARY": true
        default: false
        }
    }

    static func attribution(of place: DropPlace, pods: PodInterfaces) -> Attribution {
        let reason: String? =
            switch place.comments.last {
            case "block incoming localnet connections": "martian loopback packets"
            case "kubernetes firewall for dropping marked packets": "marked for dropping"
            default: nil
            }
        return Attribution(writer: .kubelet, reason: reason)
    }
}
