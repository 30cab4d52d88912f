package import NetModel

/// What an inventory keeps of an EndpointSlice (discovery.k8s.io/v1, v1beta1), or of one subset of an Endpoints
/// object (core/v1): a service's addresses, each with all of the ports.
package struct EndpointSlice: Hashable, Sendable {
    package struct Endpoint: Hashable, Sendable {
        package let address: IPAddress
        /// The pod that `targetRef` names; nil for an endpoint that is no pod, as the API server.
        package let podNamespace: String?
        package let podName: String?
        package let nodeName: String?

        package init(
            address: IPAddress,
            podNamespace: String? = nil,
            podName: String? = nil,
            nodeName: String? = nil
        ) {
            self.address = address
            self.podNamespace = podNamespace
            self.podName = podName
            self.nodeName = nodeName
        }
    }

    package struct Port: Hashable, Sendable {
        /// The name of the service's port, "" when it has none.
        package let name: String
        package let port: UInt16
        package let transport: TransportProtocol

        package init(name: String = "", port: UInt16, transport: TransportProtocol = .tcp) {
            self.name = name
            self.port = port
            self.transport = transport
        }
    }

    package let namespace: String
    /// The label `kubernetes.io/service-name`, or the name of the Endpoints object.
    package let serviceName: String
    package let endpoints: [Endpoint]
    package let ports: [Port]

    package init(namespace: String, serviceName: String, endpoints: [Endpoint], ports: [Port]) {
        self.namespace = namespace
        self.serviceName = serviceName
        self.endpoints = endpoints
        self.ports = ports
    }
}
