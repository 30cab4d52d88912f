/// The `Warning` header field (RFC 7234 section 5.5), with which an API server says what a successful request did not.
enum WarningField {
    /// The texts of a field: of each `299 agent "text"` in it, without quotes.
    static func texts(_ field: String) -> [String] {
        var texts: [String] = []
        var rest = Substring(field)
        while let start = rest.firstIndex(of: "\"") {
            var text = ""
            var position = rest.index(after: start)
            while position < rest.endIndex, rest[position] != "\"" {
                if rest[position] == "\\", rest.index(after: position) < rest.endIndex {
                    position = rest.index(after: position)
                }
                text.append(rest[position])
                position = rest.index(after: position)
            }
            let code = rest[..<start].drop { $0 == "," || $0 == " " }.prefix(3)
            if code == "299", !text.isEmpty { texts.append(text) }
            guard position < rest.endIndex else { break }
            rest = rest[rest.index(after: position)...]
            // A date may follow, in quotes of its own.
            if rest.hasPrefix(" \"") {
                rest = rest.dropFirst(2)
                guard let end = rest.firstIndex(of: "\"") else { break }
                rest = rest[rest.index(after: end)...]
            }
        }
        return texts
    }
}
