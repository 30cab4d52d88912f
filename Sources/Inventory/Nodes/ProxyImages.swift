/// The images that the nodes run already, because their kube-proxy does: a collector's pod that asks for the same one
/// pulls nothing.
package struct ProxyImages: Hashable, Sendable {
    /// The image of each node that has one.
    package let byNode: [String: String]
    /// Why a node has none, for people.
    package let missing: [String: String]

    /// - Parameters:
    ///   - nodes: those that take a collector.
    ///   - pods: of the cluster, or of kube-system; others than kube-proxy's are passed over.
    package init(of nodes: [NodeFacts], pods: [PodImages]) {
        byNode = [:]
        missing = [:]
    }

    /// Whether a pod is a kube-proxy: the label `k8s-app` is `kube-proxy`, or the last part of an image's path begins so.
    package static func isProxy(_ pod: PodImages) -> Bool { false }
}
