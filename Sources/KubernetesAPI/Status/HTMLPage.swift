/// A page that came where an API server should have answered.
enum HTMLPage {
    /// What stands between `<title>` and its end, in one line; empty without one.
    static func title(_ body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(16 << 10), as: UTF8.self)
        let lowercase = text.lowercased()
        guard lowercase.utf8.count == text.utf8.count,
            let start = lowercase.firstRange(of: "<title>")?.upperBound,
            let end = lowercase[start...].firstRange(of: "</title>")?.lowerBound
        else { return "" }
        let from = lowercase.utf8.distance(from: lowercase.startIndex, to: start)
        let to = lowercase.utf8.distance(from: lowercase.startIndex, to: end)
        let title = String(decoding: Array(text.utf8)[from..<to].prefix(200), as: UTF8.self)
        return MarkupEscapes.resolved(title.split(whereSeparator: \.isWhitespace).joined(separator: " "))
    }
}

/// The escapes for markup that Go's `html.EscapeString` makes; API servers use it on names in messages.
enum MarkupEscapes {
    private static let names = [("&lt;", "<"), ("&gt;", ">"), ("&#34;", "\""), ("&quot;", "\""), ("&#39;", "'")]

    /// `text` without them.
    static func resolved(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        var result = text
        for (name, character) in names { result.replace(name, with: character) }
        // Last, so that what it sets free is not taken for another.
        result.replace("&amp;", with: "&")
        return result
    }
}
