import NetModel

/// Builds what `Inventory` looks up.
struct InventoryIndex {
    let nodes: [Node]
    private(set) var pods: [Pod]
    let services: [Service]
    let namespaces: [String]

    private(set) var owners: [IPAddress: AddressOwners] = [:]
    private(set) var podIdentities: [Identity] = []
    private(set) var hosts: [NodeHost] = []
    private(set) var hostPositions: [String: Int] = [:]
    private(set) var serviceNames: [ServicePort] = []
    private(set) var servicePorts: [ServicePort] = []
    private(set) var endpoints: [PortKey: ListedEndpoint] = [:]
    private(set) var dialledPorts: [PortKey: Choice] = [:]
    private(set) var nodePorts: [NodePortKey: Choice] = [:]
    private(set) var declaredPorts: Set<PortKey> = []
    private(set) var probes: Set<ProbeKey> = []
    private(set) var networks = KnownNetworks()
    private(set) var listedServices: [IPAddress: Set<Int>] = [:]

    private let slices: [EndpointSlice]
    private let workloads: WorkloadResolver
    private var podPositions: [String: Int] = [:]
    private var servicePositions: [String: Int] = [:]
    private var servicePortPositions: [ServicePort: Int] = [:]
    private struct HostAddress: Hashable {
        let address: IPAddress
        let host: Int
    }

    private var knownHostAddresses: Set<HostAddress> = []
    /// The addresses of each of `hosts`.
    private var hostAddresses: [[IPAddress]] = []

    init(_ objects: InventoryObjects) {
        nodes = objects.nodes
        pods = objects.pods
        services = objects.services
        namespaces = objects.namespaces
        slices = objects.endpointSlices
        workloads = WorkloadResolver(objects.controllers)
        owners.reserveCapacity(pods.count + services.count)
        for position in pods.indices { addName(ofPod: position) }
        addHosts()
        addReferencedPods()
        for position in pods.indices { add(pod: position) }
        addBridgeAddresses()
        for service in services { add(service) }
        for slice in slices { add(slice) }
        addHostPods()
        for position in pods.indices { declarePorts(ofPod: position) }
        addNetworks()
    }

    private mutating func declare(_ address: IPAddress, _ port: UInt16, _ transport: TransportProtocol) {
        declaredPorts.insert(PortKey(address: address, port: port, transport: transport))
    }

    // MARK: Nodes

    /// All nodes, and those that only pods tell of, with `status.hostIP` as their address.
    private mutating func addHosts() {
        for node in nodes { addHost(node) }
        let known = Set(nodes.map(\.name))
        for pod in pods {
            guard let name = pod.nodeName, let address = pod.hostAddress, !known.contains(name) else { continue }
            addHost(Node(name: name, addresses: [address]))
        }
    }

    private mutating func addHost(_ node: Node) {
        let position = hostPositions[node.name] ?? hosts.count
        if position == hosts.count {
            hostPositions[node.name] = position
            let address = node.addresses.first ?? IPAddress(ipv4: 0)
            let identity = Identity(kind: .node, node: node.name, zone: node.zone, address: address)
            hosts.append(NodeHost(identity: identity, shared: identity, kubeletPort: node.kubeletPort))
            hostAddresses.append([])
        }
        for address in node.addresses { add(address, ofHost: position) }
    }

    private mutating func add(_ address: IPAddress, ofHost position: Int) {
        guard knownHostAddresses.insert(HostAddress(address: address, host: position)).inserted else { return }
        hostAddresses[position].append(address)
        if owners[address]?.node == nil { owners[address, default: AddressOwners()].node = position }
        if let port = hosts[position].kubeletPort { declare(address, port, .tcp) }
    }

