import CNetfilterConntrack
package import NetModel

/// Decodes the datagrams of a subscription to events.
package struct EventReading {
    /// Events that were decoded.
    package private(set) var events = 0
    /// Messages that could not be.
    package private(set) var undecodable = 0

    package init() {}

    /// Decodes a datagram.
    package mutating func read(_ datagram: RawSpan, event: (ConntrackEntry) -> Void) {
        var cursor = MessageCursor(datagram)
        while let message = cursor.next(in: datagram) {
            guard message.type != UInt16(NLMSG_NOOP) else { continue }
            var fields = EntryFields()
            guard let kind = Self.kind(of: message), let attributes = message.attributes,
                fields.read(attributes, in: datagram), let entry = fields.entry(kind)
            else {
                undecodable += 1
                continue
            }
            events += 1
            event(entry)
        }
        if cursor.isBroken { undecodable += 1 }
    }

    private static func kind(of message: NetlinkMessage) -> ConntrackEntry.Event? {
        switch message.type {
        case NetlinkMessage.conntrack(IPCTNL_MSG_CT_NEW):
            message.flags & UInt16(NLM_F_CREATE | NLM_F_EXCL) != 0 ? .new : .update
        case NetlinkMessage.conntrack(IPCTNL_MSG_CT_DELETE): .destroy
        default: nil
        }
    }
}
