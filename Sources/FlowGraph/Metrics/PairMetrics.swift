package import NetModel

/// What the connections from one source to one destination amount to, over all ports, protocols and services. A value
/// that was not measured is nil, never zero.
package struct PairMetrics: Sendable {
    package var source: FlowEnd
    package var destination: FlowEnd
    /// Both directions, over the window; without one over the connections' life.
    package var bytesPerSecond: Double?
    package var packetsPerSecond: Double?
    /// Those that were there at any moment, idle ones included.
    package var connections: Int
    /// The protocol that carried the most bytes; where none was counted, or none carried any, the one with the most
    /// connections.
    package var transport: TransportProtocol
    /// The servers' ports, ascending; ports that were handed out for one connection are left out.
    package var ports: [UInt16]
    /// Whether payload passed within the window on any connection, or a packet set the timeout of one anew; nil
    /// without a window, and where none is known to have been used but of some it is not known.
    package var isActive: Bool?
    /// How many connections are known to have been used within the window; nil without one.
    package var activeConnections: Int?
    package var direction: FlowDirection?
    /// Distinct outer tuples (what servers received) of which a connection began, or failed, within the window, or
    /// while events were read: a client that dials again from the same port, and a connection that several records
    /// tell of, are one attempt. Nil unless refused connections were observable to every observer of the pair: where
    /// one could not see them, attempts may be missing.
    package var attempts: Int?
    /// The attempts of which any connection was refused or unanswered: the order of a tuple's connections is not
    /// always told, and a success must not hide the failure before it. Nil where `attempts` is, and where none is
    /// known to have failed but of some it is not known.
    package var failedAttempts: Int?
    /// Client to server over the connections' life; nil without a counted connection.
    package var totalSent: Counters?
    /// Server to client over the connections' life; nil without a counted connection.
    package var totalReceived: Counters?
    /// Names of those that observed it.
    package var observers: [String]

    package init(source: FlowEnd, destination: FlowEnd, transport: TransportProtocol) {
        self.source = source
        self.destination = destination
        self.transport = transport
        connections = 0
        ports = []
        observers = []
    }

    /// Failed attempts of all, 0 to 1; nil where either is not known, and without attempts.
    package var errorRate: Double? {
        guard let attempts, let failedAttempts, attempts > 0 else { return nil }
        return Double(failedAttempts) / Double(attempts)
    }
}
