/// Who wrote a rule, and for what, as far as chain names and comments tell.
package struct Attribution: Hashable, Sendable {
    /// The program that maintains the rule.
    package enum Writer: String, CaseIterable, Sendable {
        case kubeProxy = "kube-proxy"
        case kubelet
        case calico
        case kubeRouter = "kube-router"
        case antrea
        case cilium
        case ovnKubernetes = "ovn-kubernetes"
        case awsVPC = "aws-vpc-cni"
        case docker
        case firewalld
        case ufw
        case unknown
    }

    /// The object of the cluster that a rule was written for.
    package struct Subject: Hashable, Sendable {
        /// As the cluster, or the writer, calls it: "NetworkPolicy", "GlobalNetworkPolicy", "Service", "Pod", "Profile".
        /// Calico's own namespaced policies are "NetworkPolicy.projectcalico.org", as kubectl tells them from the cluster's.
        /// "Interface" where only the name of a workload's or host's interface is known; firewalld's "Zone".
        package var kind: String
        package var namespace: String?
        package var name: String
        /// A Service's port, by name or number.
        package var port: String?

        package init(kind: String, namespace: String? = nil, name: String, port: String? = nil) {
            self.kind = kind
            self.namespace = namespace
            self.name = name
            self.port = port
        }
    }

    /// Which of a workload's two directions a policy's rule is about.
    package enum Direction: String, Sendable { case ingress, egress }

    package var writer: Writer
    package var subject: Subject?
    package var direction: Direction?
    /// Why packets end here, in a few words: "no endpoints", "default deny of tier default", "invalid connection state".
    /// Nil where only the rule itself tells.
    package var reason: String?

    package init(
        writer: Writer,
        subject: Subject? = nil,
        direction: Direction? = nil,
        reason: String? = nil
    ) {
        self.writer = writer
        self.subject = subject
        self.direction = direction
        self.reason = reason
    }
}
