/// A word of a line of `iptables-save`.
struct SaveToken {
    /// In the text, with its quotes.
    var raw: Range<Int>
    /// Of a quoted word where its decoded bytes stand in the scratch bytes; nil for a word that stands in the text as it is.
    var decoded: Range<Int>?

    var isQuoted: Bool { decoded != nil }
}

/// Splits lines into words, with the quoting of `iptables-save`: a word that holds anything unusual stands in double
/// quotes, within which a backslash stands before quotes, apostrophes and backslashes (libxtables `xtables_save_string`).
struct SaveTokenizer {
    /// Of the last line; kept from line to line, so that a line costs no allocation.
    private(set) var tokens: [SaveToken] = []
    /// What the quoted words of the last line say.
    private(set) var scratch: [UInt8] = []

    /// Splits a line; false where a quotation does not end.
    mutating func split(_ text: Span<UInt8>, _ line: Range<Int>) -> Bool {
        tokens.removeAll(keepingCapacity: true)
        scratch.removeAll(keepingCapacity: true)
        var index = line.lowerBound
        while true {
            while index < line.upperBound, text.isBlank(at: index) { index += 1 }
            guard index < line.upperBound else { return true }
            let start = index
            guard text[index] == UInt8(ascii: "\"") else {
                while index < line.upperBound, !text.isBlank(at: index) { index += 1 }
                tokens.append(SaveToken(raw: start..<index))
                continue
            }
            let begin = scratch.count
            index += 1
            while index < line.upperBound, text[index] != UInt8(ascii: "\"") {
                if text[index] == UInt8(ascii: "\\"), index + 1 < line.upperBound { index += 1 }
                scratch.append(text[index])
                index += 1
            }
            guard index < line.upperBound else { return false }
            index += 1
            tokens.append(SaveToken(raw: start..<index, decoded: begin..<scratch.count))
        }
    }

    /// What a word says, as a string.
    func string(_ token: SaveToken, of text: Span<UInt8>) -> String {
        if let decoded = token.decoded { scratch.span.string(decoded) } else { text.string(token.raw) }
    }

    /// Gives the bytes that a word says to `body`.
    @inline(__always)
    func withBytes<Value>(
        of token: SaveToken,
        in text: Span<UInt8>,
        _ body: (Span<UInt8>, Range<Int>) -> Value
    ) -> Value {
        if let decoded = token.decoded { body(scratch.span, decoded) } else { body(text, token.raw) }
    }
}
