import NetModel
import ProtobufReader

// `spec` and `status` of nodes and services (core/v1), and what an endpoint slice has (discovery.k8s.io/v1).

private enum NodeSpecField: UInt32 {
    case podCIDR = 1
    case podCIDRs = 7
}

private enum NodeStatusField: UInt32 {
    case addresses = 5
    case daemonEndpoints = 6
}

private enum NodeAddressField: UInt32 {
    case type = 1
    case address = 2
}

private enum DaemonEndpointsField: UInt32 {
    case kubeletEndpoint = 1
}

private enum DaemonEndpointField: UInt32 {
    case port = 1
}

private enum ServiceSpecField: UInt32 {
    case ports = 1
    case clusterIP = 3
    case externalIPs = 5
    case clusterIPs = 18
}

private enum ServicePortField: UInt32 {
    case name = 1
    case `protocol` = 2
    case port = 3
    case nodePort = 5
}

private enum ServiceStatusField: UInt32 {
    case loadBalancer = 1
}

private enum LoadBalancerField: UInt32 {
    case ingress = 1
}

private enum EndpointField: UInt32 {
    case addresses = 1
    case targetRef = 4
    case nodeName = 6
}

private enum EndpointPortField: UInt32 {
    case name = 1
    case `protocol` = 2
    case port = 3
}

private enum ObjectReferenceField: UInt32 {
    case kind = 1
    case namespace = 2
    case name = 3
}

extension DecodedObject {
    // MARK: Node

    mutating func readNodeSpec(_ message: ProtobufFields, in bytes: Span<UInt8>) throws(ProtobufError) {
        var fields = message
        while let (name, field) = try fields.next(NodeSpecField.self, in: bytes) {
            switch name {
            case .podCIDR: podCIDR = try field.string(in: bytes)
            case .podCIDRs: podCIDRs.append(try field.string(in: bytes))
            }
        }
    }

    mutating func readNodeStatus(_ message: ProtobufFields, in bytes: Span<UInt8>) throws(ProtobufError) {
        var fields = message
        while let (name, field) = try fields.next(NodeStatusField.self, in: bytes) {
            let content = try field.message(of: fields)
            switch name {
            case .addresses: try readNodeAddress(content, in: bytes)
            case .daemonEndpoints: try readDaemonEndpoints(content, in: bytes)
            }
        }
    }

    private mutating func readNodeAddress(_ message: ProtobufFields, in bytes: Span<UInt8>) throws(ProtobufError) {
        var isNodeAddress = false
        var address: IPAddress?
        var fields = message
        while let (name, field) = try fields.next(NodeAddressField.self, in: bytes) {
            switch name {
            case .type:
                let type = try field.string(in: bytes)
                isNodeAddress = type == "InternalIP" || type == "ExternalIP"
            case .address: address = try Self.address(field, in: bytes)
            }
        }
        if isNodeAddress, let address { nodeAddresses.append(address) }
    }

    private mutating func readDaemonEndpoints(_ message: ProtobufFields, in bytes: Span<UInt8>) throws(ProtobufError) {
        var fields = message
        while let (_, endpoint) = try fields.next(DaemonEndpointsField.self, in: bytes) {
            var ports = try endpoint.message(of: fields)
            while let (_, field) = try ports.next(DaemonEndpointField.self, in: bytes) {
                kubeletPort = try port(field, named: "Port")
            }
            // As for JSON: the kubelet's own default, when the field names none.
            kubeletPort = kubeletPort ?? 10250
        }
    }

    // MARK: Service

    mutating func readServiceSpec(_ message: ProtobufFields, in bytes: Span<UInt8>) throws(ProtobufError) {
        var fields = message
        while let (name, field) = try fields.next(ServiceSpecField.self, in: bytes) {
            switch name {
            case .ports: try readServicePort(try field.message(of: fields), in: bytes)
            case .clusterIP: clusterAddress = try Self.address(field, in: bytes)
            case .clusterIPs:
                if let address = try Self.address(field, in: bytes) { clusterAddresses.append(address) }
            case .externalIPs:
                if let address = try Self.address(field, in: bytes) { externalAddresses.append(address) }
            }
        }
    }

