package import NetModel

/// Connections between the same two ends that a place which drops explains.
package struct ExplainedFlow: Hashable, Sendable {
    package var source: String
    package var destination: String
    /// The server's port; nil for protocols without ports.
    package var port: UInt16?
    package var transport: TransportProtocol
    /// The namespaces of its two ends, as far as they have any.
    package var namespaces: Set<String>
    package var connections: Int

    package init(
        source: String,
        destination: String,
        port: UInt16?,
        transport: TransportProtocol,
        namespaces: Set<String>,
        connections: Int
    ) {
        self.source = source
        self.destination = destination
        self.port = port
        self.transport = transport
        self.namespaces = namespaces
        self.connections = connections
    }
}

extension ExplainedFlow: CustomStringConvertible {
    /// "shop/frontend→shop/backend:8080 (3)".
    package var description: String {
        "\(source)→\(destination)" + (port.map { ":\($0)" } ?? "") + " (\(connections))"
    }
}
