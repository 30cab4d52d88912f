/// A network in CIDR form, `10.244.0.0/16` (RFC 4632) or `2001:db8::/32` (RFC 4291 section 2.3).
package struct IPPrefix: Hashable, Sendable {
    /// The first address of the network: all bits beyond `length` are zero.
    package let network: IPAddress
    /// How many leading bits count, 0 to 32 for IPv4 and 0 to 128 for IPv6.
    package let length: Int

    /// The network of `length` bits that holds `address`. A length beyond the family's width is cut to it.
    package init(_ address: IPAddress, length: Int) {
        self.length = min(max(length, 0), address.bitWidth)
        let bits = address.isIPv4 ? self.length + 96 : self.length
        let (high, low) = Self.mask(bits)
        self.network = IPAddress(high: address.high & high, low: address.low & low)
    }

    /// Reads `ADDRESS/LENGTH`, or an address alone as a network of one; nil for anything else.
    /// Bits beyond the length are dropped, as ip(8) does.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first, let address = IPAddress(first) else { return nil }
        guard parts.count == 2 else {
            self.init(address, length: address.bitWidth)
            return
        }
        guard parts[1].allSatisfy(\.isNumber), let length = Int(parts[1]), length <= address.bitWidth else {
            return nil
        }
        self.init(address, length: length)
    }

    /// Whether `address` is of the same family and within the network.
    package func contains(_ address: IPAddress) -> Bool {
        guard address.isIPv4 == network.isIPv4 else { return false }
        let (high, low) = Self.mask(network.isIPv4 ? length + 96 : length)
        return address.high & high == network.high && address.low & low == network.low
    }

    private static func mask(_ bits: Int) -> (high: UInt64, low: UInt64) {
        (
            high: bits >= 64 ? .max : ~(UInt64.max >> UInt64(bits)),
            low: bits >= 128 ? .max : bits <= 64 ? 0 : ~(UInt64.max >> UInt64(bits - 64))
        )
    }
}

extension IPPrefix: CustomStringConvertible {
    package var description: String { "\(network)/\(length)" }
}
