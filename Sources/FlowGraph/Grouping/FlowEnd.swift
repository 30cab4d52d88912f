package import Inventory
package import NetModel

/// One end of a flow: as much of an identity as all connections of the flow share.
package struct FlowEnd: Hashable, Sendable {
    /// What a table shows: "shop/frontend", "node:tbn1", "service:default/kubernetes", a network or an address. A
    /// colon cannot be in a Kubernetes name, so the prefixes are never mistaken for a namespace.
    package var name: String
    package var kind: Identity.Kind
    /// "ns/name".
    package var pod: String?
    package var address: IPAddress?
    package var namespace: String?
    /// "ns/name".
    package var workload: String?
    package var workloadKind: String?
    package var node: String?
    package var zone: String?
    /// "ns/name", for an end that is a service's address or an endpoint without a pod.
    package var service: String?
    /// The network of an external end.
    package var prefix: IPPrefix?
    /// Who else may be behind the address.
    package var candidates: [String] = []

    package init(name: String, kind: Identity.Kind) {
        self.name = name
        self.kind = kind
    }

    /// The end as it is told under a grouping.
    package init(_ identity: Identity, grouping: Grouping) {
        self.init(name: "", kind: identity.kind)
        switch grouping {
        case .connection, .pod: tellPod(identity)
        case .workload, .service: tellWorkload(identity)
        case .namespace: tellNamespace(identity)
        case .node: tellNode(identity)
        case .zone: tellZone(identity)
        }
    }

    /// What makes two ends one: the name, and the kinds of what has it, since a Deployment and a StatefulSet may share
    /// theirs. A pod or a node with several addresses is one all the same.
    struct Group: Hashable {
        let name: String
        let kind: Identity.Kind
        let workloadKind: String?
    }

    var group: Group { Group(name: name, kind: kind, workloadKind: workloadKind) }

    /// Forgets what another end of the same group has otherwise.
    mutating func keepCommon(with other: FlowEnd) {
        if address != other.address { address = nil }
        if node != other.node { node = nil }
        if zone != other.zone { zone = nil }
        if candidates != other.candidates { candidates = [] }
    }

    private mutating func tellPod(_ identity: Identity) {
        pod = identity.pod
        address = identity.address
        namespace = identity.namespace
        workload = identity.workload
        workloadKind = identity.workloadKind
        node = identity.node
        zone = identity.zone
        service = identity.service
        prefix = identity.prefix
        candidates = identity.candidates
        name = Self.name(identity, of: identity.pod) ?? identity.address.description
    }

    private mutating func tellWorkload(_ identity: Identity) {
        namespace = identity.namespace
        workload = identity.workload
        workloadKind = identity.workloadKind
        service = identity.service
        prefix = identity.prefix
        candidates = identity.candidates
        switch identity.kind {
        case .pod: break
        case .node:
            node = identity.node
            zone = identity.zone
        case .service, .unknown: address = identity.address
        case .external: break
        }
        name = Self.name(identity, of: identity.workload) ?? (prefix?.description ?? identity.address.description)
    }

    private mutating func tellNamespace(_ identity: Identity) {
        namespace = identity.namespace
        name = identity.namespace ?? Self.collapsed(identity.kind)
        // A Service's address is as much of the namespace as its pods are.
        if identity.namespace != nil { kind = .pod }
    }

    private mutating func tellNode(_ identity: Identity) {
        node = identity.node
        zone = identity.zone
        name = identity.node.map { "node:\($0)" } ?? Self.collapsed(identity.kind)
        if identity.node != nil { kind = .node }
    }

    private mutating func tellZone(_ identity: Identity) {
        zone = identity.zone
        name = identity.zone ?? (identity.node != nil ? "(no zone)" : Self.collapsed(identity.kind))
        if identity.node != nil { kind = .node }
    }

    private static func name(_ identity: Identity, of object: String?) -> String? {
        switch identity.kind {
        case .pod: object
        case .node: identity.node.map { "node:\($0)" }
        case .service: identity.service.map { "service:\($0)" }
        case .external, .unknown: nil
        }
    }

    private static func collapsed(_ kind: Identity.Kind) -> String {
        switch kind {
        case .pod: "(pods)"
        case .node: "(nodes)"
        case .service: "(services)"
        case .external: "(external)"
        case .unknown: "(unknown)"
        }
    }
}
