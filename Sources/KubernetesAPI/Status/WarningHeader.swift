/// The `Warning` headers that API servers send beside a result (RFC 2616 section 14.46).
package enum WarningHeader {
    /// The texts in the values of the headers, each once, in their order. What is malformed ends its value.
    package static func texts(_ values: [String]) -> [String] {
        var texts: [String] = []
        for value in values {
            var rest = value[...]
            while let text = take(from: &rest) {
                if !texts.contains(text) { texts.append(text) }
                guard texts.count < mostTexts else { return texts }
            }
        }
        return texts
    }

    private static let mostTexts = 100

    /// One warning, `299 agent "text" ["date"]`, and the comma behind it.
    private static func take(from rest: inout Substring) -> String? {
        rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "," }
        // Three digits; API servers only send 299.
        guard rest.prefix(while: { $0.isASCII && $0.isNumber }).count == 3 else { return nil }
        rest = rest.dropFirst(3)
        guard rest.take(" "), rest.take(until: " ") != nil, let text = quoted(&rest) else { return nil }
        if rest.take(" ") { _ = quoted(&rest) }
        return text
    }

    /// A quoted string, in which a backslash only makes the next character one of the text (RFC 2616 section 2.2).
    private static func quoted(_ rest: inout Substring) -> String? {
        guard rest.take("\"") else { return nil }
        var text = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return text
            case "\\":
                guard let next = rest.popFirst() else { return nil }
                text.append(next)
            default: text.append(character)
            }
        }
        return nil
    }
}
