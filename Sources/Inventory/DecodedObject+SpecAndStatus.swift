import JSONText
import NetModel

// `spec` and `status` of pods, nodes and services; the names of their fields do not collide.

private enum SpecField: String, CaseIterable {
    case nodeName, hostNetwork, containers, initContainers
    case podCIDR, podCIDRs
    case clusterIP, clusterIPs, externalIPs, ports
}

private enum StatusField: String, CaseIterable {
    case podIP, podIPs, hostIP, phase, startTime, containerStatuses, initContainerStatuses
    case addresses, daemonEndpoints
    case loadBalancer
}

private enum ContainerField: String, CaseIterable {
    case ports, livenessProbe, readinessProbe, startupProbe
}

private enum ContainerPortField: String, CaseIterable {
    case name, containerPort, `protocol`, hostPort, hostIP
}

private enum ProbeField: String, CaseIterable {
    case httpGet, tcpSocket, grpc
}

private enum ProbeTargetField: String, CaseIterable {
    case port, host
}

/// The objects within one another that lead to a single value.
private enum NestedField: String, CaseIterable {
    case state, terminated, finishedAt
    case kubeletEndpoint
    case port = "Port"
    case ingress, ip
    case type, address
}

private let specFields = JSONKeyTable<SpecField>()
private let statusFields = JSONKeyTable<StatusField>()
private let containerFields = JSONKeyTable<ContainerField>()
private let containerPortFields = JSONKeyTable<ContainerPortField>()
private let probeFields = JSONKeyTable<ProbeField>()
private let probeTargetFields = JSONKeyTable<ProbeTargetField>()
private let nestedFields = JSONKeyTable<NestedField>()

extension DecodedObject {
    mutating func readSpec(_ decoder: inout ObjectDecoder) throws(JSONError) {
        guard try decoder.beginObject() else { return }
        while let field = try decoder.nextField(specFields) {
            switch field {
            case .nodeName: nodeName = try decoder.string()
            case .hostNetwork: isHostNetwork = try decoder.boolean() ?? false
            case .containers: containers += try Self.containers(&decoder)
            case .initContainers: initContainers += try Self.containers(&decoder)
            case .podCIDR: podCIDR = try decoder.string()
            case .podCIDRs:
                guard try decoder.beginArray() else { continue }
                while try decoder.nextElement() {
                    if let prefix = try decoder.string() { podCIDRs.append(prefix) }
                }
            case .clusterIP: clusterAddress = try decoder.address()
            case .clusterIPs: clusterAddresses = try decoder.addresses()
            case .externalIPs: externalAddresses += try decoder.addresses()
            case .ports: try readServicePorts(&decoder)
            }
        }
    }

    mutating func readStatus(_ decoder: inout ObjectDecoder) throws(JSONError) {
        guard try decoder.beginObject() else { return }
        while let field = try decoder.nextField(statusFields) {
            switch field {
            case .podIP: podAddress = try decoder.address()
            case .podIPs: podAddresses = try Self.ingressAddresses(&decoder)
            case .hostIP: hostAddress = try decoder.address()
            case .phase: phase = try decoder.string() ?? ""
            case .startTime: started = try decoder.timestamp()
            case .containerStatuses, .initContainerStatuses:
                guard try decoder.beginArray() else { continue }
                while try decoder.nextElement() { try readContainerStatus(&decoder) }
            case .addresses: try readNodeAddresses(&decoder)
            case .daemonEndpoints: try readDaemonEndpoints(&decoder)
            case .loadBalancer:
                guard try decoder.beginObject() else { continue }
                while let field = try decoder.nextField(nestedFields) {
                    if field == .ingress {
                        externalAddresses += try Self.ingressAddresses(&decoder)
                    } else {
                        try decoder.skip()
                    }
                }
            }
        }
    }

    // MARK: Containers

    private static func containers(_ decoder: inout ObjectDecoder) throws(JSONError) -> [Container] {
        var containers: [Container] = []
        guard try decoder.beginArray() else { return containers }
        while try decoder.nextElement() {
            guard try decoder.beginObject() else { continue }
            var container = Container()
            while let field = try decoder.nextField(containerFields) {
                switch field {
                case .ports: container.ports = try containerPorts(&decoder)
                case .livenessProbe, .readinessProbe, .startupProbe:
                    guard try decoder.beginObject() else { continue }
                    while try decoder.nextField(probeFields) != nil {
                        container.probes.append(try probe(&decoder))
                    }
                }
            }
            containers.append(container)
        }
        return containers
    }

