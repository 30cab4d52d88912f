import Inventory
import NetModel

extension FlowDirection {
    /// The direction of one dial: egress when a member of the cluster dialled, ingress when something outside
    /// dialled a member; nil when neither end is known to belong to the cluster.
    static func ofDial(from source: Identity.Kind, to destination: Identity.Kind) -> FlowDirection? {
        if source.isClusterMember { return .egress }
        return destination.isClusterMember ? .ingress : nil
    }
}

extension Identity.Kind {
    fileprivate var isClusterMember: Bool {
        switch self {
        case .pod, .node, .service: true
        case .external, .unknown: false
        }
    }
}

extension ConnectionRecord {
    /// Whether both directions carried more than headers; false where that was not counted.
    func carriedPayloadBothWays(isIPv4: Bool) -> Bool {
        guard flags.contains(.hasBoth) else { return false }
        return carriesPayload(sent, isIPv4) && carriesPayload(received, isIPv4)
    }

    /// More bytes than the packets' headers can account for: an IP header (20 or 40 bytes), a TCP header with
    /// timestamps (32, RFC 7323), and the longer options of the one packet that opens the connection.
    func carriesPayload(_ counters: Counters, _ isIPv4: Bool) -> Bool {
        let network: UInt64 = isIPv4 ? 20 : 40
        switch transport {
        case .tcp:
            let (headers, overflow) = counters.packets.multipliedReportingOverflow(by: network + 32)
            return !overflow && counters.bytes > headers &+ 8
        case .udp, .udpLite:
            let (headers, overflow) = counters.packets.multipliedReportingOverflow(by: network + 8)
            return !overflow && counters.bytes > headers
        default: return counters.packets > 0
        }
    }
}
