import NetModel

extension Span<UInt8> {
    /// Reads an address that fills the rest of its word; nil when it does not.
    @inline(__always)
    func address(_ position: inout Int) -> IPAddress? {
        let start = position
        if let bits = dottedDecimal(&position) { return IPAddress(ipv4: bits) }
        if let address = fullIPv6(start) {
            position = start &+ 39
            return address
        }
        let end = endOfWord(from: start)
        position = end
        // The longest text of an address, an IPv6 one that ends in dotted decimal, has 45 bytes.
        guard end - start <= 45 else { return nil }
        return IPAddress(extracting(start..<end))
    }

    /// IPv6 as /proc prints it (`%pI6`): eight groups of four digits, 39 bytes. Nil for any other form.
    @inline(__always)
    private func fullIPv6(_ start: Int) -> IPAddress? {
        guard start &+ 39 <= count, self[start &+ 4] == UInt8(ascii: ":"), isWordEnd(at: start &+ 39) else {
            return nil
        }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for index in 0..<8 {
            let position = start &+ index &* 5
            guard let group = WordBytes.hexadecimal(paddedWord(at: position)),
                index == 7 || self[position &+ 4] == UInt8(ascii: ":")
            else { return nil }
            if index < 4 { high = high &<< 16 | UInt64(group) } else { low = low &<< 16 | UInt64(group) }
        }
        return IPAddress(high: high, low: low)
    }

    /// IPv4 that a blank ends, with at least 24 bytes to the end of the line. Nil leaves the decision to the general
    /// reader, which takes the word three times: for its end, for a colon, and for its value.
    ///
    /// Where the numbers end is found for all four at once, so that none waits for the one before it.
    @inline(__always)
    func dottedDecimal(_ position: inout Int) -> UInt32? {
        guard position &+ 24 <= count, let first = word(at: position), let second = word(at: position &+ 8) else {
            return nil
        }
        var ends = WordBytes.nonDigitMask(first) | WordBytes.nonDigitMask(second) &<< 8
        var bits: UInt32 = 0
        var start = 0
        for number in 0..<4 {
            let end = ends.trailingZeroBitCount
            ends &= ends &- 1
            guard let value = octet(position &+ start, length: end &- start),
                self[position &+ end] == (number < 3 ? UInt8(ascii: ".") : UInt8(ascii: " "))
            else { return nil }
            bits = bits &<< 8 | value
            start = end &+ 1
        }
        position &+= start &- 1
        return bits
    }

    /// The value of the `length` digits at `position`; nil when there are none or more than three, or the value is
    /// above 255, or begins with a zero, which makes some readers take it for octal.
    @inline(__always)
    private func octet(_ position: Int, length: Int) -> UInt32? {
        guard 1...3 ~= length, let word = word(at: position) else { return nil }
        // The last digit highest: multiplied, the hundreds and tens come to stand where it is.
        let unused = UInt32(truncatingIfNeeded: 32 &- length &* 8)
        let digits = UInt32(truncatingIfNeeded: word) &<< unused & 0x0F0F_0F0F
        // A byte a digit, the first one highest: such numbers compare as their values do.
        let ordered = digits.byteSwapped
        guard ordered <= 0x02_05_05, length == 1 || ordered &>> (24 &- unused) != 0 else { return nil }
        return (digits &* (100 &<< 16 | 10 &<< 8 | 1)) &>> 24
    }
}
