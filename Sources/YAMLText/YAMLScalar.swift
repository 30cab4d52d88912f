import JSONText

/// What a scalar means. The rules are those of kubectl's reader (goyaml v2), which are nearly YAML 1.1's: `yes`, `on` and
/// `y` are true, but a date is a string, and so is `1:30`.
enum YAMLScalar {
    static let mergeTag = "tag:yaml.org,2002:merge"

    /// - Parameter tag: with the prefix in full; empty for none.
    /// - Returns: nil where the text does not fit the tag, or is a number that is not finite.
    static func value(_ text: String, tag: String, isPlain: Bool) -> DocumentNode.Value? {
        switch tag {
        case "": isPlain ? plain(text) : .string(text)
        case "tag:yaml.org,2002:bool": plain(text).flatMap { if case .boolean = $0 { $0 } else { nil } }
        case "tag:yaml.org,2002:null": plain(text).flatMap { if case .null = $0 { $0 } else { nil } }
        case "tag:yaml.org,2002:int":
            switch plain(text) {
            case let value? where value.isInteger: value
            default: nil
            }
        case "tag:yaml.org,2002:float":
            switch plain(text) {
            case .double(let number): .double(number)
            case .integer(let number): .double(Double(number))
            case .unsigned(let number): .double(Double(number))
            default: nil
            }
        // Bytes in base64: nothing that is read with this has them.
        case "tag:yaml.org,2002:binary": nil
        default: .string(text)
        }
    }

    private static func plain(_ text: String) -> DocumentNode.Value? {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": return .boolean(true)
        case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": return .boolean(false)
        case ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF":
            return nil
        default: break
        }
        guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first) else { return .string(text) }
        let digits = first == UInt8(ascii: ".") ? Array(text.utf8) : text.utf8.filter { $0 != UInt8(ascii: "_") }
        if first != UInt8(ascii: "."), let integer = integer(digits) { return integer }
        guard isDecimal(digits), let number = Double(String(decoding: digits, as: UTF8.self)), number.isFinite else {
            return .string(text)
        }
        return .double(number)
    }

    /// Decimal, or with a prefix: `0x`, `0o` and `0` for octal, `0b`.
    private static func integer(_ text: [UInt8]) -> DocumentNode.Value? {
        var digits = text[...]
        let isNegative = digits.first == UInt8(ascii: "-")
        let isSigned = isNegative || digits.first == UInt8(ascii: "+")
        if isSigned { digits.removeFirst() }
        var radix = 10
        if digits.count > 1, digits.first == UInt8(ascii: "0"), let mark = digits.dropFirst().first {
            switch mark | 0x20 {
            case UInt8(ascii: "x"): radix = 16
            case UInt8(ascii: "o"): radix = 8
            case UInt8(ascii: "b"): radix = 2
            default: radix = 8
            }
            digits = digits.dropFirst(mark | 0x20 > UInt8(ascii: "9") ? 2 : 1)
        }
        // A second sign, which Swift's reader would take.
        guard let first = digits.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { return nil }
        let sign = isNegative ? "-" : ""
        let number = String(decoding: digits, as: UTF8.self)
        if let value = Int64(sign + number, radix: radix) { return .integer(value) }
        if !isSigned, let value = UInt64(number, radix: radix) { return .unsigned(value) }
        return nil
    }

    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
    private static func isDecimal(_ text: [UInt8]) -> Bool {
        var rest = text[...]
        func passDigits() -> Int {
            let before = rest.count
            rest = rest.drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            return before - rest.count
        }
        func passSign() {
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        }
        passSign()
        let whole = passDigits()
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            guard passDigits() > 0 || whole > 0 else { return false }
        } else if whole == 0 {
            return false
        }
        guard let exponent = rest.popFirst() else { return true }
        guard exponent | 0x20 == UInt8(ascii: "e") else { return false }
        passSign()
        return passDigits() > 0 && rest.isEmpty
    }

    /// A key as JSON has it: numbers and truth values in words, as kubectl's reader makes them.
    static func key(_ value: DocumentNode.Value) -> String? {
        switch value {
        case .string(let text): text
        case .boolean(let isTrue): isTrue ? "true" : "false"
        case .integer(let number): String(number)
        case .unsigned(let number): String(number)
        case .double(let number):
            number.description.hasSuffix(".0") ? String(number.description.dropLast(2)) : number.description
        case .null, .array, .object: nil
        }
    }
}

extension DocumentNode.Value {
    fileprivate var isInteger: Bool {
        switch self {
        case .integer, .unsigned: true
        default: false
        }
    }
}
