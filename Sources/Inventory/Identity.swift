package import NetModel

/// Who an address is, as far as the inventory tells.
package struct Identity: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case pod, node, service
        /// Outside the cluster.
        case external
        case unknown
    }

    package var kind: Kind
    /// "ns/name"; nil when it is not certain which pod.
    package var pod: String?
    package var namespace: String?
    /// "ns/name" of the object that manages the pod, the pod itself when nothing does.
    package var workload: String?
    /// "Deployment", "StatefulSet", "StaticPod", "Pod", …
    package var workloadKind: String?
    package var node: String?
    package var zone: String?
    /// "ns/name".
    package var service: String?
    package var address: IPAddress
    /// The network that stands for an external address: /24 (IPv4) or /48 (IPv6).
    package var prefix: IPPrefix?
    /// The pod's labels.
    package var labels: [String: String]
    /// Who it may be, when it is not certain: "pod shop/x", "node tbn1", "service shop/backend".
    package var candidates: [String]

    package init(
        kind: Kind,
        pod: String? = nil,
        namespace: String? = nil,
        workload: String? = nil,
        workloadKind: String? = nil,
        node: String? = nil,
        zone: String? = nil,
        service: String? = nil,
        address: IPAddress,
        prefix: IPPrefix? = nil,
        labels: [String: String] = [:],
        candidates: [String] = []
    ) {
        self.kind = kind
        self.pod = pod
        self.namespace = namespace
        self.workload = workload
        self.workloadKind = workloadKind
        self.node = node
        self.zone = zone
        self.service = service
        self.address = address
        self.prefix = prefix
        self.labels = labels
        self.candidates = candidates
    }

    /// An address that nothing is known about.
    package static func unknown(_ address: IPAddress, candidates: [String] = []) -> Identity {
        Identity(kind: .unknown, address: address, candidates: candidates)
    }

    /// An address outside the cluster.
    package static func external(_ address: IPAddress) -> Identity {
        Identity(kind: .external, address: address, prefix: IPPrefix(address, length: address.isIPv4 ? 24 : 48))
    }

    func at(_ address: IPAddress) -> Identity {
        var copy = self
        copy.address = address
        return copy
    }
}

/// What the identity of an address depends on, so that callers know what they may keep.
package enum AddressResolution: Hashable, Sendable {
    /// On nothing else: one answer always.
    case fixed
    /// One answer from that moment on, and at a time that is not known; before it, nobody had the address.
    case since(Timestamp)
    /// On the port, its transport, and whether it is the server's end.
    case byPort
    /// On the time, and perhaps on the port: the address had several owners, or one that finished.
    case byTime
}
