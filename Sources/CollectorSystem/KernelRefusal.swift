package import CollectorProtocol
package import Conntrack

/// What the kernel refused, in words.
package enum KernelRefusal {
    /// What was asked of the kernel, why it was refused, and what helps.
    package static func notice(_ error: ConntrackError) -> Notice {
        switch error.code {
        case .permissionDenied:
            Notice(
                topic: .permission,
                text:
                    "\(asked(error.request)) needs CAP_NET_ADMIN in the network namespace's user namespace: run as root "
                    + "(sudo), or give the container that capability"
            )
        case .unavailable:
            Notice(
                topic: .noConntrack,
                text:
                    "\(asked(error.request)) is not possible: this kernel has no connection tracking over netlink "
                    + "(modules nf_conntrack and nf_conntrack_netlink)"
            )
        case .timedOut:
            Notice(topic: .conntrack, text: "\(asked(error.request)) failed: the kernel did not answer in time")
        case .malformedAnswer:
            Notice(topic: .conntrack, text: "\(asked(error.request)) failed: the kernel's answer cannot be read")
        case .system:
            Notice(topic: .conntrack, text: "\(asked(error.request)) failed: \(systemMessage(error.errorNumber))")
        }
    }

    private static func asked(_ request: ConntrackError.Request) -> String {
        switch request {
        case .openSocket: "opening a netlink socket"
        case .setBuffer: "setting the netlink socket's buffer"
        case .subscribe: "listening to connection tracking events"
        case .dumpTable: "reading the connection tracking table"
        case .receiveEvents: "receiving connection tracking events"
        case .readStatistics: "reading the connection tracking statistics"
        case .readSize: "reading the connection tracking table's size"
        }
    }
}
