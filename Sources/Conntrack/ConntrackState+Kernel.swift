import CNetfilterConntrack
import NetModel

// The kernel's numbers of the states; nil for a number that it has no state for.

extension ConntrackState {
    /// `enum tcp_conntrack` (linux/netfilter/nf_conntrack_tcp.h). The 9 was LISTEN before 2.6.31 and is SYN_SENT2 since.
    init?(tcp value: UInt8) {
        switch tcp_state(UInt32(value)) {
        case TCP_CONNTRACK_NONE: self = .none
        case TCP_CONNTRACK_SYN_SENT: self = .synSent
        case TCP_CONNTRACK_SYN_RECV: self = .synReceived
        case TCP_CONNTRACK_ESTABLISHED: self = .established
        case TCP_CONNTRACK_FIN_WAIT: self = .finWait
        case TCP_CONNTRACK_CLOSE_WAIT: self = .closeWait
        case TCP_CONNTRACK_LAST_ACK: self = .lastACK
        case TCP_CONNTRACK_TIME_WAIT: self = .timeWait
        case TCP_CONNTRACK_CLOSE: self = .close
        case TCP_CONNTRACK_LISTEN: self = .synSent2
        default: return nil
        }
    }

    /// `enum sctp_conntrack` (linux/netfilter/nf_conntrack_sctp.h).
    init?(sctp value: UInt8) {
        switch sctp_state(UInt32(value)) {
        case SCTP_CONNTRACK_NONE: self = .none
        case SCTP_CONNTRACK_CLOSED: self = .closed
        case SCTP_CONNTRACK_COOKIE_WAIT: self = .cookieWait
        case SCTP_CONNTRACK_COOKIE_ECHOED: self = .cookieEchoed
        case SCTP_CONNTRACK_ESTABLISHED: self = .established
        case SCTP_CONNTRACK_SHUTDOWN_SENT: self = .shutdownSent
        case SCTP_CONNTRACK_SHUTDOWN_RECD: self = .shutdownReceived
        case SCTP_CONNTRACK_SHUTDOWN_ACK_SENT: self = .shutdownACKSent
        case SCTP_CONNTRACK_HEARTBEAT_SENT: self = .heartbeatSent
        case SCTP_CONNTRACK_HEARTBEAT_ACKED: self = .heartbeatACKed
        default: return nil
        }
    }

    /// `enum ct_dccp_states` (the kernel's linux/netfilter/nf_conntrack_dccp.h, as libnetfilter_conntrack names them).
    init?(dccp value: UInt8) {
        switch dccp_state(UInt32(value)) {
        case DCCP_CONNTRACK_NONE: self = .none
        case DCCP_CONNTRACK_REQUEST: self = .request
        case DCCP_CONNTRACK_RESPOND: self = .respond
        case DCCP_CONNTRACK_PARTOPEN: self = .partOpen
        case DCCP_CONNTRACK_OPEN: self = .open
        case DCCP_CONNTRACK_CLOSEREQ: self = .closeRequest
        case DCCP_CONNTRACK_CLOSING: self = .closing
        case DCCP_CONNTRACK_TIMEWAIT: self = .timeWait
        case DCCP_CONNTRACK_IGNORE: self = .ignore
        case DCCP_CONNTRACK_INVALID: self = .invalid
        default: return nil
        }
    }
}
