import JSONText

/// One JSON value as a flat list: a value stands before its parts, and knows where its parts end. The list is used again
/// for each object of a text, so that an object costs no allocation.
struct NFTNodes {
    enum Kind: UInt8 {
        case object, array, string, number, boolean, null
        /// A number beyond 64 bits, or what stood too deep to be read.
        case unreadable
    }

    struct Node {
        var kind: Kind
        /// The key under which it stands in an object, where it is known.
        var key: NFTWord?
        /// What a string says, where it is known.
        var word: NFTWord?
        /// Of the key, in `bytes`.
        var keyRange: Range<Int>
        /// Of a string, in `bytes`.
        var range: Range<Int>
        /// A number, or 1 for true.
        var number: Int64
        /// The index after its last part.
        var end: Int
    }

    /// No expression of nft is nested as deep as this.
    static let maximumDepth = 48

    private(set) var nodes: [Node] = []
    private(set) var bytes: [UInt8] = []
    /// Whether something could not be read.
    private(set) var isDamaged = false
    private let words = NFTWord.known

    /// Reads the next value in place of what was read before.
    mutating func read(_ reader: inout JSONReader) throws(JSONError) {
        nodes.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        isDamaged = false
        try append(&reader, key: nil, keyRange: 0..<0, depth: 0)
    }

    private mutating func append(
        _ reader: inout JSONReader,
        key: NFTWord?,
        keyRange: Range<Int>,
        depth: Int
    ) throws(JSONError) {
        let index = nodes.count
        var node = Node(
            kind: .null, key: key, word: nil, keyRange: keyRange, range: 0..<0, number: 0, end: index + 1)
        guard depth < Self.maximumDepth else {
            node.kind = .unreadable
            nodes.append(node)
            isDamaged = true
            return try reader.skipValue()
        }
        switch try reader.kind() {
        case .object:
            node.kind = .object
            nodes.append(node)
            try appendFields(&reader, depth: depth)
            nodes[index].end = nodes.count
            return
        case .array:
            node.kind = .array
            nodes.append(node)
            try reader.beginArray()
            while try reader.nextElement() { try append(&reader, key: nil, keyRange: 0..<0, depth: depth + 1) }
            nodes[index].end = nodes.count
            return
        case .string:
            node.kind = .string
            do throws(JSONError) {
                let start = bytes.count
                try reader.appendString(to: &bytes)
                node.range = start..<bytes.count
                node.word = words.meaning(bytes.span, node.range)
            } catch {
                try noteDamage(error, of: &node)
            }
        case .number:
            node.kind = .number
            do throws(JSONError) {
                node.number = try reader.integer()
            } catch {
                try noteDamage(error, of: &node)
            }
        case .boolean:
            node.kind = .boolean
            node.number = try reader.boolean() ? 1 : 0
        case .null: _ = try reader.null()
        }
        nodes.append(node)
    }

    private mutating func appendFields(_ reader: inout JSONReader, depth: Int) throws(JSONError) {
        try reader.beginObject()
        while true {
            do throws(JSONError) {
                let start = bytes.count
                guard try reader.appendNextKey(to: &bytes) else { return }
                let range = start..<bytes.count
                try append(&reader, key: words.meaning(bytes.span, range), keyRange: range, depth: depth + 1)
            } catch {
                guard error.isRecoverable else { throw error }
                isDamaged = true
            }
        }
    }

    /// Marks a value that cannot be held, and throws what the text cannot be read on after.
    private mutating func noteDamage(_ error: JSONError, of node: inout Node) throws(JSONError) {
        guard error.isRecoverable else { throw error }
        node.kind = .unreadable
        isDamaged = true
    }

    // MARK: Asking

    /// The first part of an object with a key; nil where there is none, or the value is no object.
    func child(_ index: Int, _ key: NFTWord) -> Int? {
        guard nodes[index].kind == .object else { return nil }
        var child = index + 1
        while child < nodes[index].end {
            if nodes[child].key == key { return child }
            child = nodes[child].end
        }
        return nil
    }

    /// The parts of an array or object, in order.
    func children(_ index: Int) -> [Int] {
        var children: [Int] = []
        var child = index + 1
        while child < nodes[index].end {
            children.append(child)
            child = nodes[child].end
        }
        return children
    }

    /// The first part of an array or object.
    func first(_ index: Int) -> Int? { index + 1 < nodes[index].end ? index + 1 : nil }

    /// The only part of an object: `{"drop": null}`.
    func only(_ index: Int) -> Int? {
        guard nodes[index].kind == .object, let first = first(index), nodes[first].end == nodes[index].end else {
            return nil
        }
        return first
    }

    func string(_ index: Int) -> String? {
        nodes[index].kind == .string ? bytes.span.string(nodes[index].range) : nil
    }

    /// The node under a key of an object, where it is a string.
    func stringNode(_ index: Int, _ key: NFTWord) -> Int? {
        child(index, key).flatMap { nodes[$0].kind == .string ? $0 : nil }
    }

    /// The string under a key of an object.
    func string(_ index: Int, _ key: NFTWord) -> String? { child(index, key).flatMap(string) }

    /// The known word under a key of an object.
    func word(_ index: Int, _ key: NFTWord) -> NFTWord? { child(index, key).flatMap { nodes[$0].word } }

    /// The number under a key of an object.
    func number(_ index: Int, _ key: NFTWord) -> Int64? {
        child(index, key).flatMap { nodes[$0].kind == .number ? nodes[$0].number : nil }
    }

    /// A number that the kernel counts without a sign; nft prints what is above the largest signed one as negative.
    func count(_ index: Int, _ key: NFTWord) -> UInt64? { number(index, key).map { UInt64(bitPattern: $0) } }

    /// Whether a value is a string that begins with `@`: the name of a set.
    func isSetName(_ index: Int) -> Bool {
        nodes[index].kind == .string && !nodes[index].range.isEmpty
            && bytes[nodes[index].range.lowerBound] == UInt8(ascii: "@")
    }

    /// The name of a set without its `@`.
    func setName(_ index: Int) -> String { bytes.span.string(nodes[index].range.dropFirst()) }
}
