import CNetfilterConntrack
import NetModel

/// What the attributes of a tuple say (`enum ctattr_tuple`, `ctattr_ip`, `ctattr_l4proto`,
/// linux/netfilter/nfnetlink_conntrack.h).
struct TupleFields {
    private var source: IPAddress?
    private var destination: IPAddress?
    private var transport: TransportProtocol?
    private var sourcePort: UInt16 = 0
    private var destinationPort: UInt16 = 0
    /// The zone that holds for this direction only.
    private(set) var zone: UInt16?

    @inline(__always)
    init() {}

    /// The tuple; nil where an address or the protocol is missing.
    @inline(__always) var tuple: Tuple? {
        guard let source, let destination, let transport else { return nil }
        return Tuple(
            source: source,
            sourcePort: sourcePort,
            destination: destination,
            destinationPort: destinationPort,
            transport: transport
        )
    }

    /// Reads the attributes; false where one does not have its form.
    @inline(__always)
    mutating func read(_ attributes: AttributeCursor, in datagram: RawSpan) -> Bool {
        var cursor = attributes
        while let attribute = cursor.next(in: datagram) {
            switch ctattr_tuple(attribute.type) {
            case CTA_TUPLE_IP:
                guard readAddresses(attribute.nested, in: datagram) else { return false }
            case CTA_TUPLE_PROTO:
                guard readProtocol(attribute.nested, in: datagram) else { return false }
            case CTA_TUPLE_ZONE:
                guard let value = attribute.number(in: datagram, as: UInt16.self) else { return false }
                zone = value
            default: break
            }
        }
        return !cursor.isBroken
    }

    @inline(__always)
    private mutating func readAddresses(_ attributes: AttributeCursor, in datagram: RawSpan) -> Bool {
        var cursor = attributes
        while let attribute = cursor.next(in: datagram) {
            switch ctattr_ip(attribute.type) {
            case CTA_IP_V4_SRC:
                guard let address = attribute.ipv4(in: datagram) else { return false }
                source = address
            case CTA_IP_V4_DST:
                guard let address = attribute.ipv4(in: datagram) else { return false }
                destination = address
            case CTA_IP_V6_SRC:
                guard let address = attribute.ipv6(in: datagram) else { return false }
                source = address
            case CTA_IP_V6_DST:
                guard let address = attribute.ipv6(in: datagram) else { return false }
                destination = address
            default: break
            }
        }
        return !cursor.isBroken
    }

    @inline(__always)
    private mutating func readProtocol(_ attributes: AttributeCursor, in datagram: RawSpan) -> Bool {
        var cursor = attributes
        while let attribute = cursor.next(in: datagram) {
            switch ctattr_l4proto(attribute.type) {
            case CTA_PROTO_NUM:
                guard let value = attribute.number(in: datagram, as: UInt8.self) else { return false }
                transport = TransportProtocol(rawValue: value)
            case CTA_PROTO_SRC_PORT, CTA_PROTO_ICMP_ID, CTA_PROTO_ICMPV6_ID:
                guard let value = attribute.number(in: datagram, as: UInt16.self) else { return false }
                sourcePort = value
            case CTA_PROTO_DST_PORT:
                guard let value = attribute.number(in: datagram, as: UInt16.self) else { return false }
                destinationPort = value
            case CTA_PROTO_ICMP_TYPE, CTA_PROTO_ICMPV6_TYPE:
                guard let value = attribute.number(in: datagram, as: UInt8.self) else { return false }
                destinationPort = destinationPort & 0x00FF | UInt16(value) << 8
            case CTA_PROTO_ICMP_CODE, CTA_PROTO_ICMPV6_CODE:
                guard let value = attribute.number(in: datagram, as: UInt8.self) else { return false }
                destinationPort = destinationPort & 0xFF00 | UInt16(value)
            default: break
            }
        }
        return !cursor.isBroken
    }
}

extension Attribute {
    @inline(__always)
    fileprivate func ipv4(in datagram: RawSpan) -> IPAddress? {
        number(in: datagram, as: UInt32.self).map { IPAddress(ipv4: $0) }
    }

    @inline(__always)
    fileprivate func ipv6(in datagram: RawSpan) -> IPAddress? {
        guard end &- start >= 16 else { return nil }
        return IPAddress(
            high: datagram.network(at: start, as: UInt64.self),
            low: datagram.network(at: start &+ 8, as: UInt64.self)
        )
    }
}
