// Pieces of a text, named by their ranges: no copy is made to compare or to read one.

extension Range<Int> {
    /// Without its first `count` elements, or empty at its end.
    func dropFirst(_ count: Int = 1) -> Range<Int> { Swift.min(lowerBound + count, upperBound)..<upperBound }

    /// Without its last `count` elements, or empty at its beginning.
    func dropLast(_ count: Int = 1) -> Range<Int> { lowerBound..<Swift.max(upperBound - count, lowerBound) }
}

extension Span<UInt8> {
    /// Takes the first line off `rest`, without its end; nil when nothing is left. A carriage return before the newline is
    /// of the line's end: text that came through a Windows machine has one.
    func nextLine(_ rest: inout Range<Int>) -> Range<Int>? {
        guard !rest.isEmpty else { return nil }
        var end = rest.lowerBound
        while end < rest.upperBound, self[end] != UInt8(ascii: "\n") { end += 1 }
        let line = rest.lowerBound..<end
        rest = Swift.min(end + 1, rest.upperBound)..<rest.upperBound
        return !line.isEmpty && self[end - 1] == UInt8(ascii: "\r") ? line.dropLast() : line
    }

    /// Whether a blank, a tab or a carriage return stands at `index`.
    @inline(__always)
    func isBlank(at index: Int) -> Bool {
        let byte = self[index]
        return byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }

    /// Whether the range holds nothing but blanks.
    func isBlank(_ range: Range<Int>) -> Bool {
        for index in range where !isBlank(at: index) { return false }
        return true
    }

    /// The first word within a range, past blanks; empty at the range's end when there is none.
    func wordRange(in range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        while start < range.upperBound, isBlank(at: start) { start += 1 }
        var end = start
        while end < range.upperBound, !isBlank(at: end) { end += 1 }
        return start..<end
    }

    func begins(with text: String, in range: Range<Int>) -> Bool {
        var index = range.lowerBound
        for byte in text.utf8 {
            guard index < range.upperBound, self[index] == byte else { return false }
            index += 1
        }
        return true
    }

    func ends(with text: String, in range: Range<Int>) -> Bool {
        let count = text.utf8.count
        return range.count >= count && begins(with: text, in: range.upperBound - count..<range.upperBound)
    }

    func equals(_ text: String, in range: Range<Int>) -> Bool {
        range.count == text.utf8.count && begins(with: text, in: range)
    }

    func contains(_ text: String, in range: Range<Int>) -> Bool {
        var rest = range
        while rest.count >= text.utf8.count {
            if begins(with: text, in: rest) { return true }
            rest = rest.dropFirst()
        }
        return false
    }

    /// The index of the first such byte within a range.
    @inline(__always)
    func index(of byte: UInt8, in range: Range<Int>) -> Int? {
        for index in range where self[index] == byte { return index }
        return nil
    }

    /// The decimal number that fills a range; nil for anything else, and for what takes more than 64 bits.
    func number(_ range: Range<Int>) -> UInt64? {
        guard !range.isEmpty else { return nil }
        var value: UInt64 = 0
        for index in range {
            let digit = self[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }

    /// A range as a string, with U+FFFD for what is not UTF-8.
    func string(_ range: Range<Int>) -> String {
        let bytes = extracting(range)
        if let text = try? UTF8Span(validating: bytes) { return String(copying: text) }
        var copy: [UInt8] = []
        for index in range { copy.append(self[index]) }
        return String(decoding: copy, as: UTF8.self)
    }

    /// Calls `body` with each part of a range between separators.
    @inline(__always)
    func forEachPart(of range: Range<Int>, separator: UInt8, _ body: (Range<Int>) -> Bool) -> Bool {
        var rest = range
        while let end = index(of: separator, in: rest) {
            guard body(rest.lowerBound..<end) else { return false }
            rest = end + 1..<rest.upperBound
        }
        return body(rest)
    }
}
