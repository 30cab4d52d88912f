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

    /// IPv4 in one pass, since the general reader would take the word three times: for its end, for a colon, and for
    /// its value. Nil leaves the decision to that reader.
    @inline(__always)
    func dottedDecimal(_ position: inout Int) -> UInt32? {
        var bits: UInt32 = 0
        for number in 0..<4 {
            // A number and what ends it take at most four bytes; the word is longer, so no address at the very end of a
            // line is read here. None is there.
            guard let word = word(at: position) else { return nil }
            let length = WordBytes.index(WordBytes.nonDigits(word))
            guard 1...3 ~= length else { return nil }
            let value = WordBytes.decimal(word, length: length)
            let end = UInt8(truncatingIfNeeded: word &>> UInt64(truncatingIfNeeded: length &* 8))
            // A leading zero makes some readers take the number for octal.
            guard value <= 255, length == 1 || UInt8(truncatingIfNeeded: word) != UInt8(ascii: "0"),
                end == (number < 3 ? UInt8(ascii: ".") : UInt8(ascii: " "))
            else { return nil }
            bits = bits &<< 8 | UInt32(truncatingIfNeeded: value)
            position &+= number < 3 ? length &+ 1 : length
        }
        return bits
    }
}
