// The text forms of an address: dotted decimal for IPv4 (RFC 1123 section 2.1), RFC 4291 section 2.2 for reading
// IPv6, RFC 5952 for writing it.

extension IPAddress {
    /// Reads an address that fills `text`, or returns nil. IPv4 numbers are decimal, without leading zeros.
    /// IPv6 may be compressed, full, or end in dotted decimal; a scope (`%eth0`) is not accepted.
    package init?(_ text: Span<UInt8>) {
        guard let address = text.contains(UInt8(ascii: ":")) ? Self.ipv6(text) : Self.ipv4(text) else { return nil }
        self = address
    }

    /// Reads an address that fills `text`, or returns nil.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        self.init(bytes.span)
    }

    private static func ipv4(_ text: Span<UInt8>) -> IPAddress? {
        ipv4Bits(text, from: 0).map(IPAddress.init(ipv4:))
    }

    private static func ipv4Bits(_ text: Span<UInt8>, from start: Int) -> UInt32? {
        var bits: UInt32 = 0
        var number: UInt32 = 0
        var digits = 0
        var dots = 0
        for index in start..<text.count {
            let byte = text[index]
            if byte == UInt8(ascii: ".") {
                guard digits > 0, dots < 3 else { return nil }
                bits = bits << 8 | number
                number = 0
                digits = 0
                dots += 1
            } else {
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), digits == 0 || number > 0 else {
                    return nil
                }
                number = number * 10 + UInt32(byte - UInt8(ascii: "0"))
                digits += 1
                guard number <= 255 else { return nil }
            }
        }
        guard dots == 3, digits > 0 else { return nil }
        return bits << 8 | number
    }

    private static func ipv6(_ text: Span<UInt8>) -> IPAddress? {
        var groups = InlineArray<8, UInt16>(repeating: 0)
        var count = 0
        var compressedAt: Int?
        var index = 0
        if text.count >= 2, text[0] == UInt8(ascii: ":") {
            guard text[1] == UInt8(ascii: ":") else { return nil }
        }
        while index < text.count {
            if text[index] == UInt8(ascii: ":") {
                // Either the separator after a group or the second colon of "::".
                if index + 1 < text.count, text[index + 1] == UInt8(ascii: ":") {
                    guard compressedAt == nil else { return nil }
                    compressedAt = count
                    index += 2
                    continue
                }
                guard index > 0, count > 0, index + 1 < text.count else { return nil }
                guard text[index - 1] != UInt8(ascii: ":") else { return nil }
                index += 1
                continue
            }
            guard count < 8 else { return nil }
            let start = index
            var value: UInt32 = 0
            while index < text.count, let digit = hexadecimal(text[index]) {
                value = value << 4 | digit
                index += 1
                guard index - start <= 4 else { return nil }
            }
            if index < text.count, text[index] == UInt8(ascii: ".") {
                guard count <= 6, let bits = ipv4Bits(text, from: start) else { return nil }
                groups[count] = UInt16(bits >> 16)
                groups[count + 1] = UInt16(truncatingIfNeeded: bits)
                count += 2
                index = text.count
                break
            }
            guard index > start else { return nil }
            guard index == text.count || text[index] == UInt8(ascii: ":") else { return nil }
            groups[count] = UInt16(truncatingIfNeeded: value)
            count += 1
        }
        guard compressedAt == nil ? count == 8 : count < 8 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        let gap = 8 - count
        for position in 0..<8 {
            let group: UInt16
            if let compressedAt, position >= compressedAt {
                group = position < compressedAt + gap ? 0 : groups[position - gap]
            } else {
                group = groups[position]
            }
            if position < 4 { high = high << 16 | UInt64(group) } else { low = low << 16 | UInt64(group) }
        }
        return IPAddress(high: high, low: low)
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}

extension IPAddress: CustomStringConvertible {
    /// Dotted decimal, or the canonical IPv6 form of RFC 5952.
    @usableFromInline package var description: String {
        if isIPv4 {
            let bits = ipv4Bits
            return "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
        }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: ($0 < 4 ? high : low) >> (48 - 16 * UInt64($0 % 4))) }
        let zeros = Self.longestRunOfZeros(groups)
        func text(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard zeros.count > 1 else { return text(0..<8) }
        return text(0..<zeros.lowerBound) + "::" + text(zeros.upperBound..<8)
    }

    private static func longestRunOfZeros(_ groups: [UInt16]) -> Range<Int> {
        var best = 0..<0
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start > best.count { best = start..<end }
            start = end + 1
        }
        return best
    }
}

extension Span where Element == UInt8 {
    fileprivate func contains(_ byte: UInt8) -> Bool {
        for index in 0..<count where self[index] == byte { return true }
        return false
    }
}
