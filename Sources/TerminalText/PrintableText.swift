/// Text from the cluster made safe for a terminal.
///
/// Names in a cluster are whatever somebody put there; an escape sequence in one must not reach the terminal of
/// whoever looks. Control characters are shown the way cat(1) -v shows them, others that move or hide text
/// (bidirectional controls, zero-width characters, line separators) as `\u{2028}`.
package enum PrintableText {
    /// `text` with every character that a terminal would act on made visible.
    package static func escaped(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0..<0x20: result += "^" + String(UnicodeScalar(UInt8(scalar.value) + 0x40))
            case 0x7F: result += "^?"
            default:
                if isHarmless(scalar) {
                    result.unicodeScalars.append(scalar)
                } else {
                    result += "\\u{" + String(scalar.value, radix: 16) + "}"
                }
            }
        }
        return result
    }

    /// Whether a terminal only shows the character.
    package static func isHarmless(_ scalar: UnicodeScalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}

extension PrintableText {
    /// `text` of several lines, made safe line by line.
    package static func escapedLines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { escaped(String($0)) }.joined(
            separator: "\n")
    }
}

extension PrintableText {
    /// `text` with every character that `isHidden` holds of written as `\u{2028}`, in such a way that two texts never
    /// become one: where a text itself has `\u{`, its backslash is written `\u{5c}`.
    package static func unambiguous(_ text: String, where isHidden: (Unicode.Scalar) -> Bool) -> String {
        guard text.unicodeScalars.contains(where: isHidden) || text.contains("\\u{") else { return text }
        var result = ""
        for scalar in text.replacing("\\u{", with: "\\u{5c}u{").unicodeScalars {
            if isHidden(scalar) {
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
