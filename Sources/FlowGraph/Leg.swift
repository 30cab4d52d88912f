import NetModel

/// Why a connection is not an application's own but one that carries others.
package enum Leg: String, CaseIterable, Sendable {
    /// The outer flow of a tunnel between nodes: VXLAN, Geneve, WireGuard, IP in IP, GRE, ESP.
    case overlay
    /// A connection to, from or between the proxies of a service mesh.
    case mesh

    /// UDP ports of VXLAN (4789 by IANA, 8472 by Linux), Geneve (6081, RFC 8926) and WireGuard (51820).
    private static let overlayPorts: Set<UInt16> = [4789, 8472, 6081, 51820]
    private static let overlayProtocols: Set<TransportProtocol> = [.ipInIP, .gre, .esp]
    /// Istio's outbound and inbound listeners and HBONE, Linkerd's inbound listener.
    private static let meshPorts: Set<UInt16> = [15001, 15006, 15008, 4143]
    /// The inbound listener of Consul's proxies. Others use the number too, so the pod's label has to agree.
    private static let consulPort: UInt16 = 20000
    private static let consulLabel = "consul.hashicorp.com/connect-inject-status"

    /// Whether protocol and port are those of an overlay; the ends decide whether it is one.
    static func isOverlayShaped(_ record: ConnectionRecord) -> Bool {
        record.transport == .udp && overlayPorts.contains(record.server.port)
            || overlayProtocols.contains(record.transport)
    }

    /// Whether port and label are those of a mesh's proxy.
    static func isMeshShaped(_ record: ConnectionRecord, serverLabels: @autoclosure () -> [String: String]) -> Bool {
        guard record.transport == .tcp else { return false }
        if record.flags.contains(.meshInbound) || meshPorts.contains(record.server.port) { return true }
        return record.server.port == consulPort && serverLabels()[consulLabel] == "injected"
    }
}
