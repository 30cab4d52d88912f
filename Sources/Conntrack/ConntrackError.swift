import Glibc

/// Why the kernel did not give what was asked for.
package struct ConntrackError: Error, Hashable, Sendable {
    package enum Code: Hashable, Sendable {
        /// CAP_NET_ADMIN is missing in the user namespace that owns the network namespace (EPERM, EACCES).
        case permissionDenied
        /// The kernel has no nfnetlink or no ctnetlink, or their modules are not loaded.
        case unavailable
        /// The kernel stayed silent for longer than a request can take.
        case timedOut
        /// An answer of the kernel's that is none.
        case malformedAnswer
        /// Anything else; `errorNumber` says what.
        case system
    }

    /// What was asked of the kernel.
    package enum Request: Hashable, Sendable {
        case openSocket, setBuffer, subscribe, dumpTable, receiveEvents, readStatistics, readSize
    }

    package let code: Code
    package let request: Request
    /// The kernel's number, errno(3); 0 where it gave none.
    package let errorNumber: Int32

    package init(_ code: Code, _ request: Request, errorNumber: Int32 = 0) {
        self.code = code
        self.request = request
        self.errorNumber = errorNumber
    }
}

extension ConntrackError {
    /// The error that the kernel's number means for `request`.
    init(_ request: Request, errorNumber: Int32) {
        let code: Code =
            switch errorNumber {
            case EPERM, EACCES: .permissionDenied
            case EPROTONOSUPPORT, EAFNOSUPPORT, EOPNOTSUPP: .unavailable
            // The requests are always well formed: nfnetlink answers thus where nobody registered as ctnetlink.
            case EINVAL where request.isAnswered: .unavailable
            default: .system
            }
        self.init(code, request, errorNumber: errorNumber)
    }
}

extension ConntrackError.Request {
    fileprivate var isAnswered: Bool {
        switch self {
        case .dumpTable, .readStatistics, .readSize: true
        case .openSocket, .setBuffer, .subscribe, .receiveEvents: false
        }
    }
}

extension ConntrackError: CustomStringConvertible {
    /// What failed, why, and what helps.
    package var description: String {
        let what =
            switch request {
            case .openSocket: "cannot open a netfilter netlink socket"
            case .setBuffer: "cannot set the buffer for conntrack events"
            case .subscribe: "cannot subscribe to conntrack events"
            case .dumpTable: "cannot read the conntrack table"
            case .receiveEvents: "cannot receive conntrack events"
            case .readStatistics: "cannot read the conntrack statistics"
            case .readSize: "cannot read the size of the conntrack table"
            }
        return switch code {
        case .permissionDenied: "\(what): not permitted; CAP_NET_ADMIN is needed in the network namespace"
        case .unavailable: "\(what): the kernel has no ctnetlink; load the module nf_conntrack_netlink"
        case .timedOut: "\(what): the kernel did not answer"
        case .malformedAnswer: "\(what): the kernel's answer is malformed"
        case .system: "\(what): \(Self.text(of: errorNumber))"
        }
    }

    private static func text(of number: Int32) -> String {
        guard let text = unsafe strerror(number) else { return "error \(number)" }
        return unsafe String(cString: text)
    }
}
