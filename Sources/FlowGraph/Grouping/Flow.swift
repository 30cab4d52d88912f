package import NetModel

/// From which side a flow was opened, seen from the cluster's workload (design: contracts, "direction").
package enum FlowDirection: String, CaseIterable, Sendable {
    case egress, ingress, bidirectional
}

/// What one flow, a connection or a sum of connections, tells. A value that was not measured is nil, never zero.
package struct Flow: Sendable {
    package var source: FlowEnd
    package var destination: FlowEnd
    package var transport: TransportProtocol
    /// The client's port, for a single connection.
    package var sourcePort: UInt16?
    /// The server's port, nil where the grouping does not keep ports and for ephemeral ones.
    package var destinationPort: UInt16?
    /// "ns/name:port" of the service that the client dialled.
    package var service: String?
    /// The address that the client dialled when it was not the server's.
    package var dialled: IPAddress?
    package var dialledPort: UInt16?
    /// The client's address and port as the server sees it, when it was translated.
    package var translatedSource: IPAddress?
    package var translatedSourcePort: UInt16?
    package var leg: Leg?
    package var direction: FlowDirection?
    /// What all connections of the flow have in common; nil where they differ.
    package var verdict: Verdict?
    /// What all connections of the flow have in common; nil where they differ or it was not observed.
    package var outcome: Outcome?
    package var state: ConntrackState?

    package var connections: Int
    /// How many of the connections carry counters; where there is a window, how many were measured over it.
    package var countedConnections: Int
    /// How many were opened while events were listened to or within the window; nil when none of its observers had
    /// either.
    package var newConnections: Int?
    /// Refused and unanswered ones; nil when none is known but of some it was not observed.
    package var failedConnections: Int?

    /// Whether a connection was seen within a window.
    package var hasWindow = false
    /// Within the window, client to server; nil without a window, and where no connection was measured over it.
    package var sent: Counters?
    /// Within the window, server to client.
    package var received: Counters?
    /// Over the connections' life, client to server; nil without a counted connection.
    package var totalSent: Counters?
    /// Over the connections' life, server to client.
    package var totalReceived: Counters?
    /// Both directions, over the window; without one over the connections' life.
    package var bytesPerSecond: Double?
    package var packetsPerSecond: Double?
    /// How long the kernel has had the longest connection's entry: after a connection's last packet it stays for the
    /// kernel's timeout, so that this is the most that the connection can have lasted.
    package var durationSeconds: Double?
    /// When it was last observed, by its nodes' clocks, where a time was reported.
    package var timestamp: Timestamp?
    /// Whether this is a single connection rather than a sum.
    package var isConnection = false
    /// Names of those that observed it.
    package var observers: [String]
    /// What a component said of those of its connections that were dropped or rejected; nil where they differ.
    package var evidence: DropReason?
    /// A connection whose client and server were exchanged where it was picked up.
    package var turnedRound: Bool = false

    package init(source: FlowEnd, destination: FlowEnd, transport: TransportProtocol) {
        self.source = source
        self.destination = destination
        self.transport = transport
        connections = 0
        countedConnections = 0
        observers = []
    }
}
