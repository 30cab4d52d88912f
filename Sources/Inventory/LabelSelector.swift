/// A label selector as `kubectl -l` takes it: requirements separated by commas, all of which must hold.
package struct LabelSelector: Hashable, Sendable {
    /// One requirement on the value of a key.
    package enum Requirement: Hashable, Sendable {
        /// `a=b`, `a==b`, `a in (b,c)`.
        case isIn(key: String, values: Set<String>)
        /// `a!=b`, `a notin (b,c)`: holds as well when the key is absent.
        case isNotIn(key: String, values: Set<String>)
        /// `a`.
        case exists(key: String)
        /// `!a`.
        case isAbsent(key: String)
    }

    /// Why a text is no selector.
    package struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
        /// Characters before the error.
        package let position: Int
        /// What should be there.
        package let expected: String

        package init(position: Int, expected: String) {
            self.position = position
            self.expected = expected
        }

        package var description: String { "expected \(expected) at character \(position + 1) of the selector" }
    }

    package let requirements: [Requirement]

    /// Reads a selector; an empty text selects everything.
    package init(_ text: String) throws(ParseError) {
        var parser = LabelSelectorParser(text)
        requirements = try parser.requirements()
    }

    package func matches(_ labels: [String: String]) -> Bool {
        requirements.allSatisfy { requirement in
            switch requirement {
            case .isIn(let key, let values): labels[key].map(values.contains) ?? false
            case .isNotIn(let key, let values): !(labels[key].map(values.contains) ?? false)
            case .exists(let key): labels[key] != nil
            case .isAbsent(let key): labels[key] == nil
            }
        }
    }
}

/// Reads the grammar of `k8s.io/apimachinery/pkg/labels` but for `<` and `>`.
struct LabelSelectorParser {
    private let text: [Character]
    private var position = 0

    init(_ text: String) {
        self.text = Array(text)
    }

    mutating func requirements() throws(LabelSelector.ParseError) -> [LabelSelector.Requirement] {
        skipSpaces()
        guard position < text.count else { return [] }
        var found = [try requirement()]
        while position < text.count {
            guard take(",") else { throw expected("',' or the end") }
            found.append(try requirement())
        }
        return found
    }

    private mutating func requirement() throws(LabelSelector.ParseError) -> LabelSelector.Requirement {
        if take("!") { return .isAbsent(key: try key()) }
        let key = try key()
        if take("!") {
            guard take("=") else { throw expected("'=' after '!'") }
            return .isNotIn(key: key, values: [word()])
        }
        if take("=") {
            _ = take("=")
            return .isIn(key: key, values: [word()])
        }
        let start = position
        switch word() {
        case "in": return .isIn(key: key, values: try values())
        case "notin": return .isNotIn(key: key, values: try values())
        case "": return .exists(key: key)
        default:
            position = start
            throw expected("'=', '!=', 'in', 'notin' or ','")
        }
    }

    private mutating func values() throws(LabelSelector.ParseError) -> Set<String> {
        guard take("(") else { throw expected("'('") }
        var values: Set<String> = [word()]
        while take(",") { values.insert(word()) }
        guard take(")") else { throw expected("',' or ')'") }
        return values
    }

    private mutating func key() throws(LabelSelector.ParseError) -> String {
        let word = word()
        guard !word.isEmpty else { throw expected("a label's name") }
        return word
    }

    /// A name or value, perhaps empty, and the spaces around it.
    private mutating func word() -> String {
        skipSpaces()
        let start = position
        while position < text.count, text[position].isASCII,
            text[position].isLetter || text[position].isNumber || "-_./".contains(text[position])
        {
            position += 1
        }
        let end = position
        skipSpaces()
        return String(text[start..<end])
    }

    private mutating func take(_ character: Character) -> Bool {
        skipSpaces()
        guard position < text.count, text[position] == character else { return false }
        position += 1
        return true
    }

    private mutating func skipSpaces() {
        while position < text.count, text[position] == " " || text[position] == "\t" { position += 1 }
    }

    private func expected(_ what: String) -> LabelSelector.ParseError {
        LabelSelector.ParseError(position: position, expected: what)
    }
}
