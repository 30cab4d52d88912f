/// Writes statements and expressions in nft's own syntax, as nft(8) prints them. What has no words of its own here is
/// written as its JSON.
struct NFTText {
    private(set) var bytes: [UInt8] = []

    var string: String { PrintedText.string(bytes.span) }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// A space, unless nothing stands before it.
    mutating func separate() { if !bytes.isEmpty { bytes.append(UInt8(ascii: " ")) } }

    mutating func write(_ nodes: NFTNodes, bytesOf range: Range<Int>) { bytes.append(contentsOf: nodes.bytes[range]) }

    // MARK: Expressions

    /// What stands on the left of a comparison.
    mutating func expression(_ nodes: NFTNodes, _ index: Int) {
        guard let only = nodes.only(index) else { return value(nodes, index, quotes: 0) }
        let node = nodes.nodes[only]
        switch node.key {
        case .payload:
            if let header = nodes.stringNode(only, .protocols), let field = nodes.stringNode(only, .field) {
                write(nodes, bytesOf: nodes.nodes[header].range)
                write(" ")
                write(nodes, bytesOf: nodes.nodes[field].range)
            } else if let base = nodes.string(only, .base) {
                write("@\(base),\(nodes.number(only, .offset) ?? 0),\(nodes.number(only, .len) ?? 0)")
            } else {
                json(nodes, index)
            }
        case .meta:
            let key = nodes.string(only) ?? nodes.string(only, .key) ?? ""
            switch node.word ?? nodes.word(only, .key) {
            case .iif, .oif, .iifname, .oifname, .iifgroup, .oifgroup: write(key)
            default: write("meta \(key)")
            }
        case .ct:
            write("ct ")
            if let direction = nodes.string(only, .direction) { write("\(direction) ") }
            write(nodes.string(only) ?? nodes.string(only, .key) ?? "")
        case .fib:
            write("fib ")
            if let flags = nodes.child(only, .flags) { list(nodes, flags, separator: " . ", quotes: 0) }
            write(" \(nodes.string(only, .result) ?? "")")
        case .numgen:
            write("numgen \(nodes.string(only, .mode) ?? "") mod \(nodes.number(only, .mod) ?? 0)")
            if let offset = nodes.number(only, .offset), offset != 0 { write(" offset \(offset)") }
        case .exthdr:
            write("exthdr \(nodes.string(only, .name) ?? "")")
            if let field = nodes.string(only, .field) { write(" \(field)") }
        case .and, .or, .exclusiveOr, .shiftLeft, .shiftRight:
            operation(nodes, only, isMark: mentionsMark(nodes, only))
        case .concat where node.kind == .array: concatenation(nodes, only)
        case .map: mapped(nodes, only, "map")
        default: value(nodes, index, quotes: 0)
        }
    }

    /// "ip daddr . tcp dport vmap @name"
    mutating func mapped(_ nodes: NFTNodes, _ index: Int, _ word: String) {
        guard let key = nodes.child(index, .key), let data = nodes.child(index, .data) else {
            return json(nodes, index)
        }
        expression(nodes, key)
        write(" \(word) ")
        value(nodes, data, quotes: NFTKey(nodes, key).quotes)
    }

    private mutating func concatenation(_ nodes: NFTNodes, _ index: Int) {
        var isFirst = true
        for child in nodes.children(index) {
            if !isFirst { write(" . ") }
            isFirst = false
            expression(nodes, child)
        }
    }

    private mutating func operation(_ nodes: NFTNodes, _ index: Int, isMark: Bool) {
        var isFirst = true
        for child in nodes.children(index) {
            if !isFirst { write(" \(nodes.nodes[index].key?.rawValue ?? "") ") }
            isFirst = false
            if isMark, nodes.nodes[child].kind == .number {
                write(Self.hexadecimal(nodes.nodes[child].number))
            } else if nodes.nodes[child].kind == .array {
                write("(")
                list(nodes, child, separator: " | ", quotes: 0)
                write(")")
            } else {
                expression(nodes, child)
            }
        }
    }

    /// Whether an expression is of a mark, whose numbers nft prints with all eight hexadecimal digits.
    func mentionsMark(_ nodes: NFTNodes, _ index: Int) -> Bool {
        for node in nodes.nodes[index..<nodes.nodes[index].end] where node.word == .mark { return true }
        return false
    }

