/// Text out of files and programs as it may be shown: names in them are whatever somebody put there, and must not work a
/// terminal.
enum ShownText {
    /// `text` without escape sequences and control characters.
    static func line(_ text: String) -> String { cleaned(text) { _ in false } }

    /// The same, but line feeds are kept.
    static func lines(_ text: String) -> String { cleaned(text) { $0 == "\n" } }

    /// In quotes, as Go's `%q` writes it: what is not printable, and the quote, as an escape.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if isPrintable(scalar) {
                    result.unicodeScalars.append(scalar)
                } else if scalar.value < 0x80 {
                    result += "\\x" + padded(scalar.value, 2)
                } else {
                    result += scalar.value < 0x10000 ? "\\u" + padded(scalar.value, 4) : "\\U" + padded(scalar.value, 8)
                }
            }
        }
        return result + "\""
    }

    private static func cleaned(_ text: String, keeping isKept: (Unicode.Scalar) -> Bool) -> String {
        guard text.unicodeScalars.contains(where: { !isPrintable($0) && !isKept($0) }) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.filter { isPrintable($0) || isKept($0) }))
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }

    private static func padded(_ value: UInt32, _ width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(width - digits.count, 0)) + digits
    }
}
