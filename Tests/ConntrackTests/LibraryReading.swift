import CNetfilterConntrack
import Conntrack
import NetModel

/// What libnetfilter_conntrack reads in a message of an entry; nil where it refuses.
func libraryEntry(_ message: [UInt8], event: ConntrackEntry.Event? = nil) -> ConntrackEntry? {
    guard let parsed = unsafe nfct_new() else { return nil }
    defer { unsafe nfct_destroy(parsed) }
    let isRead = unsafe message.withUnsafeBytes { bytes in
        unsafe nfct_nlmsg_parse(bytes.baseAddress?.assumingMemoryBound(to: nlmsghdr.self), parsed) == 0
    }
    guard isRead else { return nil }
    return unsafe LibraryFields(parsed).entry(event)
}

/// An entry's attributes as the library's getters give them.
@safe
private struct LibraryFields {
    private let parsed: OpaquePointer

    @unsafe
    init(_ parsed: OpaquePointer) {
        unsafe self.parsed = unsafe parsed
    }

    func entry(_ event: ConntrackEntry.Event?) -> ConntrackEntry {
        let original = tuple(
            ipv4: (ATTR_ORIG_IPV4_SRC, ATTR_ORIG_IPV4_DST),
            ipv6: (ATTR_ORIG_IPV6_SRC, ATTR_ORIG_IPV6_DST),
            ports: (ATTR_ORIG_PORT_SRC, ATTR_ORIG_PORT_DST),
            isReply: false
        )
        let reply = tuple(
            ipv4: (ATTR_REPL_IPV4_SRC, ATTR_REPL_IPV4_DST),
            ipv6: (ATTR_REPL_IPV6_SRC, ATTR_REPL_IPV6_DST),
            ports: (ATTR_REPL_PORT_SRC, ATTR_REPL_PORT_DST),
            isReply: true
        )
        return ConntrackEntry(
            original: original,
            reply: reply,
            event: event,
            state: state,
            status: ConntrackStatus(rawValue: number(ATTR_STATUS) ?? 0),
            originalCounters: counters(ATTR_ORIG_COUNTER_PACKETS, ATTR_ORIG_COUNTER_BYTES),
            replyCounters: counters(ATTR_REPL_COUNTER_PACKETS, ATTR_REPL_COUNTER_BYTES),
            timeout: number(ATTR_TIMEOUT),
            mark: number(ATTR_MARK),
            zone: half(ATTR_ZONE) ?? half(ATTR_ORIG_ZONE) ?? half(ATTR_REPL_ZONE) ?? 0,
            id: number(ATTR_ID),
            start: time(ATTR_TIMESTAMP_START),
            stop: time(ATTR_TIMESTAMP_STOP)
        )
    }

    private var state: ConntrackState? {
        let tcp: [ConntrackState] = [
            .none, .synSent, .synReceived, .established, .finWait, .closeWait, .lastACK, .timeWait, .close, .synSent2,
        ]
        let sctp: [ConntrackState] = [
            .none, .closed, .cookieWait, .cookieEchoed, .established, .shutdownSent, .shutdownReceived,
            .shutdownACKSent, .heartbeatSent, .heartbeatACKed,
        ]
        if let value = byte(ATTR_TCP_STATE) { return tcp[Int(value)] }
        if let value = byte(ATTR_SCTP_STATE) { return sctp[Int(value)] }
        return nil
    }

    private func tuple(
        ipv4: (nf_conntrack_attr, nf_conntrack_attr),
        ipv6: (nf_conntrack_attr, nf_conntrack_attr),
        ports: (nf_conntrack_attr, nf_conntrack_attr),
        isReply: Bool
    ) -> Tuple {
        let transport = TransportProtocol(rawValue: byte(ATTR_ORIG_L4PROTO) ?? 0)
        let source = address(ipv4.0, ipv6.0)
        let destination = address(ipv4.1, ipv6.1)
        guard transport.isICMP else {
            return Tuple(
                source: source,
                sourcePort: half(ports.0)?.byteSwapped ?? 0,
                destination: destination,
                destinationPort: half(ports.1)?.byteSwapped ?? 0,
                transport: transport
            )
        }
        // The library gives type and code of the original direction only.
        let original = Tuple(
            source: isReply ? destination : source,
            sourcePort: half(ATTR_ICMP_ID)?.byteSwapped ?? 0,
            destination: isReply ? source : destination,
            destinationPort: UInt16(byte(ATTR_ICMP_TYPE) ?? 0) << 8 | UInt16(byte(ATTR_ICMP_CODE) ?? 0),
            transport: transport
        )
        return isReply ? original.inverted : original
    }

    private func address(_ ipv4: nf_conntrack_attr, _ ipv6: nf_conntrack_attr) -> IPAddress {
        if let bits = number(ipv4) { return IPAddress(ipv4: bits.byteSwapped) }
        guard isSet(ipv6), let bytes = unsafe nfct_get_attr(parsed, ipv6) else { return IPAddress(high: 0, low: 0) }
        return unsafe IPAddress(
            high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
            low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
    }

    private func counters(_ packets: nf_conntrack_attr, _ bytes: nf_conntrack_attr) -> Counters? {
        guard isSet(packets) else { return nil }
        return unsafe Counters(packets: nfct_get_attr_u64(parsed, packets), bytes: nfct_get_attr_u64(parsed, bytes))
    }

    private func time(_ attribute: nf_conntrack_attr) -> Timestamp? {
        guard isSet(attribute) else { return nil }
        return unsafe Timestamp(nanoseconds: Int64(nfct_get_attr_u64(parsed, attribute)))
    }

    private func byte(_ attribute: nf_conntrack_attr) -> UInt8? {
        isSet(attribute) ? unsafe nfct_get_attr_u8(parsed, attribute) : nil
    }

    private func half(_ attribute: nf_conntrack_attr) -> UInt16? {
        isSet(attribute) ? unsafe nfct_get_attr_u16(parsed, attribute) : nil
    }

    private func number(_ attribute: nf_conntrack_attr) -> UInt32? {
        isSet(attribute) ? unsafe nfct_get_attr_u32(parsed, attribute) : nil
    }

    private func isSet(_ attribute: nf_conntrack_attr) -> Bool {
        unsafe nfct_attr_is_set(parsed, attribute) > 0
    }
}
