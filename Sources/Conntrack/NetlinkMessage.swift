import CNetfilterConntrack

/// A netlink message within a datagram (RFC 3549 section 2.2, `struct nlmsghdr`).
struct NetlinkMessage {
    /// `nlmsg_type`: NLMSG_DONE, NLMSG_ERROR, or subsystem × 256 + the subsystem's own type.
    let type: UInt16
    /// `nlmsg_flags`
    let flags: UInt16
    /// Where the payload begins and ends in the datagram.
    let start: Int
    let end: Int

    /// The type of a ctnetlink message.
    @inline(__always)
    static func conntrack(_ type: cntl_msg_types) -> UInt16 {
        UInt16(truncatingIfNeeded: NFNL_SUBSYS_CTNETLINK) << 8 | UInt16(truncatingIfNeeded: type.rawValue)
    }

    /// Where the attributes of an nfnetlink message begin, behind `struct nfgenmsg`; nil where that does not fit.
    @inline(__always) var attributes: AttributeCursor? {
        let begin = start &+ MemoryLayout<nfgenmsg>.size
        return begin <= end ? AttributeCursor(position: begin, end: end) : nil
    }
}

/// Walks over the messages of a datagram.
struct MessageCursor {
    private var position = 0
    private let end: Int
    /// Whether what followed the last message is no message.
    private(set) var isBroken = false

    init(_ datagram: RawSpan) {
        end = datagram.byteCount
    }

    @inline(__always)
    mutating func next(in datagram: RawSpan) -> NetlinkMessage? {
        guard position < end else { return nil }
        let headerSize = MemoryLayout<nlmsghdr>.size
        guard end &- position >= headerSize else { return stop() }
        let length = Int(datagram.native(at: position, as: UInt32.self))
        guard length >= headerSize, length <= end &- position else { return stop() }
        let message = NetlinkMessage(
            type: datagram.native(at: position &+ 4, as: UInt16.self),
            flags: datagram.native(at: position &+ 6, as: UInt16.self),
            start: position &+ headerSize,
            end: position &+ length
        )
        // NLMSG_ALIGN; the last message may end without its padding.
        position = min((position &+ length &+ 3) & ~3, end)
        return message
    }

    private mutating func stop() -> NetlinkMessage? {
        isBroken = true
        position = end
        return nil
    }
}
