import NetModel

/// Why a connection is not an application's own but one that carries others.
package enum Leg: String, CaseIterable, Sendable {
    /// The outer flow of a tunnel between nodes: VXLAN, Geneve, WireGuard, IP in IP, GRE, ESP.
    case overlay
    /// A connection to, from or between the proxies of a service mesh.
    case mesh

    /// UDP ports of VXLAN (4789 by IANA, 8472 by Linux), Geneve (6081, RFC 8926) and WireGuard (51820).
    private static func isOverlayPort(_ port: UInt16) -> Bool {
        switch port {
        case 4789, 8472, 6081, 51820: true
        default: false
        }
    }

    /// Istio's outbound and inbound listeners and HBONE, Linkerd's inbound listener.
    private static func isMeshPort(_ port: UInt16) -> Bool {
        switch port {
        case 15001, 15006, 15008, 4143: true
        default: false
        }
    }

    /// The inbound listener of Consul's proxies. Others use the number too, so the pod's label has to agree.
    private static let consulPort: UInt16 = 20000
    private static let consulLabel = "consul.hashicorp.com/connect-inject-status"

    /// Whether protocol and port are those of an overlay; the ends decide whether it is one.
    static func isOverlayShaped(_ record: ConnectionRecord) -> Bool {
        switch record.transport {
        case .udp: isOverlayPort(record.server.port)
        case .ipInIP, .gre, .esp: true
        default: false
        }
    }

    /// Whether the port is that of a mesh's proxy, whoever's pod it is.
    static func isMeshShaped(_ record: ConnectionRecord) -> Bool {
        record.transport == .tcp && (record.flags.contains(.meshInbound) || isMeshPort(record.server.port))
    }

    /// Whether the port is that of Consul's proxies, in a pod that has one if its labels say so.
    static func isConsulShaped(_ record: ConnectionRecord) -> Bool {
        record.transport == .tcp && record.server.port == consulPort
    }

    /// Whether a pod's labels say that Consul put a proxy into it.
    static func isConsulInjected(_ labels: [String: String]) -> Bool {
        labels[consulLabel] == "injected"
    }
}
