import Inventory
import Testing

/// A Linux node that is ready.
private func node(_ name: String = "n1", _ change: (inout NodeFacts) -> Void = { _ in }) -> NodeFacts {
    var node = NodeFacts(
        name: name,
        conditions: [
            NodeFacts.Condition(type: "DiskPressure", status: "False"),
            NodeFacts.Condition(type: "Ready", status: "True"),
        ],
        operatingSystem: "linux",
        architecture: "amd64"
    )
    change(&node)
    return node
}

private func reason(_ node: NodeFacts) -> String? {
    if case .skipped(let reason) = NodeEligibility(node) { reason } else { nil }
}

@Suite("Which nodes take a collector")
struct NodeEligibilityTests {
    @Test("The nodes of a recorded cluster do")
    func recordedNodes() throws {
        let list = decodeList(
            try recorded("protobuf/nodes.protobuf.bin"), .protobuf, .node, details: .nodeFacts)
        #expect(list.items.count == 2)
        for item in list.items {
            let facts = try #require(item.nodeFacts)
            #expect(NodeEligibility(facts) == .eligible)
            #expect(facts.operatingSystem == "linux")
            #expect(facts.architecture == "amd64")
            #expect(facts.containerRuntimeVersion.hasPrefix("containerd://"))
            #expect(facts.kubeletVersion == "v1.36.2")
            #expect(facts.imageNames == [], "images are read only where they are asked for")
        }
    }

    @Test("A cordoned node does, and one with taints that only keep the scheduler away")
    func cordoned() {
        let cordoned = node { node in
            node.isUnschedulable = true
            node.taints = [
                NodeFacts.Taint(key: "node.kubernetes.io/unschedulable", effect: "NoSchedule"),
                NodeFacts.Taint(key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule"),
            ]
        }
        #expect(NodeEligibility(cordoned) == .eligible)
    }

    @Test("Windows does not, by what the kubelet says or else by the label")
    func operatingSystem() {
        let expected =
            "runs windows, and only Linux has a connection tracking table; its connections show where they reach Linux nodes"
        #expect(reason(node { $0.operatingSystem = "windows" }) == expected)
        #expect(
            reason(
                node {
                    $0.operatingSystem = ""
                    $0.labels = ["kubernetes.io/os": "windows"]
                }) == expected)
    }

    @Test("An architecture that the collector is not built for does not")
    func architecture() {
        let riscv = node { $0.architecture = "riscv64" }
        #expect(
            reason(riscv)
                == "is riscv64, which the collector is not built for; build an image and name it with --collector-image"
        )
        #expect(NodeEligibility(riscv, architectures: ["riscv64"]) == .eligible)
    }

    @Test("Fargate does not, by label, taint or name")
    func fargate() {
        let key = "eks.amazonaws.com/compute-type"
        let nodes = [
            node { $0.labels = [key: "fargate"] },
            node { $0.taints = [NodeFacts.Taint(key: key, value: "fargate", effect: "NoSchedule")] },
            node("fargate-ip-192-168-1-7.eu-central-1.compute.internal"),
        ]
        for node in nodes { #expect(reason(node)?.hasPrefix("is an AWS Fargate node") == true) }
    }

    @Test("A virtual kubelet does not; a node of AKS with the role agent does")
    func virtualKubelet() {
        let nodes = [
            node { $0.labels = ["type": "virtual-kubelet"] },
            node {
                $0.taints = [NodeFacts.Taint(key: "virtual-kubelet.io/provider", value: "azure", effect: "NoSchedule")]
            },
        ]
        for node in nodes { #expect(reason(node)?.hasPrefix("is a virtual kubelet") == true) }
        #expect(NodeEligibility(node { $0.labels = ["kubernetes.io/role": "agent"] }) == .eligible)
    }

    @Test("A node that is not ready does not, with the kubelet's words")
    func notReady() {
        let failing = node {
            $0.conditions = [
                NodeFacts.Condition(
                    type: "Ready", status: "Unknown", reason: "NodeStatusUnknown",
                    message: "Kubelet stopped posting\u{1B}[31m")
            ]
        }
        #expect(
            reason(failing) == "is not ready (NodeStatusUnknown: Kubelet stopped posting\\u{1B}[31m); "
                + "see 'kubectl describe node n1'")
        #expect(
            reason(node { $0.conditions = [] }) == "never reported that it is ready; see 'kubectl describe node n1'")
        let tainted = node {
            $0.taints = [NodeFacts.Taint(key: "node.kubernetes.io/out-of-service", effect: "NoExecute")]
        }
        #expect(
            reason(tainted) == "has the taint node.kubernetes.io/out-of-service; see 'kubectl describe node n1'")
    }
}

@Suite("The image that nodes run already")
struct ProxyImagesTests {
    private func pod(_ name: String, on node: String, _ image: String, phase: String = "Running") -> PodImages {
        PodImages(namespace: "kube-system", name: name, nodeName: node, phase: phase, images: [image])
    }

    @Test("Each node's own kube-proxy tells, by label or by the last part of the image's path")
    func images() {
        let labelled = PodImages(
            namespace: "kube-system", name: "p-3", nodeName: "n3", phase: "Running", application: "kube-proxy",
            images: ["mirror.example.com/proxy@sha256:00"])
        let images = ProxyImages(
            of: [node("n1"), node("n2"), node("n3")],
            pods: [
                pod("kube-proxy-a", on: "n1", "registry.k8s.io/kube-proxy:v1.36.2"),
                pod("kube-proxy-b", on: "n2", "host:5000/x/kube-proxy-arm64:v1.35.0"), labelled,
                pod("other", on: "n1", "registry.example.com/kube-proxy/exporter:1"),
                pod("kube-proxy-c", on: "n4", "registry.k8s.io/kube-proxy:v1.36.2"),
            ])
        #expect(
            images.byNode == [
                "n1": "registry.k8s.io/kube-proxy:v1.36.2", "n2": "host:5000/x/kube-proxy-arm64:v1.35.0",
                "n3": "mirror.example.com/proxy@sha256:00",
            ])
        #expect(images.missing == [:])
    }

    @Test("A node without one says why")
    func missing() {
        let images = ProxyImages(
            of: [node("n1"), node("n2")],
            pods: [pod("kube-proxy-a", on: "n1", "registry.k8s.io/kube-proxy:v1", phase: "Pending")])
        #expect(images.byNode == [:])
        #expect(
            images.missing == [
                "n1": "has a kube-proxy pod that does not run; name an image with --collector-image",
                "n2": "runs no kube-proxy pod; name an image with --collector-image",
            ])
    }
}
