/// Writes JSON texts (RFC 8259) into a sink, piece by piece.
///
/// Control characters, DEL, the C1 controls and the line separators U+2028 and U+2029 are written as `\u` escapes,
/// so that a terminal never sees them.
package struct JSONWriter: DocumentWriter, ~Copyable {
    package enum Style: Sendable {
        /// As `kubectl -o json`: four spaces a level, a line for each key and element.
        case pretty
        /// One document a line, without spaces (ndjson).
        case compact
    }

    /// Bytes that are collected before the sink gets them.
    private static let chunkLength = 1 << 16

    private let style: Style
    private let sink: ByteSink
    private var buffer: [UInt8] = []
    private var position = DocumentPosition()

    package init(style: Style, sink: @escaping ByteSink) {
        self.style = style
        self.sink = sink
        buffer.reserveCapacity(Self.chunkLength + 1024)
    }

    package mutating func beginObject() throws(DocumentWriterError) {
        try begin(object: true)
    }

    package mutating func endObject() throws(DocumentWriterError) {
        try end(object: true)
    }

    package mutating func beginArray() throws(DocumentWriterError) {
        try begin(object: false)
    }

    package mutating func endArray() throws(DocumentWriterError) {
        try end(object: false)
    }

    package mutating func key(_ key: String) throws(DocumentWriterError) {
        separate()
        try position.key()
        quote(key)
        buffer.append(UInt8(ascii: ":"))
        if style == .pretty { buffer.append(UInt8(ascii: " ")) }
    }

    package mutating func string(_ value: String) throws(DocumentWriterError) {
        try beginValue()
        quote(value)
        try flushIfFull()
    }

    package mutating func integer(_ value: Int64) throws(DocumentWriterError) {
        try plain(String(value))
    }

    package mutating func integer(_ value: UInt64) throws(DocumentWriterError) {
        try plain(String(value))
    }

    package mutating func double(_ value: Double) throws(DocumentWriterError) {
        guard value.isFinite else { throw .notFinite(value) }
        try plain(value.description)
    }

    package mutating func boolean(_ value: Bool) throws(DocumentWriterError) {
        try plain(value ? "true" : "false")
    }

    package mutating func null() throws(DocumentWriterError) {
        try plain("null")
    }

    package mutating func endDocument() throws(DocumentWriterError) {
        try position.endDocument()
        buffer.append(0x0A)
        try flush()
    }

    // MARK: Tokens

    private mutating func begin(object: Bool) throws(DocumentWriterError) {
        try beginValue { (position: inout DocumentPosition) throws(DocumentWriterError) in
            try position.begin(object: object)
        }
        buffer.append(object ? UInt8(ascii: "{") : UInt8(ascii: "["))
    }

    private mutating func end(object: Bool) throws(DocumentWriterError) {
        let wasEmpty = position.isEmpty
        try position.end(object: object)
        if !wasEmpty { breakLine() }
        buffer.append(object ? UInt8(ascii: "}") : UInt8(ascii: "]"))
        try flushIfFull()
    }

    private mutating func plain(_ text: String) throws(DocumentWriterError) {
        try beginValue()
        buffer.append(contentsOf: text.utf8)
        try flushIfFull()
    }

    private mutating func beginValue(
        _ place: (inout DocumentPosition) throws(DocumentWriterError) -> Void = {
            (position: inout DocumentPosition) throws(DocumentWriterError) in try position.value()
        }
    ) throws(DocumentWriterError) {
        if !position.isAfterKey { separate() }
        try place(&position)
    }

    /// The comma after the value before, and the new line.
    private mutating func separate() {
        guard position.depth > 0 else { return }
        if !position.isEmpty { buffer.append(UInt8(ascii: ",")) }
        breakLine()
    }

    private mutating func breakLine() {
        guard style == .pretty else { return }
        buffer.append(0x0A)
        for _ in 0..<4 * position.depth { buffer.append(UInt8(ascii: " ")) }
    }

    private mutating func quote(_ text: String) {
        buffer.append(UInt8(ascii: "\""))
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            buffer.append(contentsOf: text.utf8)
        } else {
            for scalar in text.unicodeScalars { append(scalar) }
        }
        buffer.append(UInt8(ascii: "\""))
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x22: buffer.append(contentsOf: [0x5C, 0x22])
        case 0x5C: buffer.append(contentsOf: [0x5C, 0x5C])
        case 0x0A: buffer.append(contentsOf: [0x5C, UInt8(ascii: "n")])
        case 0x0D: buffer.append(contentsOf: [0x5C, UInt8(ascii: "r")])
        case 0x09: buffer.append(contentsOf: [0x5C, UInt8(ascii: "t")])
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029:
            buffer.append(contentsOf: [0x5C, UInt8(ascii: "u")])
            for shift in [12, 8, 4, 0] as [UInt32] {
                let digit = UInt8(scalar.value >> shift & 0xF)
                buffer.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        default: buffer.append(contentsOf: String(scalar).utf8)
        }
    }

    // MARK: Sink

    private mutating func flushIfFull() throws(DocumentWriterError) {
        if buffer.count >= Self.chunkLength { try flush() }
    }

    private mutating func flush() throws(DocumentWriterError) {
        do {
            try sink(buffer.span)
        } catch {
            throw .sink(error)
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