    static func hexadecimal(_ number: Int64) -> String {
        let digits = String(UInt64(bitPattern: number), radix: 16)
        return "0x" + String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits
    }

    // MARK: Values

    /// What stands on the right of a comparison, or in a set.
    ///
    /// - Parameter quotes: which parts of a concatenation stand in quotes, from the lowest bit on.
    mutating func value(_ nodes: NFTNodes, _ index: Int, quotes: UInt64) {
        let node = nodes.nodes[index]
        switch node.kind {
        case .string:
            let isQuoted = quotes & 1 == 1 && !nodes.isSetName(index)
            if isQuoted { bytes.append(UInt8(ascii: "\"")) }
            write(nodes, bytesOf: node.range)
            if isQuoted { bytes.append(UInt8(ascii: "\"")) }
        case .number: write(String(node.number))
        case .boolean: write(node.number == 1 ? "exists" : "missing")
        case .null: write("null")
        case .unreadable: write("?")
        case .array: list(nodes, index, separator: ",", quotes: quotes)
        case .object: composed(nodes, index, quotes: quotes)
        }
    }

    private mutating func composed(_ nodes: NFTNodes, _ index: Int, quotes: UInt64) {
        guard let only = nodes.only(index) else { return json(nodes, index) }
        switch nodes.nodes[only].key {
        case .prefix:
            guard let address = nodes.child(only, .addr), let length = nodes.number(only, .len) else {
                return json(nodes, index)
            }
            value(nodes, address, quotes: quotes)
            write("/\(length)")
        case .range where nodes.nodes[only].kind == .array: list(nodes, only, separator: "-", quotes: quotes)
        case .concat where nodes.nodes[only].kind == .array:
            var rest = quotes
            for child in nodes.children(only) {
                if child != only + 1 { write(" . ") }
                value(nodes, child, quotes: rest & 1)
                rest >>= 1
            }
        case .set where nodes.nodes[only].kind == .array:
            write("{ ")
            for child in nodes.children(only) {
                if child != only + 1 { write(", ") }
                element(nodes, child, quotes: quotes)
            }
            write(" }")
        case .elem where nodes.child(only, .val) != nil:
            if let inner = nodes.child(only, .val) { value(nodes, inner, quotes: quotes) }
        case .payload, .meta, .ct, .fib, .numgen, .exthdr, .and, .or, .exclusiveOr, .shiftLeft, .shiftRight, .map:
            expression(nodes, index)
        case .accept, .drop, .continues, .returns: write(nodes.nodes[only].key?.rawValue ?? "")
        case .jump, .goto:
            write("\(nodes.nodes[only].key?.rawValue ?? "") \(nodes.string(only, .target) ?? "")")
        default: json(nodes, index)
        }
    }

    /// An element of a set, or the two parts of one of a map.
    private mutating func element(_ nodes: NFTNodes, _ index: Int, quotes: UInt64) {
        guard nodes.nodes[index].kind == .array, let key = nodes.first(index),
            nodes.nodes[key].end < nodes.nodes[index].end
        else { return value(nodes, index, quotes: quotes) }
        value(nodes, key, quotes: quotes)
        write(" : ")
        value(nodes, nodes.nodes[key].end, quotes: 0)
    }

    mutating func list(_ nodes: NFTNodes, _ index: Int, separator: String, quotes: UInt64) {
        guard nodes.nodes[index].kind == .array else { return value(nodes, index, quotes: quotes) }
        for child in nodes.children(index) {
            if child != index + 1 { write(separator) }
            value(nodes, child, quotes: quotes)
        }
    }

    // MARK: JSON

    /// A value as compact JSON.
    mutating func json(_ nodes: NFTNodes, _ index: Int) {
        let node = nodes.nodes[index]
        switch node.kind {
        case .string: string(nodes, node.range)
        case .number: write(String(node.number))
        case .boolean: write(node.number == 1 ? "true" : "false")
        case .null: write("null")
        case .unreadable: write("?")
        case .array, .object:
            write(node.kind == .array ? "[" : "{")
            for child in nodes.children(index) {
                if child != index + 1 { write(",") }
                if node.kind == .object {
                    string(nodes, nodes.nodes[child].keyRange)
                    write(":")
                }
                json(nodes, child)
            }
            write(node.kind == .array ? "]" : "}")
        }
    }

    mutating func string(_ nodes: NFTNodes, _ range: Range<Int>) {
        bytes.append(UInt8(ascii: "\""))
        for byte in nodes.bytes[range] {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