    private static func containerPorts(_ decoder: inout ObjectDecoder) throws(JSONError) -> [Container.Port] {
        var ports: [Container.Port] = []
        guard try decoder.beginArray() else { return ports }
        while try decoder.nextElement() {
            guard try decoder.beginObject() else { continue }
            var port = Container.Port()
            while let field = try decoder.nextField(containerPortFields) {
                switch field {
                case .name: port.name = try decoder.string() ?? ""
                case .containerPort: port.port = try decoder.port()
                case .protocol: port.transport = try decoder.transport() ?? .tcp
                case .hostPort: port.hostPort = try decoder.port()
                case .hostIP: port.hostAddress = try decoder.address()
                }
            }
            ports.append(port)
        }
        return ports
    }

    /// `httpGet`, `tcpSocket` or `grpc` of a probe.
    private static func probe(_ decoder: inout ObjectDecoder) throws(JSONError) -> Container.Probe {
        var probe = Container.Probe()
        guard try decoder.beginObject() else { return probe }
        while let field = try decoder.nextField(probeTargetFields) {
            switch field {
            case .port:
                if try decoder.kind() == .string {
                    probe.port = try decoder.string().map { .name($0) } ?? .none
                } else {
                    probe.port = try decoder.port().map { .number($0) } ?? .none
                }
            case .host: probe.host = try decoder.address()
            }
        }
        return probe
    }

    /// `state.terminated.finishedAt`, of which the latest counts.
    private mutating func readContainerStatus(_ decoder: inout ObjectDecoder) throws(JSONError) {
        guard try decoder.beginObject() else { return }
        while let field = try decoder.nextField(nestedFields) {
            guard field == .state else {
                try decoder.skip()
                continue
            }
            guard try decoder.beginObject() else { continue }
            while let field = try decoder.nextField(nestedFields) {
                guard field == .terminated else {
                    try decoder.skip()
                    continue
                }
                guard try decoder.beginObject() else { continue }
                while let field = try decoder.nextField(nestedFields) {
                    guard field == .finishedAt else {
                        try decoder.skip()
                        continue
                    }
                    guard let moment = try decoder.timestamp() else { continue }
                    lastFinished = max(lastFinished ?? moment, moment)
                }
            }
        }
    }

    // MARK: Addresses

    /// The `ip` of each object of an array: `podIPs`, or a load balancer's `ingress`.
    private static func ingressAddresses(_ decoder: inout ObjectDecoder) throws(JSONError) -> [IPAddress] {
        var addresses: [IPAddress] = []
        guard try decoder.beginArray() else { return addresses }
        while try decoder.nextElement() {
            guard try decoder.beginObject() else { continue }
            while let field = try decoder.nextField(nestedFields) {
                if field == .ip {
                    if let address = try decoder.address() { addresses.append(address) }
                } else {
                    try decoder.skip()
                }
            }
        }
        return addresses
    }

    private mutating func readNodeAddresses(_ decoder: inout ObjectDecoder) throws(JSONError) {
        // Other kinds have `status.addresses` as well, in forms of their own.
        guard try decoder.kind() == .array else {
            try decoder.skip()
            return
        }
        guard try decoder.beginArray() else { return }
        while try decoder.nextElement() {
            guard try decoder.beginObject() else { continue }
            var isNodeAddress = false
            var address: IPAddress?
            while let field = try decoder.nextField(nestedFields) {
                switch field {
                case .type:
                    let type = try decoder.string()
                    isNodeAddress = type == "InternalIP" || type == "ExternalIP"
                case .address: address = try decoder.address()
                default: try decoder.skip()
                }
            }
            if isNodeAddress, let address { nodeAddresses.append(address) }
        }
    }

    private mutating func readDaemonEndpoints(_ decoder: inout ObjectDecoder) throws(JSONError) {
        guard try decoder.beginObject() else { return }
        while let field = try decoder.nextField(nestedFields) {
            guard field == .kubeletEndpoint else {
                try decoder.skip()
                continue
            }
            guard try decoder.beginObject() else { continue }
            while let field = try decoder.nextField(nestedFields) {
                if field == .port { kubeletPort = try decoder.port() } else { try decoder.skip() }
            }
            // The kubelet's own default (kubelet.config.k8s.io/v1beta1, `port`), when the field names none.
            kubeletPort = kubeletPort ?? 10250
        }
    }
}
