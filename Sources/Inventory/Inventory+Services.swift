package import NetModel

extension Inventory {
    /// Whether something is said to listen at `port` of `address`: a container, service, endpoint, probe or kubelet.
    package func isDeclared(_ address: IPAddress, port: UInt16, transport: TransportProtocol) -> Bool {
        if declaredPorts.contains(PortKey(address: address, port: port, transport: transport)) { return true }
        guard !nodePorts.isEmpty, nodePorts[NodePortKey(port: port, transport: transport)] != nil else { return false }
        return owners[address]?.node != nil
    }

    /// The service that a client dialled: at its ClusterIP, external or load balancer's address, or at a NodePort. A
    /// ClusterIP dialled at another port still gives the service, without a port.
    package func service(
        dialled address: IPAddress,
        port: UInt16,
        transport: TransportProtocol
    ) -> ServicePort? {
        servicePosition(dialled: address, port: port, transport: transport).map { position in
            position < servicePorts.count ? servicePorts[position] : serviceNames[position - servicePorts.count]
        }
    }

    /// The same as a position in `servicesToDial`.
    package func servicePosition(
        dialled address: IPAddress,
        port: UInt16,
        transport: TransportProtocol
    ) -> Int? {
        if let choice = dialledPorts[PortKey(address: address, port: port, transport: transport)] {
            return choice.only
        }
        guard let owners = owners[address] else { return nil }
        if owners.node != nil, let choice = nodePorts[NodePortKey(port: port, transport: transport)] {
            return choice.only
        }
        return owners.clusterService.only.map { servicePorts.count + $0 }
    }

    /// The ports of all services, and then the services themselves, for what is not known to be one of their ports.
    package var servicesToDial: [ServicePort] { servicePorts + serviceNames }

    /// The service that lists an endpoint; nil when none does, or several do. Without a port when several of the
    /// service's ports lead to it.
    package func service(
        backedBy address: IPAddress,
        port: UInt16,
        transport: TransportProtocol
    ) -> ServicePort? {
        guard let endpoint = endpoints[PortKey(address: address, port: port, transport: transport)],
            let service = endpoint.service.only
        else { return nil }
        return endpoint.servicePort.only.map { servicePorts[$0] } ?? serviceNames[service]
    }

    /// Whether the kubelet of `node` probes a pod of that node at `port` of `address`, over TCP.
    package func isProbe(clientIsNode node: String, server address: IPAddress, port: UInt16) -> Bool {
        guard probedPorts[Int(port)], let position = hostPositions[node] else { return false }
        return probes.contains(ProbeKey(address: address, port: port, node: position))
    }
}
