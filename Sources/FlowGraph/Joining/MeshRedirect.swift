import NetModel

/// Connections that a mesh's proxy takes over inside a pod's own network namespace.
///
/// Istio (15001 out, 15006 in), Linkerd (4140 out, 4143 in) and Consul (15001 out, 20000 in) redirect with a NAT
/// rule, so a pod's own table shows the proxy's port as the server's. Inbound, the redirect stays at the pod's
/// address, so it is the same connection that the node saw. Outbound, the application's connection ends in the
/// proxy, which dials anew.
enum MeshRedirect {
    private static func isInboundPort(_ port: UInt16) -> Bool {
        switch port {
        case 15006, 4143, 20000: true
        default: false
        }
    }

    private static func isOutboundPort(_ port: UInt16) -> Bool {
        switch port {
        case 15001, 4140: true
        default: false
        }
    }

    /// What the server received: the reply inverted, or, for an inbound redirect, what it was before the redirect.
    @inline(__always)
    static func outerTuple(of entry: ConntrackEntry) -> (tuple: Tuple, isMeshInbound: Bool) {
        let outer = entry.reply.inverted
        guard outer.destinationPort != entry.original.destinationPort, outer.transport == .tcp else {
            return (outer, false)
        }
        let isRedirect =
            outer.destination == entry.original.destination && outer.source == entry.original.source
            && isInboundPort(outer.destinationPort)
        return isRedirect ? (entry.original, true) : (outer, false)
    }

    /// Whether the record is the leg from an application to the proxy in its own pod.
    static func isOutboundLeg(_ record: ConnectionRecord, addresses: AddressTable) -> Bool {
        record.transport == .tcp && record.dialled != record.server && isOutboundPort(record.server.port)
            && (record.server.address == record.client.address || addresses[record.server.address].isLoopback)
    }
}
