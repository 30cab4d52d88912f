/// The images that the nodes run already, because their kube-proxy does: a collector's pod that asks for the same one
/// pulls nothing.
package struct ProxyImages: Hashable, Sendable {
    /// The image of each node that has one. They may differ, by architecture or during an upgrade.
    package let byNode: [String: String]
    /// Why a node has none, and what helps, to follow the node's name.
    package let missing: [String: String]

    private static let name = "kube-proxy"

    /// - Parameters:
    ///   - nodes: those that take a collector.
    ///   - pods: of the cluster, or of kube-system; others than kube-proxy's are passed over.
    package init(of nodes: [NodeFacts], pods: [PodImages]) {
        var images: [String: String] = [:]
        var waiting: Set<String> = []
        for pod in pods.sorted(by: { ($0.namespace, $0.name) < ($1.namespace, $1.name) }) where Self.isProxy(pod) {
            guard pod.phase == "Running" else {
                waiting.insert(pod.nodeName)
                continue
            }
            guard images[pod.nodeName] == nil else { continue }
            images[pod.nodeName] = pod.images.first(where: Self.isProxyImage) ?? pod.images.first
        }
        var byNode: [String: String] = [:]
        var missing: [String: String] = [:]
        for node in nodes {
            byNode[node.name] = images[node.name]
            guard byNode[node.name] == nil else { continue }
            missing[node.name] =
                (waiting.contains(node.name) ? "has a kube-proxy pod that does not run" : "runs no kube-proxy pod")
                + "; name an image with --collector-image"
        }
        self.byNode = byNode
        self.missing = missing
    }

    /// Whether a pod is a kube-proxy: the label `k8s-app` is `kube-proxy`, or the last part of an image's path begins so.
    package static func isProxy(_ pod: PodImages) -> Bool {
        pod.application == name || pod.images.contains(where: isProxyImage)
    }

    private static func isProxyImage(_ image: String) -> Bool {
        (image.split(separator: "/").last ?? "").hasPrefix(name)
    }
}
