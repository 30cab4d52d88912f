/// Whether a node takes a collector.
package enum NodeEligibility: Hashable, Sendable {
    case eligible
    /// Why it does not, and what helps, to follow the node's name: "runs windows; …".
    case skipped(String)

    /// Taints of nodes whose kubelet does not answer, besides the condition (well_known_taints.go of k8s.io/api/core/v1).
    private static let unreachableTaints: Set<String> = [
        "node.kubernetes.io/unreachable", "node.kubernetes.io/not-ready", "node.kubernetes.io/out-of-service",
    ]
    private static let computeType = "eks.amazonaws.com/compute-type"

    /// A cordoned node is eligible: a pod that names its node is not scheduled.
    ///
    /// - Parameter architectures: those that the collector is built for, as `status.nodeInfo.architecture` spells them.
    package init(_ node: NodeFacts, architectures: Set<String> = ["amd64", "arm64"]) {
        let reason =
            Self.operatingSystem(node) ?? Self.architecture(node, architectures) ?? Self.provider(node)
            ?? Self.readiness(node)
        self = reason.map { .skipped(InventoryFile.printable($0)) } ?? .eligible
    }

    private static func operatingSystem(_ node: NodeFacts) -> String? {
        let system = node.operatingSystem.isEmpty ? node.labels["kubernetes.io/os"] ?? "" : node.operatingSystem
        guard !system.isEmpty, system != "linux" else { return nil }
        return "runs \(system), and only Linux has a connection tracking table; its connections show where they reach "
            + "Linux nodes"
    }

    private static func architecture(_ node: NodeFacts, _ known: Set<String>) -> String? {
        let architecture = node.architecture.isEmpty ? node.labels["kubernetes.io/arch"] ?? "" : node.architecture
        guard !architecture.isEmpty, !known.contains(architecture) else { return nil }
        return "is \(architecture), which the collector is not built for; build an image and name it with "
            + "--collector-image"
    }

    private static func provider(_ node: NodeFacts) -> String? {
        let hasFargateTaint = node.taints.contains { $0.key == computeType && $0.value == "fargate" }
        if node.labels[computeType] == "fargate" || hasFargateTaint || node.name.hasPrefix("fargate-ip-") {
            return "is an AWS Fargate node, which takes no privileged pod; its connections show where they reach other "
                + "nodes"
        }
        // kubernetes.io/role=agent says nothing: nodes of AKS have it as well as virtual kubelets.
        let isVirtual = node.taints.contains { $0.key == "virtual-kubelet.io/provider" }
        if node.labels["type"] == "virtual-kubelet" || isVirtual {
            return "is a virtual kubelet without a kernel of its own; its connections show where they reach other nodes"
        }
        return nil
    }

    private static func readiness(_ node: NodeFacts) -> String? {
        let remedy = "; see 'kubectl describe node \(node.name)'"
        guard let ready = node.conditions.last(where: { $0.type == "Ready" }) else {
            return "never reported that it is ready" + remedy
        }
        if ready.status != "True" {
            let what = [ready.reason, ready.message].filter { !$0.isEmpty }.joined(separator: ": ")
            return "is not ready" + (what.isEmpty ? "" : " (\(what))") + remedy
        }
        guard let taint = node.taints.first(where: { unreachableTaints.contains($0.key) }) else { return nil }
        return "has the taint \(taint.key)" + remedy
    }
}
