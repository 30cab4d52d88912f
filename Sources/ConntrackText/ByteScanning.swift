// Reading one field of a line. `position` is the index of the next byte and moves past what was read.

extension Span<UInt8> {
    /// Whether the byte at `position` ends a word: a blank, or the end of the line.
    @inline(__always)
    func isWordEnd(at position: Int) -> Bool {
        guard position < count else { return true }
        let byte = self[position]
        return byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    @inline(__always)
    func skipBlanks(_ position: inout Int) {
        while position < count, isWordEnd(at: position) { position &+= 1 }
    }

    /// The index of the first blank at or after `position`, or of the end of the line.
    @inline(__always)
    func endOfWord(from position: Int) -> Int {
        var end = position
        while let word = word(at: end) {
            let found = WordBytes.find(UInt8(ascii: " "), in: word) | WordBytes.find(UInt8(ascii: "\t"), in: word)
            if found != 0 { return end &+ WordBytes.index(found) }
            end &+= 8
        }
        while !isWordEnd(at: end) { end &+= 1 }
        return end
    }

    /// Reads a decimal number that fills the rest of its word; nil when it does not, or is above `limit`.
    @inline(__always)
    func decimal(_ position: inout Int, limit: UInt64) -> UInt64? {
        if let word = word(at: position) {
            let length = WordBytes.index(WordBytes.nonDigits(word))
            if 1...7 ~= length, word &>> UInt64(truncatingIfNeeded: length &* 8) & 0xFF == UInt64(UInt8(ascii: " ")) {
                position &+= length
                let value = WordBytes.decimal(word, length: length)
                return value <= limit ? value : nil
            }
        }
        return slowDecimal(&position, limit: limit)
    }

    /// Reads a decimal number that fills the rest of the word at `start`, or fails with `code`.
    @inline(__always)
    func number<Number: FixedWidthInteger>(
        _ position: inout Int,
        _ start: Int,
        _ code: ConntrackTextError.Code
    ) throws(LineFailure) -> Number {
        guard let value = decimal(&position, limit: UInt64(Number.max)) else {
            throw LineFailure(code: code, position: start)
        }
        return Number(truncatingIfNeeded: value)
    }

    /// The same as `decimal` for a number that is long, or the last of its line, or none.
    private func slowDecimal(_ position: inout Int, limit: UInt64) -> UInt64? {
        guard let value = digits(&position), value <= limit, isWordEnd(at: position) else { return nil }
        return value
    }

    /// Reads one or more decimal digits; nil when there is none, or their value takes more than 64 bits.
    @inline(__always)
    func digits(_ position: inout Int) -> UInt64? {
        let start = position
        var value: UInt64 = 0
        while position < count {
            let digit = self[position] &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            value = value &* 10 &+ UInt64(digit)
            position &+= 1
        }
        // Nineteen digits always fit, so that the loop needs no check for overflow.
        let length = position &- start
        if length > 19 { return longDigits(from: start, to: position) }
        return length > 0 ? value : nil
    }

    private func longDigits(from start: Int, to end: Int) -> UInt64? {
        var value: UInt64 = 0
        for index in start..<end {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(self[index] &- UInt8(ascii: "0")))
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }

    /// Reads `0x` and one to four hexadecimal digits, or a decimal number, that fill the rest of the word.
    func greKey(_ position: inout Int) -> UInt16? {
        guard position + 1 < count, self[position] == UInt8(ascii: "0"), self[position + 1] | 0x20 == UInt8(ascii: "x")
        else { return decimal(&position, limit: UInt64(UInt16.max)).map(UInt16.init(truncatingIfNeeded:)) }
        position += 2
        var value: UInt16 = 0
        let start = position
        while !isWordEnd(at: position) {
            let digit: UInt8
            switch self[position] {
            case let byte where byte &- UInt8(ascii: "0") <= 9: digit = byte - UInt8(ascii: "0")
            case let byte where (byte | 0x20) &- UInt8(ascii: "a") <= 5: digit = (byte | 0x20) - UInt8(ascii: "a") + 10
            default: return nil
            }
            guard position - start < 4 else { return nil }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return position > start ? value : nil
    }
}
