import FirewallRules

/// OVN-Kubernetes' chains of the host; its policies are access lists of OVN and not seen here.
enum OVNKubernetesRules: RuleWriter {
    static func owns(chain: String, table: String?) -> Bool {
        chain.utf8.starts(with: "OVN-KUBE-".utf8) || table == "ovn-kubernetes"
    }

    static func attribution(of place: DropPlace, pods: PodInterfaces) -> Attribution {
        Attribution(writer: .ovnKubernetes)
    }
}
