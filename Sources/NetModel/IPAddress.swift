/// An IPv4 or IPv6 address in 16 bytes.
///
/// An IPv4 address is held in its IPv4-mapped form `::ffff:a.b.c.d` (RFC 4291 section 2.5.5.2), so that every
/// address is one fixed-size value and comparing two never branches on the family. The kernel never tracks
/// IPv4-mapped addresses as IPv6, so the two forms cannot collide.
@usableFromInline package struct IPAddress: Hashable, Sendable {
    /// The first eight bytes, network order, as a number.
    @usableFromInline package let high: UInt64
    /// The last eight bytes, network order, as a number.
    @usableFromInline package let low: UInt64

    /// What the upper 32 bits of `low` are for an IPv4 address.
    @usableFromInline static let mappedMark: UInt64 = 0x0000_FFFF_0000_0000

    @inlinable
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// An IPv4 address from its 32 bits in host order: `10.0.0.1` is `0x0A000001`.
    @inlinable
    package init(ipv4 bits: UInt32) {
        self.high = 0
        self.low = Self.mappedMark | UInt64(bits)
    }

    /// Whether this is an IPv4 address.
    @inlinable package var isIPv4: Bool {
        high == 0 && low & 0xFFFF_FFFF_0000_0000 == Self.mappedMark
    }

    /// The 32 bits of an IPv4 address in host order; meaningless for IPv6.
    @inlinable package var ipv4Bits: UInt32 {
        UInt32(truncatingIfNeeded: low)
    }

    /// How many bits an address of this family has: 32 or 128.
    @inlinable package var bitWidth: Int {
        isIPv4 ? 32 : 128
    }
}

extension IPAddress {
    @inlinable
    package static func == (left: IPAddress, right: IPAddress) -> Bool {
        left.high == right.high && left.low == right.low
    }
}

extension IPAddress: Comparable {
    /// IPv4 before IPv6, then by number.
    @inlinable
    package static func < (left: IPAddress, right: IPAddress) -> Bool {
        if left.isIPv4 != right.isIPv4 { return left.isIPv4 }
        return left.high != right.high ? left.high < right.high : left.low < right.low
    }
}

extension IPAddress {
    /// `0.0.0.0` or `::`.
    @inlinable package var isUnspecified: Bool {
        isIPv4 ? ipv4Bits == 0 : high == 0 && low == 0
    }

    /// `127.0.0.0/8` (RFC 1122 section 3.2.1.3) or `::1`.
    @inlinable package var isLoopback: Bool {
        isIPv4 ? ipv4Bits >> 24 == 127 : high == 0 && low == 1
    }

    /// `169.254.0.0/16` (RFC 3927) or `fe80::/10` (RFC 4291 section 2.5.6).
    @inlinable package var isLinkLocal: Bool {
        isIPv4 ? ipv4Bits >> 16 == 0xA9FE : high >> 54 == 0xFE80 >> 6
    }

    /// `224.0.0.0/4` (RFC 5771) or `ff00::/8` (RFC 4291 section 2.7).
    @inlinable package var isMulticast: Bool {
        isIPv4 ? ipv4Bits >> 28 == 0xE : high >> 56 == 0xFF
    }

    /// `255.255.255.255`, the limited broadcast address (RFC 919).
    @inlinable package var isLimitedBroadcast: Bool {
        isIPv4 && ipv4Bits == .max
    }

    /// Whether the address means something on one node only, so that equal tuples of two nodes are two
    /// connections: unspecified, loopback, link-local, multicast and limited broadcast.
    @inlinable package var isNodeScoped: Bool {
        // Nearly every address fails the first comparison of its family, which keeps this off the profile.
        if isIPv4 {
            let first = ipv4Bits >> 24
            return first == 0 || first == 127 || first >= 224 || first == 169
                ? isUnspecified || isLoopback || isLinkLocal || isMulticast || isLimitedBroadcast
                : false
        }
        return high == 0 || high >> 56 >= 0xFE ? isUnspecified || isLoopback || isLinkLocal || isMulticast : false
    }
}
