/// Whether a string may stand in YAML without quotes. Readers of YAML 1.1 (PyYAML, the Go library of kubectl) and of
/// YAML 1.2 must both take it for a string.
enum YAMLScalarForm {
    /// Words that are null, a boolean, a merge key or a default value (yaml.org/type), in small letters.
    private static let words: Set<String> = [
        "", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<",
    ]

    /// Whether `text` must be quoted so as not to be read as another type, or as not to show a control character.
    static func needsQuotes(_ text: String) -> Bool {
        if text.utf8.count <= 5, words.contains(text.lowercased()) { return true }
        return looksLikeNumber(text) || text.unicodeScalars.contains { isControl($0) }
    }

    /// The characters that libyaml escapes in double quotes but not elsewhere, or that would break the line.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF: true
        default: false
        }
    }

    /// Decimal, octal, hexadecimal, binary and base-60 integers, decimals with one point, infinities, NaN and dates:
    /// rather too much than too little, as quotes do no harm. An IPv4 address has three points and is none of them.
    private static func looksLikeNumber(_ text: String) -> Bool {
        var bytes = Array(text.utf8)
        guard let first = bytes.first else { return false }
        if first == UInt8(ascii: "-") || first == UInt8(ascii: "+") { bytes.removeFirst() }
        if [".inf", ".nan"].contains(String(decoding: bytes, as: UTF8.self).lowercased()) { return true }
        guard let digit = bytes.first, isDigit(digit) || digit == UInt8(ascii: ".") else { return false }
        if digit == UInt8(ascii: "0"), bytes.count > 2, "xXoObB".utf8.contains(bytes[1]) {
            return bytes.dropFirst(2).allSatisfy { isHexadecimal($0) || $0 == UInt8(ascii: "_") }
        }
        // A date, and with it a timestamp: no other name begins so.
        if bytes.count >= 8, bytes[0..<4].allSatisfy(isDigit), bytes[4] == UInt8(ascii: "-"), isDigit(bytes[5]) {
            return true
        }
        return bytes.contains(where: isDigit) && bytes.count { $0 == UInt8(ascii: ".") } <= 1
            && bytes.allSatisfy { isDigit($0) || "_.:eE+-".utf8.contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        let letter = byte | 0x20
        return isDigit(byte) || letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "f")
    }
}