    /// host-local IPAM gives the first usable address of a node's pod network to the node's bridge. Where pods of
    /// another node live in that network, the field does not tell how addresses are given out.
    private mutating func addBridgeAddresses() {
        var positions: [IPPrefix: Int] = [:]
        for node in nodes {
            for prefix in node.podCIDRs where prefix.length < prefix.network.bitWidth - 1 {
                positions[prefix] = hostPositions[node.name]
            }
        }
        let lengths = Set(positions.keys.map(\.length))
        for pod in pods where !pod.isHostNetwork {
            let host = pod.nodeName.flatMap { hostPositions[$0] }
            for address in pod.addresses {
                for length in lengths where length <= address.bitWidth {
                    let prefix = IPPrefix(address, length: length)
                    if let position = positions[prefix], position != host { positions[prefix] = nil }
                }
            }
        }
        for (prefix, position) in positions {
            let first = IPAddress(high: prefix.network.high, low: prefix.network.low | 1)
            if owners[first] == nil { add(first, ofHost: position) }
        }
    }

    // MARK: Pods

    /// A name is that of the pod that lives, where others had it before.
    private mutating func addName(ofPod position: Int) {
        let name = "\(pods[position].namespace)/\(pods[position].name)"
        if let known = podPositions[name], pods[known].end == .running, pods[position].end != .running { return }
        podPositions[name] = position
    }

    /// Pods that only endpoints tell of.
    private mutating func addReferencedPods() {
        for slice in slices {
            for endpoint in slice.endpoints {
                guard let name = endpoint.podName else { continue }
                let namespace = endpoint.podNamespace ?? slice.namespace
                guard podPositions["\(namespace)/\(name)"] == nil else { continue }
                podPositions["\(namespace)/\(name)"] = pods.count
                pods.append(
                    Pod(
                        namespace: namespace,
                        name: name,
                        nodeName: endpoint.nodeName,
                        isHostNetwork: owners[endpoint.address]?.node != nil,
                        addresses: [endpoint.address]
                    )
                )
            }
        }
    }

    private mutating func add(pod position: Int) {
        let pod = pods[position]
        let workload = workloads.workload(of: pod)
        podIdentities.append(
            Identity(
                kind: .pod,
                pod: "\(pod.namespace)/\(pod.name)",
                namespace: pod.namespace,
                workload: "\(pod.namespace)/\(workload.name)",
                workloadKind: workload.kind,
                node: pod.nodeName,
                zone: pod.nodeName.flatMap { hostPositions[$0] }.flatMap { hosts[$0].identity.zone },
                address: pod.addresses.first ?? IPAddress(ipv4: 0),
                labels: pod.labels
            )
        )
        guard !pod.isHostNetwork else { return }
        for address in pod.addresses { owners[address, default: AddressOwners()].add(pod: position) }
    }

    /// Joins the host-network pods that are alive with their nodes.
    private mutating func addHostPods() {
        for position in pods.indices where pods[position].isHostNetwork && pods[position].end == .running {
            let pod = pods[position]
            guard let host = pod.nodeName.flatMap({ hostPositions[$0] }) else { continue }
            if hosts[host].shared.candidates.isEmpty {
                hosts[host].shared.candidates.append("node \(pod.nodeName ?? "")")
            }
            hosts[host].shared.candidates.append("pod \(pod.namespace)/\(pod.name)")
            for port in pod.ports {
                let key = NodePortKey(port: port.port, transport: port.transport)
                hosts[host].podPorts[key, default: .none].add(position)
            }
        }
    }

    private mutating func declarePorts(ofPod position: Int) {
        let pod = pods[position]
        let host = pod.nodeName.flatMap { hostPositions[$0] }
        let nodeAddresses = host.map { hostAddresses[$0] } ?? []
        let addresses = pod.isHostNetwork ? nodeAddresses : pod.addresses
        for port in pod.ports {
            for address in addresses { declare(address, port.port, port.transport) }
            guard let hostPort = port.hostPort else { continue }
            for address in port.hostAddress.map({ [$0] }) ?? nodeAddresses {
                declare(address, hostPort, port.transport)
            }
        }
        for probe in pod.probes {
            for address in probe.host.map({ [$0] }) ?? addresses where !address.isNodeScoped {
                declare(address, probe.port, .tcp)
                if let host { probes.insert(ProbeKey(address: address, port: probe.port, node: host)) }
            }
        }
    }

