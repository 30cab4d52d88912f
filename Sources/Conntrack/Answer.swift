import CNetfilterConntrack
import Glibc

/// What the kernel answers to one request, message by message.
struct Answer {
    let request: ConntrackError.Request
    /// Whether the kernel marked a message with NLM_F_DUMP_INTR.
    private(set) var wasInterrupted = false
    /// Messages that could not be decoded.
    private(set) var undecodable = 0

    init(to request: ConntrackError.Request) {
        self.request = request
    }

    /// Reads the messages of a datagram.
    ///
    /// - Parameters:
    ///   - type: of the messages that `decode` gets; it says whether it could.
    /// - Returns: whether the answer is complete.
    /// - Throws: what NLMSG_ERROR, or NLMSG_DONE with an error, says.
    @inline(__always)
    mutating func read(
        _ datagram: RawSpan,
        of type: cntl_msg_types,
        decode: (RawSpan, NetlinkMessage) -> Bool
    ) throws(ConntrackError) -> Bool {
        var cursor = MessageCursor(datagram)
        while let message = cursor.next(in: datagram) {
            if message.flags & UInt16(NLM_F_DUMP_INTR) != 0 { wasInterrupted = true }
            switch message.type {
            case NetlinkMessage.conntrack(type):
                if !decode(datagram, message) { undecodable += 1 }
            case UInt16(NLMSG_DONE):
                // The payload is the dump's error number; old kernels send none.
                try check(datagram, message, mustHaveNumber: false)
                return true
            case UInt16(NLMSG_ERROR):
                try check(datagram, message, mustHaveNumber: true)
                return true
            case UInt16(NLMSG_NOOP): break
            default: undecodable += 1
            }
        }
        if cursor.isBroken { undecodable += 1 }
        return false
    }

    /// Throws the error number, negative in the message, that the payload begins with.
    private func check(
        _ datagram: RawSpan,
        _ message: NetlinkMessage,
        mustHaveNumber: Bool
    ) throws(ConntrackError) {
        guard message.end - message.start >= 4 else {
            guard !mustHaveNumber else { throw ConntrackError(.malformedAnswer, request) }
            return
        }
        let number = datagram.native(at: message.start, as: Int32.self)
        guard number != 0 else { return }
        guard number > -4096, number < 0 else { throw ConntrackError(.malformedAnswer, request) }
        throw ConntrackError(request, errorNumber: -number)
    }
}
