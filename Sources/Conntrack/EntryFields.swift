import CNetfilterConntrack
import NetModel

/// What the attributes of an entry say (`enum ctattr_type`, linux/netfilter/nfnetlink_conntrack.h). Unknown attributes
/// are passed over: a newer kernel may send more.
struct EntryFields {
    private var original = TupleFields()
    private var reply = TupleFields()
    private var status: UInt32 = 0
    private var state: ConntrackState?
    private var originalCounters: Counters?
    private var replyCounters: Counters?
    private var timeout: UInt32?
    private var mark: UInt32?
    private var zone: UInt16?
    private var id: UInt32?
    private var start: Timestamp?
    private var stop: Timestamp?
    private var eventTime: Timestamp?

    @inline(__always)
    init() {}

    /// The entry; nil where a tuple is missing or not whole.
    @inline(__always)
    func entry(_ event: ConntrackEntry.Event?) -> ConntrackEntry? {
        guard let originalTuple = original.tuple, let replyTuple = reply.tuple else { return nil }
        return ConntrackEntry(
            original: originalTuple,
            reply: replyTuple,
            event: event,
            state: state,
            status: ConntrackStatus(rawValue: status),
            originalCounters: originalCounters,
            replyCounters: replyCounters,
            timeout: timeout,
            mark: mark,
            // The kernel sends a zone of one direction with that direction's tuple; the other is then in zone 0.
            zone: zone ?? original.zone ?? reply.zone ?? 0,
            id: id,
            start: start,
            stop: stop,
            eventTime: eventTime
        )
    }

    /// Reads the attributes; false where one does not have its form.
    @inline(__always)
    mutating func read(_ attributes: AttributeCursor, in datagram: RawSpan) -> Bool {
        var cursor = attributes
        while let attribute = cursor.next(in: datagram) {
            guard read(attribute, in: datagram) else { return false }
        }
        return !cursor.isBroken
    }

    @inline(__always)
    private mutating func read(_ attribute: Attribute, in datagram: RawSpan) -> Bool {
        switch attribute.type {
        case CTA_TUPLE_ORIG.rawValue:
            return original.read(attribute.nested, in: datagram)
        case CTA_TUPLE_REPLY.rawValue:
            return reply.read(attribute.nested, in: datagram)
        case CTA_STATUS.rawValue:
            guard let value = attribute.number(in: datagram, as: UInt32.self) else { return false }
            status = value
        case CTA_PROTOINFO.rawValue:
            return readState(attribute.nested, in: datagram)
        case CTA_TIMEOUT.rawValue:
            guard let value = attribute.number(in: datagram, as: UInt32.self) else { return false }
            timeout = value
        case CTA_MARK.rawValue:
            guard let value = attribute.number(in: datagram, as: UInt32.self) else { return false }
            mark = value
        case CTA_COUNTERS_ORIG.rawValue:
            return Self.readCounters(attribute.nested, in: datagram, into: &originalCounters)
        case CTA_COUNTERS_REPLY.rawValue:
            return Self.readCounters(attribute.nested, in: datagram, into: &replyCounters)
        case CTA_ID.rawValue:
            guard let value = attribute.number(in: datagram, as: UInt32.self) else { return false }
            id = value
        case CTA_ZONE.rawValue:
            guard let value = attribute.number(in: datagram, as: UInt16.self) else { return false }
            zone = value
        case CTA_TIMESTAMP.rawValue:
            return readTimes(attribute.nested, in: datagram)
        case netviz_cta_timestamp_event:
            guard let value = attribute.number(in: datagram, as: UInt64.self) else { return false }
            eventTime = Timestamp(kernel: value)
        default: break
        }
        return true
    }

    @inline(__always)
    private mutating func readState(_ attributes: AttributeCursor, in datagram: RawSpan) -> Bool {
        var cursor = attributes
        while let attribute = cursor.next(in: datagram) {
            var nested = attribute.nested
            while let field = nested.next(in: datagram) {
                // Each protocol's state is the first of its attributes: CTA_PROTOINFO_TCP_STATE, _DCCP_STATE, _SCTP_STATE.
                guard field.type == CTA_PROTOINFO_TCP_STATE.rawValue else { continue }
                guard let value = field.number(in: datagram, as: UInt8.self) else { return false }
                switch ctattr_protoinfo(attribute.type) {
                case CTA_PROTOINFO_TCP: state = ConntrackState(tcp: value)
                case CTA_PROTOINFO_DCCP: state = ConntrackState(dccp: value)
                case CTA_PROTOINFO_SCTP: state = ConntrackState(sctp: value)
                default: break
                }
            }
            guard !nested.isBroken else { return false }
        }
        return !cursor.isBroken
    }

    @inline(__always)
    private static func readCounters(
        _ attributes: AttributeCursor,
        in datagram: RawSpan,
        into counters: inout Counters?
    ) -> Bool {
        var cursor = attributes
        var packets: UInt64?
        var bytes: UInt64?
        while let attribute = cursor.next(in: datagram) {
            switch ctattr_counters(attribute.type) {
            case CTA_COUNTERS_PACKETS:
                packets = attribute.number(in: datagram, as: UInt64.self)
            case CTA_COUNTERS_BYTES:
                bytes = attribute.number(in: datagram, as: UInt64.self)
            default: break
            }
        }
        guard !cursor.isBroken, let packets, let bytes else { return false }
        counters = Counters(packets: packets, bytes: bytes)
        return true
    }

    @inline(__always)
    private mutating func readTimes(_ attributes: AttributeCursor, in datagram: RawSpan) -> Bool {
        var cursor = attributes
        while let attribute = cursor.next(in: datagram) {
            switch ctattr_tstamp(attribute.type) {
            case CTA_TIMESTAMP_START:
                guard let value = attribute.number(in: datagram, as: UInt64.self) else { return false }
                start = Timestamp(kernel: value)
            case CTA_TIMESTAMP_STOP:
                guard let value = attribute.number(in: datagram, as: UInt64.self) else { return false }
                stop = Timestamp(kernel: value)
            default: break
            }
        }
        return !cursor.isBroken
    }
}

extension Timestamp {
    /// Nanoseconds since 1970 as the kernel sends them; nil for 0, which is a time that was not kept.
    @inline(__always)
    fileprivate init?(kernel nanoseconds: UInt64) {
        guard nanoseconds != 0 else { return nil }
        self.init(nanoseconds: Int64(clamping: nanoseconds))
    }
}
