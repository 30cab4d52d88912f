import Inventory
import NetModel

/// Tells an application's own connections from those that carry others, and from probes.
struct ConnectionMarks {
    private let table: ConnectionTable
    private let inventory: Inventory
    private let knowsNodes: Bool
    /// The clients on nodes and the ends that they dialled, and whether each was a kubelet's probe.
    private var dials = PairIndex()
    private var areProbes: [Bool] = []

    init(table: ConnectionTable, inventory: Inventory) {
        self.table = table
        self.inventory = inventory
        knowsNodes = !inventory.nodeNames.isEmpty
    }

    /// Labels a connection by what it is alone.
    mutating func set(on connection: inout ResolvedConnection, _ record: ConnectionRecord, _ resolver: EndResolver) {
        let source = resolver.kinds[Int(connection.source)]
        let destination = resolver.kinds[Int(connection.destination)]
        if Leg.isOverlayShaped(record) {
            // Without nodes in the inventory nobody can say whose addresses these are; with them, a tunnel that a
            // pod has to somewhere is the pod's own traffic.
            let ends: Identity.Kind = knowsNodes ? .node : .unknown
            if source == ends, destination == ends { connection.leg = .overlay }
            return
        }
        guard record.transport == .tcp else { return }
        let isOutbound = MeshRedirect.isOutboundLeg(record, addresses: table.addresses)
        if isOutbound || Leg.isMeshShaped(record) { connection.leg = .mesh }
        if Leg.isConsulShaped(record), Leg.isConsulInjected(resolver.labels(of: connection.destination)) {
            connection.leg = .mesh
        }
        if isOutbound { connection.marks.insert(.carriesOthers) }
        // The kubelet dials the pod itself, never a Service.
        if source == .node, record.dialled == record.server, isProbe(connection, record, resolver) {
            connection.marks.insert(.probe)
        }
    }

    /// The same of every connection from a node to an end.
    private mutating func isProbe(
        _ connection: ResolvedConnection,
        _ record: ConnectionRecord,
        _ resolver: EndResolver
    ) -> Bool {
        let number = dials.insert(UInt64(connection.source), record.server.word)
        if number == areProbes.count {
            areProbes.append(isProbe(record, by: resolver.node(of: connection.source)))
        }
        return areProbes[number]
    }

    private func isProbe(_ record: ConnectionRecord, by node: String?) -> Bool {
        guard let node else { return false }
        return inventory.isProbe(
            clientIsNode: node,
            server: table.addresses[record.server.address],
            port: record.server.port
        )
    }

    /// An overlay's outer flow is left out of sums when the table holds an inner flow between the same two nodes.
    /// Where the inner flows bypass the table the outer ones are all there is, and they stay.
    static func leaveOutOverlays(on connections: inout ResolvedPieces, identities: [Identity]) {
        var numbers: [String: UInt32] = [:]
        let nodes = identities.map { identity -> UInt32? in
            guard let node = identity.node else { return nil }
            if let known = numbers[node] { return known }
            numbers[node] = UInt32(numbers.count)
            return numbers[node]
        }
        func pair(_ connection: ResolvedConnection) -> UInt64? {
            guard let source = nodes[Int(connection.source)], let destination = nodes[Int(connection.destination)],
                source != destination
            else { return nil }
            return (UInt64(min(source, destination)) << 32) | UInt64(max(source, destination))
        }
        var inner = Set<UInt64>()
        for connection in connections where connection.leg != .overlay && !connection.marks.contains(.absorbed) {
            let isPod =
                identities[Int(connection.source)].kind == .pod || identities[Int(connection.destination)].kind == .pod
            if isPod, let pair = pair(connection) { inner.insert(pair) }
        }
        for position in connections.indices where connections[position].leg == .overlay {
            if let pair = pair(connections[position]), inner.contains(pair) {
                connections.mark(position, .carriesOthers)
            }
        }
    }
}
