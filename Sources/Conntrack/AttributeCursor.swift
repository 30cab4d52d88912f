import CNetfilterConntrack

/// A netlink attribute within a datagram (RFC 3549 section 2.2, `struct nlattr`).
struct Attribute {
    /// `nla_type` without its flags.
    let type: UInt32
    /// Where the value begins and ends in the datagram.
    let start: Int
    let end: Int

    /// The attributes that this one holds.
    @inline(__always) var nested: AttributeCursor {
        AttributeCursor(position: start, end: end)
    }

    /// The number in network order that the value begins with; nil for a shorter value.
    @inline(__always)
    func number<Number: FixedWidthInteger & BitwiseCopyable>(in datagram: RawSpan, as type: Number.Type) -> Number? {
        guard end &- start >= MemoryLayout<Number>.size else { return nil }
        return datagram.network(at: start, as: type)
    }
}

/// Walks over attributes that follow each other.
struct AttributeCursor {
    private var position: Int
    private let end: Int
    /// Whether what followed the last attribute is no attribute.
    private(set) var isBroken = false

    @inline(__always)
    init(position: Int, end: Int) {
        self.position = position
        self.end = end
    }

    @inline(__always)
    mutating func next(in datagram: RawSpan) -> Attribute? {
        guard position < end else { return nil }
        let headerSize = MemoryLayout<nlattr>.size
        guard end &- position >= headerSize else { return stop() }
        let length = Int(datagram.native(at: position, as: UInt16.self))
        guard length >= headerSize, length <= end &- position else { return stop() }
        // The two upper bits are NLA_F_NESTED and NLA_F_NET_BYTEORDER.
        let type = UInt32(datagram.native(at: position &+ 2, as: UInt16.self) & 0x3FFF)
        let attribute = Attribute(type: type, start: position &+ headerSize, end: position &+ length)
        // NLA_ALIGN; the last attribute may end without its padding.
        position = min((position &+ length &+ 3) & ~3, end)
        return attribute
    }

    private mutating func stop() -> Attribute? {
        isBroken = true
        position = end
        return nil
    }
}
