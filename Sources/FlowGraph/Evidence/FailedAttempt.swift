import Inventory
package import NetModel

/// A connection that nobody answered, or that was reset before an answer: what a rule that drops or rejects may explain.
package struct FailedAttempt: Sendable {
    /// An address and a port; 0 for protocols without ports.
    package struct Endpoint: Hashable, Sendable {
        package var address: IPAddress
        package var port: UInt16

        package init(_ address: IPAddress, _ port: UInt16) {
            self.address = address
            self.port = port
        }
    }

    /// Its position among the connections.
    package var position: Int
    package var transport: TransportProtocol
    package var client: Endpoint
    /// What the client dialled.
    package var dialled: Endpoint
    /// The client as the server would see it.
    package var seenClient: Endpoint
    /// Whom the client would have reached.
    package var server: Endpoint
    /// Whether a reset came back.
    package var wasReset: Bool
    /// Whether it sent anything within the window, as far as that is known; nil without a window.
    package var wasActive: Bool?
    /// The nodes whose tables it is in.
    package var observers: [String]
    /// The node that the server is on; nil where that is not known.
    package var serverNode: String?
    /// Whether the server's address is that node's own.
    package var isServerOnNodeNetwork: Bool

    package init(
        position: Int,
        transport: TransportProtocol,
        client: Endpoint,
        dialled: Endpoint,
        seenClient: Endpoint,
        server: Endpoint,
        wasReset: Bool,
        wasActive: Bool?,
        observers: [String],
        serverNode: String?,
        isServerOnNodeNetwork: Bool
    ) {
        self.position = position
        self.transport = transport
        self.client = client
        self.dialled = dialled
        self.seenClient = seenClient
        self.server = server
        self.wasReset = wasReset
        self.wasActive = wasActive
        self.observers = observers
        self.serverNode = serverNode
        self.isServerOnNodeNetwork = isServerOnNodeNetwork
    }
}

extension ResolvedConnections {
    /// Every connection that was not answered, in order. Those that expect no answer are left out: to a multicast or
    /// broadcast address, and an overlay's outer flows.
    package func failedAttempts() -> [FailedAttempt] {
        var attempts: [FailedAttempt] = []
        let nodeAddresses = Set(inventory.nodes.flatMap(\.addresses) + inventory.pods.compactMap(\.hostAddress))
        for position in connections.indices {
            let record = table.records[position]
            if record.flags.contains(.seenReply) { continue }
            let connection = connections[position]
            guard !connection.marks.contains(.absorbed) else { continue }
            let window = table.window(of: position)
            let verdict = record.verdict(in: table.addresses, window)
            guard verdict == .refused || verdict == .noReply || record.mayBeUnanswered(in: table.addresses) else {
                continue
            }
            attempts.append(attempt(position, record, connection, window, verdict, nodeAddresses))
        }
        return attempts
    }

    /// Notes why connections were not answered. Their verdict is then what the component said.
    package mutating func note(_ evidence: DropReason, of positions: [Int]) {
        for position in positions {
            self.evidence.note(evidence, of: position)
            table.update(position) { record in
                record.flags.remove(.dropsTold)
                record.flags.insert(evidence.act == .dropped ? .dropped : .rejected)
            }
        }
    }

    /// Both ends of a connection, as they are told under a grouping.
    package func ends(of position: Int, grouping: Grouping) -> (source: FlowEnd, destination: FlowEnd) {
        let connection = connections[position]
        return (
            FlowEnd(identities[Int(connection.source)], grouping: grouping),
            FlowEnd(identities[Int(connection.destination)], grouping: grouping)
        )
    }

    private func attempt(
        _ position: Int,
        _ record: ConnectionRecord,
        _ connection: ResolvedConnection,
        _ window: ConnectionWindow?,
        _ verdict: Verdict,
        _ nodeAddresses: Set<IPAddress>
    ) -> FailedAttempt {
        func endpoint(_ end: ConnectionRecord.End) -> FailedAttempt.Endpoint {
            FailedAttempt.Endpoint(table.addresses[end.address], end.port)
        }
        let server = identities[Int(connection.destination)]
        return FailedAttempt(
            position: position,
            transport: record.transport,
            client: endpoint(record.client),
            dialled: endpoint(record.dialled),
            seenClient: endpoint(record.seenClient),
            server: endpoint(record.server),
            wasReset: verdict == .refused,
            wasActive: window.flatMap { window in
                if window.began || window.carried { return true }
                return window.tellsIdle ? false : nil
            },
            observers: table.observerSets[record.observers].map { table.observers[Int($0)].name },
            serverNode: server.node,
            isServerOnNodeNetwork: server.kind == .node || nodeAddresses.contains(server.address)
        )
    }
}

extension ConnectionRecord {
    /// Whether an answer was expected and none is known to have come.
    fileprivate func mayBeUnanswered(in addresses: AddressTable) -> Bool {
        guard counters(.hasReceived).map({ $0.packets == 0 }) ?? true else { return false }
        // Without its last state and counters nobody knows how an ended connection fared.
        guard !flags.contains(.destroyed) else { return false }
        return expectsAnswer(in: addresses)
    }
}
