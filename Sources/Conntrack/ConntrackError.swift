/// Why the kernel did not give what was asked for.
package struct ConntrackError: Error, Hashable, Sendable {
    package enum Code: Hashable, Sendable {
        /// CAP_NET_ADMIN is missing in the user namespace that owns the network namespace (EPERM, EACCES).
        case permissionDenied
        /// The kernel has no nfnetlink or no ctnetlink, or their modules are not loaded.
        case unavailable
        /// The kernel stayed silent for longer than a request can take.
        case timedOut
        /// An answer of the kernel's that is none: too short, or too long for the buffer.
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
