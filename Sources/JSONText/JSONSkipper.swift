/// Passes over one value, checking its grammar but keeping nothing, whatever its length. It stops and goes on at any
/// byte, so a value may lie in any number of chunks.
struct JSONSkipper {
    /// What is being passed.
    private enum Token {
        case none
        case string(isKey: Bool)
        case escape(isKey: Bool)
        case unicodeEscape(isKey: Bool, remaining: UInt8)
        case number(JSONNumberState)
        case literal(JSONLiteral, rest: UInt32, remaining: UInt8)
    }

    /// How a run over a chunk ended.
    enum Outcome {
        /// The value ended before `index`.
        case done
        /// All bytes were consumed and the value goes on.
        case more
        case unexpected(expected: String)
        case tooDeep
    }

    private(set) var structure: JSONStructure
    private(set) var line: Int
    private let depth: Int
    private var token = Token.none

    /// Begins where `structure` expects a value.
    init(structure: JSONStructure, line: Int) {
        self.structure = structure
        self.line = line
        self.depth = structure.depth
    }

    /// What is missing when the text ends here; nil when it may, after a number outside all containers.
    var missing: String? {
        switch token {
        case .none: structure.expectation.phrase
        case .string, .escape, .unicodeEscape: "the end of a string"
        case .number(let state): state.isComplete && depth == 0 && structure.depth == 0 ? nil : "the end of a number"
        case .literal(let literal, _, _): "\(literal.text)"
        }
    }

    /// Goes on at `start`; `index` is where the run stopped, the offending byte for an error.
    mutating func run(_ bytes: Span<UInt8>, from start: Int) -> (index: Int, outcome: Outcome) {
        var index = start
        while index < bytes.count {
            switch token {
            case .none:
                if structure.depth == depth, structure.expectation == .afterValue { return (index, .done) }
                let byte = bytes[index]
                if byte <= 0x20 {
                    let (end, lines) = JSONScan.whitespace(bytes, from: index)
                    guard end > index else { return (index, .unexpected(expected: structure.expectation.phrase)) }
                    index = end
                    line += lines
                } else if let failure = begin(byte) {
                    return (index, failure)
                } else {
                    index += 1
                }
            case .string(let isKey):
                index = JSONScan.plainString(bytes, from: index).end
                guard index < bytes.count else { return (index, .more) }
                switch bytes[index] {
                case UInt8(ascii: "\""):
                    token = .none
                    structure.expectation = isKey ? .colon : .afterValue
                case UInt8(ascii: "\\"): token = .escape(isKey: isKey)
                default: return (index, .unexpected(expected: "the end of a string"))
                }
                index += 1
            case .escape(let isKey):
                switch bytes[index] {
                case UInt8(ascii: "u"): token = .unicodeEscape(isKey: isKey, remaining: 4)
                case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
                    UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
                    token = .string(isKey: isKey)
                default: return (index, .unexpected(expected: JSONReader.escapePhrase))
                }
                index += 1
            case .unicodeEscape(let isKey, let remaining):
                guard JSONScan.hexadecimal(bytes[index]) != nil else {
                    return (index, .unexpected(expected: JSONReader.hexadecimalPhrase))
                }
                token =
                    remaining == 1 ? .string(isKey: isKey) : .unicodeEscape(isKey: isKey, remaining: remaining - 1)
                index += 1
            case .number(let state):
                if let next = state.next(bytes[index]) {
                    token = .number(next)
                    index += 1
                } else {
                    guard state.isComplete else { return (index, .unexpected(expected: "a digit")) }
                    token = .none
                    structure.expectation = .afterValue
                }
            case .literal(let literal, let rest, let remaining):
                guard bytes[index] == UInt8(truncatingIfNeeded: rest) else {
                    return (index, .unexpected(expected: "\(literal.text)"))
                }
                index += 1
                if remaining == 1 {
                    token = .none
                    structure.expectation = .afterValue
                } else {
                    token = .literal(literal, rest: rest >> 8, remaining: remaining - 1)
                }
            }
        }
        if case .none = token, structure.depth == depth, structure.expectation == .afterValue { return (index, .done) }
        return (index, .more)
    }

    /// Takes the first byte of a token, or says why it cannot be one.
    private mutating func begin(_ byte: UInt8) -> Outcome? {
        switch structure.expectation {
        case .value: return beginValue(byte)
        case .firstElement:
            if byte == UInt8(ascii: "]") {
                structure.close()
                return nil
            }
            return beginValue(byte)
        case .firstKey, .key:
            if byte == UInt8(ascii: "\"") {
                token = .string(isKey: true)
                return nil
            }
            guard byte == UInt8(ascii: "}"), structure.expectation == .firstKey else { return expected }
            structure.close()
        case .colon:
            guard byte == UInt8(ascii: ":") else { return expected }
            structure.expectation = .value
        case .afterValue:
            let isInObject = structure.isInObject
            if byte == UInt8(ascii: ",") {
                structure.expectation = isInObject ? .key : .value
            } else if byte == (isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                structure.close()
            } else {
                return expected
            }
        }
        return nil
    }

    private mutating func beginValue(_ byte: UInt8) -> Outcome? {
        switch byte {
        case UInt8(ascii: "\""): token = .string(isKey: false)
        case UInt8(ascii: "{"): return structure.open(object: true) ? nil : .tooDeep
        case UInt8(ascii: "["): return structure.open(object: false) ? nil : .tooDeep
        default:
            if let state = JSONNumberState.start.next(byte) {
                token = .number(state)
            } else if let literal = JSONLiteral(first: byte) {
                let (rest, count) = literal.rest
                token = .literal(literal, rest: rest, remaining: UInt8(count))
            } else {
                return expected
            }
        }
        return nil
    }

    private var expected: Outcome { .unexpected(expected: structure.expectation.phrase) }
}