    // MARK: Services

    private mutating func position(ofService name: String, in namespace: String) -> Int {
        let service = ServicePort(namespace: namespace, name: name, port: nil)
        if let position = servicePositions[service.service] { return position }
        servicePositions[service.service] = serviceNames.count
        serviceNames.append(service)
        return serviceNames.count - 1
    }

    private mutating func position(of port: ServicePort) -> Int {
        if let position = servicePortPositions[port] { return position }
        servicePortPositions[port] = servicePorts.count
        servicePorts.append(port)
        return servicePorts.count - 1
    }

    private mutating func add(_ service: Service) {
        let position = position(ofService: service.name, in: service.namespace)
        let ports = service.ports.map { port in
            self.position(
                of: ServicePort(
                    namespace: service.namespace,
                    name: service.name,
                    port: port.name.isEmpty ? String(port.port) : port.name
                )
            )
        }
        for address in service.clusterAddresses + service.externalAddresses {
            if !(owners[address]?.services.contains(position) ?? false) {
                owners[address, default: AddressOwners()].services.append(position)
            }
            for (port, portPosition) in zip(service.ports, ports) {
                let key = PortKey(address: address, port: port.port, transport: port.transport)
                dialledPorts[key, default: .none].add(portPosition)
                declaredPorts.insert(key)
            }
        }
        for address in service.clusterAddresses {
            owners[address, default: AddressOwners()].clusterService.add(position)
        }
        for (port, portPosition) in zip(service.ports, ports) {
            guard let nodePort = port.nodePort else { continue }
            nodePorts[NodePortKey(port: nodePort, transport: port.transport), default: .none].add(portPosition)
        }
    }

    private mutating func add(_ slice: EndpointSlice) {
        guard !slice.serviceName.isEmpty else { return }
        let service = position(ofService: slice.serviceName, in: slice.namespace)
        let declared = service < services.count ? services[service].ports : []
        let ports = slice.ports.map { port -> Int? in
            let match = declared.first { $0.name == port.name && $0.transport == port.transport }
            guard !port.name.isEmpty || match != nil else { return nil }
            let text = port.name.isEmpty ? match.map { String($0.port) } : port.name
            return position(of: ServicePort(namespace: slice.namespace, name: slice.serviceName, port: text))
        }
        for endpoint in slice.endpoints {
            listedServices[endpoint.address, default: []].insert(service)
            let pod = endpoint.podName.flatMap { podPositions["\(endpoint.podNamespace ?? slice.namespace)/\($0)"] }
            var addressOwners = owners[endpoint.address] ?? AddressOwners()
            if let pod {
                // An address that the pod itself does not tell of, as on a second network.
                if addressOwners.pod == nil, addressOwners.node == nil { addressOwners.add(pod: pod) }
            } else if !addressOwners.listingServices.contains(service) {
                addressOwners.listingServices.append(service)
            }
            owners[endpoint.address] = addressOwners
            for (port, servicePort) in zip(slice.ports, ports) {
                let key = PortKey(address: endpoint.address, port: port.port, transport: port.transport)
                var listed = endpoints[key] ?? ListedEndpoint()
                if let pod { listed.pod.add(pod) }
                listed.service.add(service)
                if let servicePort { listed.servicePort.add(servicePort) }
                endpoints[key] = listed
                declaredPorts.insert(key)
            }
        }
    }

    // MARK: Networks

    private mutating func addNetworks() {
        for node in nodes {
            for prefix in node.podCIDRs { networks.add(prefix) }
        }
        for addresses in hostAddresses {
            for address in addresses { networks.add(around: address) }
        }
        for pod in pods {
            for address in pod.addresses { networks.add(around: address) }
        }
        for service in services {
            for address in service.clusterAddresses + service.externalAddresses { networks.add(around: address) }
        }
    }
}
