import CollectorPods
import FlowGraph
import Inventory

/// Which nodes get a collector, with which image, and why others do not.
struct CollectorChoice: Sendable {
    var targets: [CollectorTarget] = []
    var skipped: [Coverage.Skipped] = []

    /// - Parameters:
    ///   - image: for all; nil takes on each node that of its kube-proxy.
    ///   - selector: of nodes; nil for all.
    init(nodes: [NodeFacts], proxies: [PodImages], image: String?, selector: LabelSelector?) {
        var eligible: [NodeFacts] = []
        for node in nodes {
            if let selector, !selector.matches(node.labels) {
                skipped.append(Coverage.Skipped(node: node.name, reason: "not selected by --node-selector"))
                continue
            }
            switch NodeEligibility(node) {
            case .eligible: eligible.append(node)
            case .skipped(let reason): skipped.append(Coverage.Skipped(node: node.name, reason: reason))
            }
        }
        guard image == nil else {
            targets = eligible.map { CollectorTarget(node: $0.name, image: image ?? "") }
            return
        }
        let images = ProxyImages(of: eligible, pods: proxies)
        for node in eligible {
            if let image = images.byNode[node.name] {
                targets.append(CollectorTarget(node: node.name, image: image))
            } else {
                let reason = images.missing[node.name] ?? "runs no kube-proxy pod"
                skipped.append(Coverage.Skipped(node: node.name, reason: reason))
            }
        }
    }
}
