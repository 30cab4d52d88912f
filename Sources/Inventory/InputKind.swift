/// What a text is by its first bytes, to tell a user who passed the wrong file.
enum InputKind: Hashable {
    case object, array, scalar
    case markup, yaml, table, utf16, compressed, other

    init(_ bytes: [UInt8]) {
        switch bytes.first {
        case UInt8(ascii: "{"): self = .object
        case UInt8(ascii: "["): self = .array
        case UInt8(ascii: "<"): self = .markup
        case 0xFE, 0xFF: self = .utf16
        case 0x1F where bytes.dropFirst().first == 0x8B: self = .compressed
        default: self = Self.text(bytes)
        }
    }

    private static func text(_ bytes: [UInt8]) -> InputKind {
        let text = String(decoding: bytes, as: UTF8.self)
        if text.hasPrefix("\"") { return .scalar }
        if text.hasPrefix("NAME ") || text.hasPrefix("NAMESPACE ") { return .table }
        let line = text.prefix { !$0.isNewline }
        if line.hasPrefix("---") || line.hasPrefix("#") || line.hasPrefix("%YAML") { return .yaml }
        if line.hasPrefix("- ") || line.hasSuffix(":") || line.contains(": ") { return .yaml }
        let isNumber = line.first.map { $0.isNumber || $0 == "-" } ?? false
        return isNumber || ["true", "false", "null"].contains(line) ? .scalar : .other
    }

    var phrase: String {
        switch self {
        case .object: "a JSON object"
        case .array: "a JSON array"
        case .scalar: "a single JSON value"
        case .markup: "an HTML or XML page"
        case .yaml: "YAML text (use 'kubectl get -o json')"
        case .table: "a table (use 'kubectl get -o json')"
        case .utf16: "UTF-16 text (save it as UTF-8)"
        case .compressed: "compressed data (decompress it first)"
        case .other: "not JSON"
        }
    }
}
