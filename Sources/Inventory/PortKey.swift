import NetModel

/// An address, a port and its transport in one key of a dictionary.
struct PortKey: Hashable {
    let address: IPAddress
    let port: UInt16
    let transport: TransportProtocol

    func hash(into hasher: inout Hasher) {
        hasher.combine(address.high)
        hasher.combine(address.low)
        hasher.combine(UInt32(port) << 8 | UInt32(transport.rawValue))
    }
}

/// A port of a node, on all of its addresses.
struct NodePortKey: Hashable {
    let port: UInt16
    let transport: TransportProtocol
}

/// A port that a node's kubelet probes.
struct ProbeKey: Hashable {
    let address: IPAddress
    let port: UInt16
    /// The position of the node.
    let node: Int
}

/// One of many by its position, none of them, or several that contradict one another.
enum Choice: Hashable {
    case none
    case one(Int)
    case several

    mutating func add(_ position: Int) {
        switch self {
        case .none: self = .one(position)
        case .one(let first): if first != position { self = .several }
        case .several: break
        }
    }

    var only: Int? {
        if case .one(let position) = self { position } else { nil }
    }
}

/// Who holds an address, or did. All numbers are positions in the inventory's lists.
struct AddressOwners {
    /// Pods with an address of their own.
    var pod: Int?
    var otherPods: [Int] = []
    var node: Int?
    /// Services that are dialled at it: ClusterIPs, external and load balancers' addresses.
    var services: [Int] = []
    /// The service whose ClusterIP it is.
    var clusterService = Choice.none
    /// Services that list it as an endpoint that is no pod.
    var listingServices: [Int] = []

    var pods: [Int] { pod.map { [$0] + otherPods } ?? [] }

    mutating func add(pod position: Int) {
        if pod == nil {
            pod = position
        } else if pod != position, !otherPods.contains(position) {
            otherPods.append(position)
        }
    }
}

/// What the services say of one endpoint.
struct ListedEndpoint {
    /// The pods that `targetRef` names.
    var pod = Choice.none
    /// The services that list it.
    var service = Choice.none
    /// With the service's port, a position in `Inventory.servicePorts`.
    var servicePort = Choice.none
}

/// The pods that share a node's address.
struct NodeHost {
    let identity: Identity
    /// With the host-network pods and the node itself as candidates, when it has such pods.
    var shared: Identity
    var kubeletPort: UInt16?
    /// Pods by the ports that they declare.
    var podPorts: [NodePortKey: Choice] = [:]
}