    private mutating func readServicePort(_ message: ProtobufFields, in bytes: Span<UInt8>) throws(ProtobufError) {
        var (name, number, nodePort) = ("", UInt16?.none, UInt16?.none)
        var transport = TransportProtocol.tcp
        var fields = message
        while let (fieldName, field) = try fields.next(ServicePortField.self, in: bytes) {
            switch fieldName {
            case .name: name = try field.string(in: bytes)
            case .protocol: transport = try Self.transport(field, in: bytes)
            case .port: number = try port(field, named: "port")
            case .nodePort: nodePort = try port(field, named: "nodePort")
            }
        }
        guard let number else { return }
        servicePorts.append(Service.Port(name: name, port: number, transport: transport, nodePort: nodePort))
    }

    mutating func readServiceStatus(_ message: ProtobufFields, in bytes: Span<UInt8>) throws(ProtobufError) {
        var fields = message
        while let (_, balancer) = try fields.next(ServiceStatusField.self, in: bytes) {
            var ingress = try balancer.message(of: fields)
            while let (_, field) = try ingress.next(LoadBalancerField.self, in: bytes) {
                if let address = try Self.singleAddress(try field.message(of: ingress), in: bytes) {
                    externalAddresses.append(address)
                }
            }
        }
    }

    // MARK: EndpointSlice

    mutating func readEndpoint(
        _ message: ProtobufFields,
        in bytes: Span<UInt8>,
        texts: inout TextCache
    ) throws(ProtobufError) {
        var addresses: [IPAddress] = []
        var target: (namespace: String?, name: String?) = (nil, nil)
        var nodeName: String?
        var fields = message
        while let (name, field) = try fields.next(EndpointField.self, in: bytes) {
            switch name {
            case .addresses:
                if let address = try Self.address(field, in: bytes) { addresses.append(address) }
            case .targetRef: target = try Self.target(try field.message(of: fields), in: bytes, texts: &texts)
            case .nodeName: nodeName = try texts.text(field, in: bytes)
            }
        }
        for address in addresses {
            endpoints.append(
                EndpointSlice.Endpoint(
                    address: address,
                    podNamespace: target.namespace,
                    podName: target.name,
                    nodeName: nodeName
                ))
        }
    }

    /// The pod that a `targetRef` names; nothing when it names something else. What has no value comes as "".
    private static func target(
        _ message: ProtobufFields,
        in bytes: Span<UInt8>,
        texts: inout TextCache
    ) throws(ProtobufError) -> (namespace: String?, name: String?) {
        var (kind, namespace, name) = ("", "", "")
        var fields = message
        while let (fieldName, field) = try fields.next(ObjectReferenceField.self, in: bytes) {
            switch fieldName {
            case .kind: kind = try field.string(in: bytes)
            case .namespace: namespace = try texts.text(field, in: bytes)
            case .name: name = try field.string(in: bytes)
            }
        }
        guard kind == ObjectKind.pod.rawValue, !name.isEmpty else { return (nil, nil) }
        return (namespace.isEmpty ? nil : namespace, name)
    }

    mutating func readEndpointPort(_ message: ProtobufFields, in bytes: Span<UInt8>) throws(ProtobufError) {
        var (name, number) = ("", UInt16?.none)
        var transport = TransportProtocol.tcp
        var fields = message
        while let (fieldName, field) = try fields.next(EndpointPortField.self, in: bytes) {
            switch fieldName {
            case .name: name = try field.string(in: bytes)
            case .protocol: transport = try Self.transport(field, in: bytes)
            case .port: number = try port(field, named: "port")
            }
        }
        guard let number else { return }
        endpointPorts.append(EndpointSlice.Port(name: name, port: number, transport: transport))
    }
}
