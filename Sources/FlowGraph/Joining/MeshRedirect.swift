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

    /// The ports of what the server received: those of the reply inverted, or, for an inbound redirect, what they were
    /// before the redirect. The addresses are those of the reply inverted in either case.
    @inline(__always)
    static func outerPorts(of entry: ConntrackEntry) -> (source: UInt16, destination: UInt16, isMeshInbound: Bool) {
        let reply = entry.reply
        if reply.transport.isICMP {
            let outer = reply.inverted
            return (outer.sourcePort, outer.destinationPort, false)
        }
        let original = entry.original
        let isRedirect =
            reply.sourcePort != original.destinationPort && reply.transport == .tcp
            && isInboundPort(reply.sourcePort) && reply.source == original.destination
            && reply.destination == original.source
        return isRedirect
            ? (original.sourcePort, original.destinationPort, true) : (reply.destinationPort, reply.sourcePort, false)
    }

    /// Whether the record is the leg from an application to the proxy in its own pod.
    static func isOutboundLeg(_ record: ConnectionRecord, addresses: AddressTable) -> Bool {
        record.transport == .tcp && record.dialled != record.server && isOutboundPort(record.server.port)
            && (record.server.address == record.client.address || addresses[record.server.address].isLoopback)
    }
}
