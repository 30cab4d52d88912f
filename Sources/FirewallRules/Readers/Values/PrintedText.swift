/// Text of a rule that is kept to be printed: one line, whatever the bytes were.
enum PrintedText {
    /// `bytes` as a string in which control characters are written `\x1B`, and U+FFFD stands for what is not UTF-8.
    static func string(_ bytes: Span<UInt8>) -> String {
        var isPlain = true
        for index in 0..<bytes.count {
            let byte = bytes[index]
            if byte < 0x20 || byte >= 0x7F { isPlain = false }
        }
        let text = bytes.string(0..<bytes.count)
        return isPlain ? text : escaped(text)
    }

    /// `text` with control characters and what ends lines in Unicode written as `\x1B`, `\u2028`.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0:
                result += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16, uppercase: true)
            case 0x2028, 0x2029: result += "\\u" + String(scalar.value, radix: 16)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The beginning of a piece of text in quotes, for messages.
    static func quoted(_ text: Span<UInt8>, _ range: Range<Int>, limit: Int = 60) -> String {
        let cut = range.lowerBound..<Swift.min(range.upperBound, range.lowerBound + limit)
        return "\"\(string(text.extracting(cut)))\(cut == range ? "" : "…")\""
    }
}
