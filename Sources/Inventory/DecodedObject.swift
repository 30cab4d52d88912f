import NetModel

/// The used fields of an object of any kind. The kind may come last in the text, or only at the end of the list, so
/// all fields are read before it is known which of them count.
struct DecodedObject {
    struct Container {
        struct Port {
            var name = ""
            var port: UInt16?
            var transport = TransportProtocol.tcp
            var hostPort: UInt16?
            var hostAddress: IPAddress?
        }

        struct Probe {
            var port = PortReference.none
            var host: IPAddress?
        }

        var ports: [Port] = []
        var probes: [Probe] = []
    }

    /// A port by number or by the name that the container gives it (`IntOrString`).
    enum PortReference {
        case none
        case number(UInt16)
        case name(String)
    }

    /// The line where the object begins.
    var line = 0
    var offset = 0
    var fault: ObjectDecoder.Fault?

    var kind: String?
    var apiVersion: String?
    var namespace = ""
    var name = ""
    var uid = ""
    var resourceVersion = ""
    var labels: [String: String] = [:]
    var created: Timestamp?
    var controller: OwnerReference?

    // Pod
    var nodeName: String?
    /// `uid`, where a pod's was read without making a string of it.
    var podUID: ObjectUID?
    var isHostNetwork = false
    var containers: [Container] = []
    /// Apart from the others because JSON and protobuf have them in another order.
    var initContainers: [Container] = []
    var podAddress: IPAddress?
    var podAddresses: [IPAddress] = []
    var hostAddress: IPAddress?
    var phase = ""
    var started: Timestamp?
    var lastFinished: Timestamp?

    // Node
    var podCIDR: String?
    var podCIDRs: [String] = []
    var nodeAddresses: [IPAddress] = []
    var kubeletPort: UInt16?

    // Service
    var clusterAddress: IPAddress?
    var clusterAddresses: [IPAddress] = []
    var externalAddresses: [IPAddress] = []
    var servicePorts: [Service.Port] = []

    // EndpointSlice and Endpoints
    var endpoints: [EndpointSlice.Endpoint] = []
    var endpointPorts: [EndpointSlice.Port] = []
    var subsets: [(endpoints: [EndpointSlice.Endpoint], ports: [EndpointSlice.Port])] = []

    // A list
    var isList = false
    /// Items whose kind neither they nor the list had said when they were read.
    var pendingItems: [DecodedObject] = []
}

extension DecodedObject {
    /// The kind that the fields give away, for an item of a list that was cut off before it said its kind.
    var kindByFields: String? {
        if !containers.isEmpty || !initContainers.isEmpty { return ObjectKind.pod.rawValue }
        if podCIDR != nil || !podCIDRs.isEmpty || !nodeAddresses.isEmpty { return ObjectKind.node.rawValue }
        if !servicePorts.isEmpty { return ObjectKind.service.rawValue }
        if !subsets.isEmpty { return ObjectKind.endpoints.rawValue }
        return endpoints.isEmpty ? nil : ObjectKind.endpointSlice.rawValue
    }

    /// Why an object is too large to be one of a cluster's: the API server takes 1,000 endpoints and 100 ports a slice
    /// (discovery.k8s.io/v1, EndpointSlice), and no more endpoints in Endpoints. Nil for any other object.
    var excess: String? {
        let slices = subsets.map { ($0.endpoints.count, $0.ports.count) } + [(endpoints.count, endpointPorts.count)]
        guard let (endpoints, ports) = slices.first(where: { $0.0 > 10_000 || $0.0 * $0.1 > 100_000 }) else {
            return nil
        }
        return "\(endpoints) endpoints with \(ports) ports each are more than the API server takes"
    }

    /// `resourceVersion` as a number, which it is in every API server; nil when it is none.
    var version: UInt64? { UInt64(resourceVersion) }

    /// "ns/name", or the name alone.
    var fullName: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }

    /// The object as the inventory keeps it.
    func object(as kind: ObjectKind) -> InventoryObjects.Object {
        switch kind {
        case .node: .node(node)
        case .pod: .pod(pod)
        case .service: .service(service)
        case .endpointSlice: .endpoints([endpointSlice])
        case .endpoints:
            .endpoints(
                subsets.map {
                    EndpointSlice(namespace: namespace, serviceName: name, endpoints: $0.endpoints, ports: $0.ports)
                }
            )
        case .namespace: .namespace(name)
        case .replicaSet, .deployment, .statefulSet, .daemonSet, .job, .cronJob, .replicationController:
            .controller(Controller(kind: kind, namespace: namespace, name: name, uid: uid, owner: controller))
        }
    }

    private var node: Node {
        Node(
            name: name,
            zone: labels["topology.kubernetes.io/zone"] ?? labels["failure-domain.beta.kubernetes.io/zone"],
            addresses: nodeAddresses,
            podCIDRs: (podCIDRs.isEmpty ? podCIDR.map { [$0] } ?? [] : podCIDRs).compactMap { IPPrefix($0) },
            kubeletPort: kubeletPort
        )
    }

    private var pod: Pod {
        let end: Pod.End =
            phase != "Succeeded" && phase != "Failed"
            ? .running : lastFinished.map { .finished($0) } ?? .finishedAtUnknownTime
        let containers = containers + initContainers
        return Pod(
            namespace: namespace,
            name: name,
            uid: podUID ?? ObjectUID(uid),
            labels: labels,
            nodeName: nodeName.flatMap { $0.isEmpty ? nil : $0 },
            isHostNetwork: isHostNetwork,
            addresses: podAddresses.isEmpty ? podAddress.map { [$0] } ?? [] : podAddresses,
            hostAddress: hostAddress,
            owner: controller,
            start: started ?? created,
            end: end,
            ports: containers.flatMap { container in
                container.ports.compactMap { port in
                    port.port.map {
                        Pod.Port(
                            port: $0,
                            transport: port.transport,
                            hostPort: port.hostPort,
                            hostAddress: port.hostAddress.flatMap { $0.isUnspecified ? nil : $0 }
                        )
                    }
                }
            },
            probes: containers.flatMap { container in
                container.probes.compactMap { probe in
                    container.number(of: probe.port).map { Pod.Probe(port: $0, host: probe.host) }
                }
            }
        )
    }

    private var service: Service {
        Service(
            namespace: namespace,
            name: name,
            clusterAddresses: clusterAddresses.isEmpty ? clusterAddress.map { [$0] } ?? [] : clusterAddresses,
            externalAddresses: externalAddresses,
            ports: servicePorts
        )
    }

    private var endpointSlice: EndpointSlice {
        EndpointSlice(
            namespace: namespace,
            serviceName: labels["kubernetes.io/service-name"] ?? controller?.name ?? "",
            endpoints: endpoints,
            ports: endpointPorts
        )
    }
}

extension DecodedObject.Container {
    /// The number of a port that a probe names.
    func number(of reference: DecodedObject.PortReference) -> UInt16? {
        switch reference {
        case .none: nil
        case .number(let number): number
        // A name that is a number is one, as for `intstr.IntOrString` in probes.
        case .name(let name): ports.first { $0.name == name }?.port ?? UInt16(name)
        }
    }
}
