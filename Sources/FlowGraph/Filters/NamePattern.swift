/// What a name must look like: `name`, a prefix, or a glob with `*` and `?`; optionally `ns/` before it.
package struct NamePattern: Hashable, Sendable {
    /// How a pattern without `*` or `?` is taken.
    package enum Style: Sendable { case exact, prefix }

    private let namespace: Glob?
    private let name: Glob

    /// Takes any text: all characters but `*`, `?` and the first `/` stand for themselves.
    package init(_ text: some StringProtocol, style: Style) {
        if let slash = text.firstIndex(of: "/") {
            namespace = Glob(text[..<slash], style: .exact)
            name = Glob(text[text.index(after: slash)...], style: style)
        } else {
            namespace = nil
            name = Glob(text, style: style)
        }
    }

    /// Whether "ns/name" or a plain name fits.
    package func matches(_ object: String) -> Bool {
        guard let slash = object.utf8.firstIndex(of: UInt8(ascii: "/")) else {
            return namespace == nil && name.matches(object[...])
        }
        if let namespace, !namespace.matches(object[..<slash]) { return false }
        return name.matches(object[object.utf8.index(after: slash)...])
    }
}

/// A pattern of literal bytes, `?` for one byte and `*` for any number of them.
struct Glob: Hashable, Sendable {
    private let pattern: [UInt8]
    private let isPrefix: Bool
    private let isLiteral: Bool

    init(_ text: some StringProtocol, style: NamePattern.Style) {
        pattern = Array(text.utf8)
        isLiteral = !pattern.contains(UInt8(ascii: "*")) && !pattern.contains(UInt8(ascii: "?"))
        isPrefix = isLiteral && style == .prefix
    }

    func matches(_ text: Substring) -> Bool {
        if isPrefix { return text.utf8.starts(with: pattern) }
        if isLiteral { return text.utf8.elementsEqual(pattern) }
        return matches(Array(text.utf8))
    }

    /// Goes back to the last `*` only, so the time is bounded by the product of the lengths.
    private func matches(_ text: [UInt8]) -> Bool {
        var position = 0
        var index = 0
        var star: (pattern: Int, text: Int)?
        while index < text.count {
            if position < pattern.count, pattern[position] == UInt8(ascii: "*") {
                star = (position, index)
                position += 1
            } else if position < pattern.count,
                pattern[position] == UInt8(ascii: "?") || pattern[position] == text[index]
            {
                position += 1
                index += 1
            } else if let last = star {
                position = last.pattern + 1
                index = last.text + 1
                star = (last.pattern, index)
            } else {
                return false
            }
        }
        return pattern[position...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
