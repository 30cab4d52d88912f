import Inventory
import NetModel

/// Tells an application's own connections from those that carry others, and from probes.
enum ConnectionMarks {
    static func set(
        on connections: inout [ResolvedConnection],
        identities: [Identity],
        table: ConnectionTable,
        inventory: Inventory
    ) {
        let knowsNodes = !inventory.nodeNames.isEmpty
        var hasOverlays = false
        for position in connections.indices {
            let connection = connections[position]
            let record = table.records[Int(connection.record)]
            if Leg.isOverlayShaped(record) {
                let source = identities[Int(connection.source)].kind
                let destination = identities[Int(connection.destination)].kind
                // Without nodes in the inventory nobody can say whose addresses these are; with them, a tunnel that
                // a pod has to somewhere is the pod's own traffic.
                let ends: Identity.Kind = knowsNodes ? .node : .unknown
                if source == ends, destination == ends {
                    connections[position].leg = .overlay
                    hasOverlays = true
                }
            } else if record.transport == .tcp {
                let isOutbound = MeshRedirect.isOutboundLeg(record, addresses: table.addresses)
                if isOutbound
                    || Leg.isMeshShaped(record, serverLabels: identities[Int(connection.destination)].labels)
                {
                    connections[position].leg = .mesh
                }
                if isOutbound { connections[position].marks.insert(.carriesOthers) }
                if isProbe(connection, record, identities, table, inventory) {
                    connections[position].marks.insert(.probe)
                }
            }
        }
        if hasOverlays { leaveOutOverlays(on: &connections, identities: identities) }
    }

    private static func isProbe(
        _ connection: ResolvedConnection,
        _ record: ConnectionRecord,
        _ identities: [Identity],
        _ table: ConnectionTable,
        _ inventory: Inventory
    ) -> Bool {
        guard identities[Int(connection.source)].kind == .node, let node = identities[Int(connection.source)].node
        else {
            return false
        }
        return inventory.isProbe(
            clientIsNode: node,
            server: table.addresses[record.server.address],
            port: record.server.port
        )
    }

    /// An overlay's outer flow is left out of sums when the table holds an inner flow between the same two nodes.
    /// Where the inner flows bypass the table the outer ones are all there is, and they stay.
    private static func leaveOutOverlays(on connections: inout [ResolvedConnection], identities: [Identity]) {
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
            return UInt64(min(source, destination)) << 32 | UInt64(max(source, destination))
        }
        var inner = Set<UInt64>()
        for connection in connections where connection.leg != .overlay {
            let isPod =
                identities[Int(connection.source)].kind == .pod || identities[Int(connection.destination)].kind == .pod
            if isPod, let pair = pair(connection) { inner.insert(pair) }
        }
        for position in connections.indices where connections[position].leg == .overlay {
            if let pair = pair(connections[position]), inner.contains(pair) {
                connections[position].marks.insert(.carriesOthers)
            }
        }
    }
}
