import JSONText
import NetModel

// The fields of an object, its metadata, and the parts that are not a pod's.

private enum TopField: String, CaseIterable {
    case kind, apiVersion, metadata, spec, status, subsets, endpoints, ports, items
}

private enum MetadataField: String, CaseIterable {
    case name, namespace, uid, resourceVersion, labels, creationTimestamp, ownerReferences
}

private enum OwnerField: String, CaseIterable {
    case kind, name, uid, controller
}

private enum PortField: String, CaseIterable {
    case name, port, `protocol`, nodePort
}

private enum EndpointField: String, CaseIterable {
    case addresses, targetRef, nodeName
}

private enum TargetField: String, CaseIterable {
    case kind, namespace, name
}

private enum SubsetField: String, CaseIterable {
    case addresses, notReadyAddresses, ports
}

private enum SubsetAddressField: String, CaseIterable {
    case ip, targetRef, nodeName
}

private let topFields = JSONKeyTable<TopField>()
private let metadataFields = JSONKeyTable<MetadataField>()
private let ownerFields = JSONKeyTable<OwnerField>()
private let portFields = JSONKeyTable<PortField>()
private let endpointFields = JSONKeyTable<EndpointField>()
private let targetFields = JSONKeyTable<TargetField>()
private let subsetFields = JSONKeyTable<SubsetField>()
private let subsetAddressFields = JSONKeyTable<SubsetAddressField>()

extension DecodedObject {
    /// Reads the object that comes next. `item` is called before each item of a list, and must read or skip it.
    mutating func read(
        _ decoder: inout ObjectDecoder,
        item: (inout ObjectDecoder, inout DecodedObject) throws(JSONError) -> Void
    ) throws(JSONError) {
        // The value begins after whitespace, which the reader passes when it is asked for the kind.
        _ = try decoder.kind()
        (line, offset) = (decoder.reader.line, decoder.reader.offset)
        guard try decoder.beginObject() else { return }
        while let field = try decoder.nextField(topFields) {
            switch field {
            case .kind: kind = try decoder.string()
            case .apiVersion: apiVersion = try decoder.string()
            case .metadata: try readMetadata(&decoder)
            case .items: try readItems(&decoder, item)
            // The fields of kinds that are not used may be of any type and size.
            case _ where kind.map { ObjectKind(rawValue: $0) == nil } ?? false: try decoder.skip()
            case .spec: try readSpec(&decoder)
            case .status: try readStatus(&decoder)
            case .subsets: try readSubsets(&decoder)
            case .endpoints: try readEndpoints(&decoder)
            case .ports: endpointPorts = try Self.endpointPorts(&decoder)
            }
        }
    }

    private mutating func readItems(
        _ decoder: inout ObjectDecoder,
        _ item: (inout ObjectDecoder, inout DecodedObject) throws(JSONError) -> Void
    ) throws(JSONError) {
        guard try decoder.kind() == .array, try decoder.beginArray() else {
            try decoder.skip()
            return
        }
        isList = true
        while try decoder.nextElement() { try item(&decoder, &self) }
    }

    private mutating func readMetadata(_ decoder: inout ObjectDecoder) throws(JSONError) {
        guard try decoder.beginObject() else { return }
        while let field = try decoder.nextField(metadataFields) {
            switch field {
            case .name: name = try decoder.string() ?? ""
            case .namespace: namespace = try decoder.string() ?? ""
            case .uid: uid = try decoder.string() ?? ""
            case .resourceVersion: resourceVersion = try decoder.string() ?? ""
            case .labels: labels = try decoder.labels()
            case .creationTimestamp: created = try decoder.timestamp()
            case .ownerReferences:
                guard try decoder.beginArray() else { continue }
                while try decoder.nextElement() { try readOwner(&decoder) }
            }
        }
    }

    private mutating func readOwner(_ decoder: inout ObjectDecoder) throws(JSONError) {
        guard try decoder.beginObject() else { return }
        var (kind, name, uid) = ("", "", "")
        var isController = false
        while let field = try decoder.nextField(ownerFields) {
            switch field {
            case .kind: kind = try decoder.string() ?? ""
            case .name: name = try decoder.string() ?? ""
            case .uid: uid = try decoder.string() ?? ""
            case .controller: isController = try decoder.boolean() ?? false
            }
        }
        if isController { controller = OwnerReference(kind: kind, name: name, uid: uid) }
    }

