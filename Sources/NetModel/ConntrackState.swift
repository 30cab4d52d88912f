/// The protocol state that conntrack prints for TCP, SCTP and DCCP (linux/netfilter/nf_conntrack_tcp.h,
/// nf_conntrack_sctp.h, nf_conntrack_dccp.h). The names are the kernel's; one name that several protocols use is one
/// case here.
@usableFromInline package enum ConntrackState: UInt8, CaseIterable, Sendable {
    case none
    case synSent, synReceived, established, finWait, closeWait, lastACK, timeWait, close, listen, synSent2
    case closed, cookieWait, cookieEchoed, shutdownSent, shutdownReceived, shutdownACKSent, heartbeatSent
    case heartbeatACKed
    case request, respond, partOpen, open, closeRequest, closing, ignore, invalid

    // The comparison that every raw value gets by itself is called through a table from other modules.
    @usableFromInline
    package static func == (left: ConntrackState, right: ConntrackState) -> Bool {
        left.rawValue == right.rawValue
    }

    /// The name in conntrack's text output, `TIME_WAIT`.
    package var name: String {
        switch self {
        case .none: "NONE"
        case .synSent: "SYN_SENT"
        case .synReceived: "SYN_RECV"
        case .established: "ESTABLISHED"
        case .finWait: "FIN_WAIT"
        case .closeWait: "CLOSE_WAIT"
        case .lastACK: "LAST_ACK"
        case .timeWait: "TIME_WAIT"
        case .close: "CLOSE"
        case .listen: "LISTEN"
        case .synSent2: "SYN_SENT2"
        case .closed: "CLOSED"
        case .cookieWait: "COOKIE_WAIT"
        case .cookieEchoed: "COOKIE_ECHOED"
        case .shutdownSent: "SHUTDOWN_SENT"
        case .shutdownReceived: "SHUTDOWN_RECD"
        case .shutdownACKSent: "SHUTDOWN_ACK_SENT"
        case .heartbeatSent: "HEARTBEAT_SENT"
        case .heartbeatACKed: "HEARTBEAT_ACKED"
        case .request: "REQUEST"
        case .respond: "RESPOND"
        case .partOpen: "PARTOPEN"
        case .open: "OPEN"
        case .closeRequest: "CLOSEREQ"
        case .closing: "CLOSING"
        case .ignore: "IGNORE"
        case .invalid: "INVALID"
        }
    }
}
