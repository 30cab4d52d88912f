package import NetModel

extension Inventory {
    /// Who `address` is.
    ///
    /// `port` is that of a server's end, nil for a client's end, whose port says nothing. `during` is the time that
    /// is asked about, nil when it is not known.
    package func identity(
        of address: IPAddress,
        port: UInt16?,
        transport: TransportProtocol,
        during: ClosedRange<Timestamp>?
    ) -> Identity {
        guard !isEmpty, !address.isNodeScoped else { return .unknown(address) }
        let key = port.map { PortKey(address: address, port: $0, transport: transport) }
        if let owners = owners[address] {
            if let pod = podIdentity(owners, at: address, during: during) { return pod }
            if let node = owners.node { return nodeIdentity(hosts[node], at: address, key: key) }
            if let service = serviceIdentity(owners, at: address, key: key) { return service }
        }
        guard !nodes.isEmpty, !networks.contains(address) else { return .unknown(address) }
        return .external(address)
    }

    /// What the identity of `address` depends on.
    package func resolution(of address: IPAddress) -> AddressResolution {
        guard !isEmpty, !address.isNodeScoped, let owners = owners[address] else { return .fixed }
        if let pod = owners.pod {
            guard owners.otherPods.isEmpty, pods[pod].end == .running else { return .byTime }
            return pods[pod].start.map { .since($0 - Self.clockSlack) } ?? .fixed
        }
        return owners.node == nil && owners.services.count == 1 && owners.listingServices.isEmpty ? .fixed : .byPort
    }

    /// How far the clocks of the nodes and of the API server may be apart, where only one pod ever had an address.
    static let clockSlack: Int64 = 300 * 1_000_000_000

    /// The same where one of several pods with an address is looked for, and none had it at the very time.
    private static let closeSlack: Int64 = 2 * 1_000_000_000

    /// How many candidates are named before the rest is only counted.
    private static let namedCandidates = 16

    private static func candidates(_ names: [String]) -> [String] {
        guard names.count > namedCandidates else { return names }
        return names.prefix(namedCandidates) + ["and \(names.count - namedCandidates) more"]
    }

    // MARK: Pods

    /// The pod that held the address; nil when none did at that time.
    private func podIdentity(
        _ owners: AddressOwners,
        at address: IPAddress,
        during: ClosedRange<Timestamp>?
    ) -> Identity? {
        guard let first = owners.pod else { return nil }
        if owners.otherPods.isEmpty {
            let pod = pods[first]
            if let during, pod.overlap(during, slack: Self.clockSlack) == .no { return nil }
            return podIdentities[first].at(address)
        }
        let holders: [Int]
        if let during {
            let exact = self.holders(owners.pods, during, slack: 0)
            holders = exact.isEmpty ? self.holders(owners.pods, during, slack: Self.closeSlack) : exact
        } else {
            let living = owners.pods.filter { pods[$0].end == .running }
            holders = living.isEmpty ? owners.pods : living
        }
        return shared(holders.map { podIdentities[$0] }, at: address)
    }

    /// Those of several pods that lived within a time, or else those that may have.
    private func holders(_ positions: [Int], _ during: ClosedRange<Timestamp>, slack: Int64) -> [Int] {
        let overlaps = positions.map { (pod: $0, overlap: pods[$0].overlap(during, slack: slack)) }
        let certain = overlaps.filter { $0.overlap == .yes }.map(\.pod)
        return certain.isEmpty ? overlaps.filter { $0.overlap == .possible }.map(\.pod) : certain
    }

    /// What all of several pods have in common.
    private func shared(_ identities: [Identity], at address: IPAddress) -> Identity? {
        guard let first = identities.first else { return nil }
        guard identities.count > 1 else { return first.at(address) }
        func common<Value: Equatable>(_ value: (Identity) -> Value?) -> Value? {
            identities.allSatisfy { value($0) == value(first) } ? value(first) : nil
        }
        let workload = common { identity in identity.workload.map { [$0, identity.workloadKind] } }
        // A pod that came back under its name, and at its address, is the same to those who ask.
        let pod = common(\.pod)
        return Identity(
            kind: .pod,
            pod: pod,
            namespace: common(\.namespace),
            workload: workload == nil ? nil : first.workload,
            workloadKind: workload == nil ? nil : first.workloadKind,
            node: common(\.node),
            zone: common(\.zone),
            address: address,
            labels: common(\.labels) ?? [:],
            candidates: pod != nil ? [] : Self.candidates(identities.compactMap { $0.pod.map { "pod \($0)" } })
        )
    }

    // MARK: Nodes

    private func nodeIdentity(_ host: NodeHost, at address: IPAddress, key: PortKey?) -> Identity {
        guard let key else { return host.shared.at(address) }
        if let endpoint = endpoints[key] {
            if let pod = endpoint.pod.only { return podIdentities[pod].at(address) }
            if endpoint.pod == .none, let service = endpoint.service.only {
                return identity(ofService: service, at: address, host: host)
            }
        }
        if let port = dialledPorts[key]?.only {
            return identity(of: servicePorts[port], at: address)
        }
        if key.transport == .tcp, key.port == host.kubeletPort { return host.identity.at(address) }
        if let pod = host.podPorts[NodePortKey(port: key.port, transport: key.transport)]?.only {
            return podIdentities[pod].at(address)
        }
        return host.shared.at(address)
    }

    // MARK: Services

    /// The service that is dialled at the address, or that lists it as an endpoint that is no pod.
    private func serviceIdentity(_ owners: AddressOwners, at address: IPAddress, key: PortKey?) -> Identity? {
        if let key {
            if let port = dialledPorts[key]?.only { return identity(of: servicePorts[port], at: address) }
            if let service = endpoints[key]?.service.only { return identity(ofService: service, at: address) }
        }
        let services = owners.services.isEmpty ? owners.listingServices : owners.services
        guard let first = services.first else { return nil }
        if services.count == 1 { return identity(ofService: first, at: address) }
        return .unknown(address, candidates: Self.candidates(services.map { "service \(serviceNames[$0].service)" }))
    }

    private func identity(ofService position: Int, at address: IPAddress, host: NodeHost? = nil) -> Identity {
        var identity = identity(of: serviceNames[position], at: address)
        identity.node = host?.identity.node
        identity.zone = host?.identity.zone
        return identity
    }

    private func identity(of service: ServicePort, at address: IPAddress) -> Identity {
        Identity(kind: .service, namespace: service.namespace, service: service.service, address: address)
    }
}