    /// `spec.ports` of a Service.
    mutating func readServicePorts(_ decoder: inout ObjectDecoder) throws(JSONError) {
        guard try decoder.beginArray() else { return }
        while try decoder.nextElement() {
            guard let port = try Self.port(&decoder), let number = port.port else { continue }
            servicePorts.append(
                Service.Port(name: port.name, port: number, transport: port.transport, nodePort: port.nodePort)
            )
        }
    }

    private static func endpointPorts(_ decoder: inout ObjectDecoder) throws(JSONError) -> [EndpointSlice.Port] {
        var ports: [EndpointSlice.Port] = []
        guard try decoder.beginArray() else { return ports }
        while try decoder.nextElement() {
            guard let port = try port(&decoder), let number = port.port else { continue }
            ports.append(EndpointSlice.Port(name: port.name, port: number, transport: port.transport))
        }
        return ports
    }

    private struct PortFields {
        var name = ""
        var port: UInt16?
        var transport = TransportProtocol.tcp
        var nodePort: UInt16?
    }

    private static func port(_ decoder: inout ObjectDecoder) throws(JSONError) -> PortFields? {
        guard try decoder.beginObject() else { return nil }
        var port = PortFields()
        while let field = try decoder.nextField(portFields) {
            switch field {
            case .name: port.name = try decoder.string() ?? ""
            case .port: port.port = try decoder.port()
            case .protocol: port.transport = try decoder.transport() ?? .tcp
            case .nodePort: port.nodePort = try decoder.port()
            }
        }
        return port
    }

    private struct Target {
        var namespace: String?
        var name: String?
    }

    /// The pod that a `targetRef` names; nil when it names something else.
    private static func target(_ decoder: inout ObjectDecoder) throws(JSONError) -> Target? {
        guard try decoder.beginObject() else { return nil }
        var kind: String?
        var target = Target()
        while let field = try decoder.nextField(targetFields) {
            switch field {
            case .kind: kind = try decoder.string()
            case .namespace: target.namespace = try decoder.string()
            case .name: target.name = try decoder.string()
            }
        }
        return kind == ObjectKind.pod.rawValue && target.name != nil ? target : nil
    }

    /// `endpoints` of an EndpointSlice.
    private mutating func readEndpoints(_ decoder: inout ObjectDecoder) throws(JSONError) {
        guard try decoder.beginArray() else { return }
        while try decoder.nextElement() {
            guard try decoder.beginObject() else { continue }
            var addresses: [IPAddress] = []
            var target: Target?
            var nodeName: String?
            while let field = try decoder.nextField(endpointFields) {
                switch field {
                case .addresses: addresses = try decoder.addresses()
                case .targetRef: target = try Self.target(&decoder)
                case .nodeName: nodeName = try decoder.string()
                }
            }
            endpoints += addresses.map {
                EndpointSlice.Endpoint(
                    address: $0,
                    podNamespace: target?.namespace,
                    podName: target?.name,
                    nodeName: nodeName
                )
            }
        }
    }

    /// `subsets` of an Endpoints object.
    private mutating func readSubsets(_ decoder: inout ObjectDecoder) throws(JSONError) {
        guard try decoder.beginArray() else { return }
        while try decoder.nextElement() {
            guard try decoder.beginObject() else { continue }
            var subset: (endpoints: [EndpointSlice.Endpoint], ports: [EndpointSlice.Port]) = ([], [])
            while let field = try decoder.nextField(subsetFields) {
                switch field {
                case .addresses, .notReadyAddresses: subset.endpoints += try Self.subsetAddresses(&decoder)
                case .ports: subset.ports = try Self.endpointPorts(&decoder)
                }
            }
            subsets.append(subset)
        }
    }

    private static func subsetAddresses(
        _ decoder: inout ObjectDecoder
    ) throws(JSONError) -> [EndpointSlice.Endpoint] {
        var endpoints: [EndpointSlice.Endpoint] = []
        guard try decoder.beginArray() else { return endpoints }
        while try decoder.nextElement() {
            guard try decoder.beginObject() else { continue }
            var address: IPAddress?
            var target: Target?
            var nodeName: String?
            while let field = try decoder.nextField(subsetAddressFields) {
                switch field {
                case .ip: address = try decoder.address()
                case .targetRef: target = try Self.target(&decoder)
                case .nodeName: nodeName = try decoder.string()
                }
            }
            guard let address else { continue }
            endpoints.append(
                EndpointSlice.Endpoint(
                    address: address,
                    podNamespace: target?.namespace,
                    podName: target?.name,
                    nodeName: nodeName
                )
            )
        }
        return endpoints
    }
}
