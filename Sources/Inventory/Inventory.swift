import NetModel

/// The objects of a cluster, indexed by address. Immutable.
package struct Inventory: Sendable {
    /// Knows nothing: every address is unknown.
    package static let empty = Inventory(InventoryObjects())

    package let nodes: [Node]
    package let pods: [Pod]
    package let services: [Service]
    package let namespaces: [String]
    /// Whether there is no node, pod, service or endpoint.
    package let isEmpty: Bool

    let owners: [IPAddress: AddressOwners]
    let podIdentities: [Identity]
    /// First those of `nodes`, then nodes that only pods tell of.
    let hosts: [NodeHost]
    let hostPositions: [String: Int]
    /// "ns/name" of services, first those of `services`, then services that only endpoints tell of.
    let serviceNames: [ServicePort]
    let servicePorts: [ServicePort]
    let endpoints: [PortKey: ListedEndpoint]
    /// Services' ports at their own addresses; positions in `servicePorts`.
    let dialledPorts: [PortKey: Choice]
    /// Services' ports on all nodes; positions in `servicePorts`.
    let nodePorts: [NodePortKey: Choice]
    let declaredPorts: PortSet
    let probes: Set<ProbeKey>
    /// Of every port whether any pod is probed at it, which decides for most.
    let probedPorts: [Bool]
    let networks: KnownNetworks
    /// Of every endpoint's address the services that list it; positions in `serviceNames`.
    let listedServices: [IPAddress: Set<Int>]

    /// Pods and endpoints of the objects that contradict one another are kept as candidates.
    package init(_ objects: InventoryObjects) {
        self.init(InventoryIndex(objects))
    }

    init(_ index: InventoryIndex) {
        nodes = index.nodes
        pods = index.pods
        services = index.services
        namespaces = index.namespaces
        isEmpty = index.nodes.isEmpty && index.pods.isEmpty && index.services.isEmpty && index.endpoints.isEmpty
        owners = index.owners
        podIdentities = index.podIdentities
        hosts = index.hosts
        hostPositions = index.hostPositions
        serviceNames = index.serviceNames
        servicePorts = index.servicePorts
        endpoints = index.endpoints
        dialledPorts = index.dialledPorts
        nodePorts = index.nodePorts
        declaredPorts = PortSet(index.declaredPorts)
        probes = index.probes
        var probedPorts = [Bool](repeating: false, count: Int(UInt16.max) + 1)
        for probe in index.probes { probedPorts[Int(probe.port)] = true }
        self.probedPorts = probedPorts
        networks = index.networks
        listedServices = index.listedServices
    }

    /// The names of the nodes, in the order they came.
    package var nodeNames: [String] { nodes.map(\.name) }

    /// The names of the pods, in the order they came.
    package var podNames: [(namespace: String, name: String)] { pods.map { ($0.namespace, $0.name) } }
}
