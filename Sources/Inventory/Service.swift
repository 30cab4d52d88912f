package import NetModel

/// What an inventory keeps of a Service (core/v1).
package struct Service: Hashable, Sendable {
    /// One of `spec.ports`.
    package struct Port: Hashable, Sendable {
        /// "" when the port has no name.
        package let name: String
        package let port: UInt16
        package let transport: TransportProtocol
        package let nodePort: UInt16?

        package init(name: String = "", port: UInt16, transport: TransportProtocol = .tcp, nodePort: UInt16? = nil) {
            self.name = name
            self.port = port
            self.transport = transport
            self.nodePort = nodePort
        }
    }

    package let namespace: String
    package let name: String
    /// `spec.clusterIPs`, or `spec.clusterIP`; empty for a headless service.
    package let clusterAddresses: [IPAddress]
    /// `spec.externalIPs` and `status.loadBalancer.ingress[].ip`.
    package let externalAddresses: [IPAddress]
    package let ports: [Port]

    package init(
        namespace: String,
        name: String,
        clusterAddresses: [IPAddress] = [],
        externalAddresses: [IPAddress] = [],
        ports: [Port] = []
    ) {
        self.namespace = namespace
        self.name = name
        self.clusterAddresses = clusterAddresses
        self.externalAddresses = externalAddresses
        self.ports = ports
    }
}

/// A service, and which of its ports.
package struct ServicePort: Hashable, Sendable {
    package let namespace: String
    package let name: String
    /// The port's name, or its number when it has none; nil when it is not known which.
    package let port: String?

    package init(namespace: String, name: String, port: String?) {
        self.namespace = namespace
        self.name = name
        self.port = port
    }

    /// "ns/name".
    package var service: String { "\(namespace)/\(name)" }
}

extension ServicePort: CustomStringConvertible {
    /// "ns/name:port", or "ns/name".
    package var description: String { port.map { "\(service):\($0)" } ?? service }
}
