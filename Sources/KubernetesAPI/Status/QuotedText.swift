/// Text in double quotes with escapes, as Go's `%q` writes it.
enum QuotedText {
    /// The text in the quotes that `rest` begins with, of which `rest` then begins behind; nil where it does not begin
    /// with a quote, or they do not end.
    static func take(from rest: inout Substring) -> String? {
        var scalars = rest.unicodeScalars
        guard scalars.popFirst() == "\"" else { return nil }
        var text = String.UnicodeScalarView()
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\"":
                rest = Substring(scalars)
                return String(text)
            case "\\":
                guard let escaped = takeEscape(from: &scalars) else { return nil }
                text.append(escaped)
            default: text.append(scalar)
            }
        }
        return nil
    }

    private static func takeEscape(from scalars: inout Substring.UnicodeScalarView) -> Unicode.Scalar? {
        switch scalars.popFirst() {
        case "n": "\n"
        case "t": "\t"
        case "r": "\r"
        case "a": "\u{7}"
        case "b": "\u{8}"
        case "v": "\u{B}"
        case "f": "\u{C}"
        case "x": number(&scalars, digits: 2)
        case "u": number(&scalars, digits: 4)
        case "U": number(&scalars, digits: 8)
        case let scalar: scalar
        }
    }

    private static func number(_ scalars: inout Substring.UnicodeScalarView, digits: Int) -> Unicode.Scalar? {
        let text = String(String.UnicodeScalarView(scalars.prefix(digits)))
        scalars = scalars.dropFirst(digits)
        return UInt32(text, radix: 16).flatMap(Unicode.Scalar.init)
    }
}

extension Substring {
    /// Takes `prefix` away where the text begins with it.
    mutating func take(_ prefix: String) -> Bool {
        guard hasPrefix(prefix) else { return false }
        removeFirst(prefix.count)
        return true
    }

    /// The text before the first `mark`, of which what is behind it is left; nil, and nothing taken, without one.
    mutating func take(until mark: String) -> Substring? {
        guard let range = firstRange(of: mark) else { return nil }
        defer { self = self[range.upperBound...] }
        return self[..<range.lowerBound]
    }
}
