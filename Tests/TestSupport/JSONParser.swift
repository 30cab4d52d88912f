/// Why bytes are not a JSON document, and at which offset.
package struct JSONError: Error, Hashable, CustomStringConvertible {
    package let reason: String
    /// The offset of the byte at fault, from 0.
    package let offset: Int

    package var description: String { "not JSON at offset \(offset): \(reason)" }
}

extension JSONValue {
    /// Parses one document and nothing after it, as strictly as RFC 8259 allows: no comments, no commas before a
    /// closing bracket, no leading zeros, no unpaired surrogates, valid UTF-8, and no name twice in an object.
    package init(parsing text: String) throws(JSONError) {
        self = try JSONValue(parsing: Array(text.utf8))
    }

    /// Parses one document from bytes.
    package init(parsing bytes: [UInt8]) throws(JSONError) {
        var parser = JSONParser(bytes: bytes)
        self = try parser.document()
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    var offset = 0
    /// Nesting beyond this is refused, so that no document can exhaust the stack.
    static let depthLimit = 256

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value(depth: 0)
        skipSpace()
        guard offset == bytes.count else { throw failure("text after the document") }
        return value
    }

    private var byte: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private func failure(_ reason: String) -> JSONError { JSONError(reason: reason, offset: offset) }

    private mutating func skipSpace() {
        while let byte, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { offset += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard byte == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func takeWord(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let expected = Array("\(word)".utf8)
        guard bytes[offset...].starts(with: expected) else { throw failure("no value begins like this") }
        offset += expected.count
        return value
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < Self.depthLimit else { throw failure("nested more than \(Self.depthLimit) deep") }
        skipSpace()
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try takeWord("true", .bool(true))
        case UInt8(ascii: "f"): return try takeWord("false", .bool(false))
        case UInt8(ascii: "n"): return try takeWord("null", .null)
        case nil: throw failure("the text ends where a value should begin")
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        offset += 1
        var members: [String: JSONValue] = [:]
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            skipSpace()
            let start = offset
            guard byte == UInt8(ascii: "\"") else { throw failure("a name in quotes is missing") }
            let name = try string()
            skipSpace()
            guard take(":") else { throw failure("no colon after a name") }
            guard members.updateValue(try value(depth: depth + 1), forKey: name) == nil else {
                throw JSONError(reason: "the name \(name) is twice in one object", offset: start)
            }
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw failure("neither a comma nor the end of the object") }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        offset += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take("]") { return .array(elements) }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw failure("neither a comma nor the end of the array") }
        }
    }

    private mutating func digits() throws(JSONError) {
        guard let byte, isDigit(byte) else { throw failure("a digit is missing") }
        while let next = self.byte, isDigit(next) { offset += 1 }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = offset
        _ = take("-")
        if !take("0") { try digits() }
        if let byte, isDigit(byte) { throw failure("a number with a leading zero") }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        return .number(String(decoding: bytes[start..<offset], as: UTF8.self))
    }

    private mutating func string() throws(JSONError) -> String {
        let start = offset
        offset += 1
        var text: [UInt8] = []
        while let byte {
            if byte < 0x20 { throw failure("a control character in a string") }
            offset += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw JSONError(reason: "a string that is not UTF-8", offset: start)
                }
                return string
            case UInt8(ascii: "\\"):
                text += Array(String(try escape()).utf8)
            default:
                text.append(byte)
            }
        }
        throw JSONError(reason: "a string without end", offset: start)
    }

    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        guard let byte else { throw failure("a string without end") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw failure("an escape that JSON does not have")
        }
    }

    /// After `\u`: a code point, or a pair of surrogates (RFC 8259 section 7).
    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let first = try fourHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, take("\\"), take("u") else { throw failure("half of a surrogate pair") }
        let second = try fourHexDigits()
        let paired = 0x10000 + (first - 0xD800) << 10 + (second & 0x3FF)
        guard second >= 0xDC00, second <= 0xDFFF, let scalar = Unicode.Scalar(paired) else {
            throw failure("half of a surrogate pair")
        }
        return scalar
    }

    private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("\\u without four hexadecimal digits")
            }
            value = value << 4 + UInt32(digit)
            offset += 1
        }
        return value
    }
}
