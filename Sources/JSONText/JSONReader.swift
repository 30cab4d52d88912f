/// Adds the next bytes of a stream to `buffer`, at least one unless the stream has ended.
package typealias ByteSource = (_ buffer: inout OutputSpan<UInt8>) throws -> Void

/// A pull reader of JSON texts (RFC 8259) that come in chunks, one text after another in one stream.
///
/// Only the token at hand is kept. Every call either consumes what it names or throws a `JSONError`; after an error
/// that `isRecoverable` the reader stands after the value and can go on, after any other it must not be used again.
/// Repeated keys are given as they come.
package struct JSONReader: ~Copyable {
    /// Bytes of a string or number that is kept.
    package static let maximumTokenLength = 1 << 20
    /// Bytes asked of the source at a time.
    private static let chunkLength = 1 << 17

    static let escapePhrase = "one of \"\\/bfnrtu after '\\'"
    static let hexadecimalPhrase = "four hexadecimal digits after '\\u'"

    private let source: ByteSource?
    /// The bytes at hand; consumed ones are dropped when more are needed.
    var buffer: [UInt8]
    /// The next byte, as an index of `buffer`.
    var position = 0
    /// What the stream holds before `buffer`.
    private var consumed = 0
    private var isEnded = false
    var structure = JSONStructure()
    /// The line of the next byte, counted from 1.
    package internal(set) var line = 1
    /// The bytes of the last string that had escapes.
    var decoded: [UInt8] = []

    /// Reads from `source` until it adds nothing.
    package init(source: @escaping ByteSource) {
        self.source = source
        buffer = []
        structure.expectation = .afterValue
    }

    /// Reads bytes that are all there.
    package init(_ bytes: [UInt8]) {
        source = nil
        buffer = bytes
        isEnded = true
        structure.expectation = .afterValue
    }

    /// Bytes before the next one, counted from the beginning of the stream.
    package var offset: Int { consumed + position }

    /// How many arrays and objects are open.
    package var depth: Int { structure.depth }

    // MARK: Documents

    /// Goes to the next text of the stream, past whitespace and a byte order mark at the very beginning; false at the
    /// end of the stream.
    package mutating func nextDocument() throws(JSONError) -> Bool {
        if offset == 0 { try passByteOrderMark() }
        guard try peek() != nil else { return false }
        structure.expectation = .value
        return true
    }

    /// RFC 8259 section 8.1 lets a reader ignore the mark; Windows shells write it when they redirect output.
    private mutating func passByteOrderMark() throws(JSONError) {
        while buffer.count < 3 { guard try fill(keeping: 0) else { return } }
        if buffer[0] == 0xEF, buffer[1] == 0xBB, buffer[2] == 0xBF { position = 3 }
    }

    /// Up to `count` of the next bytes, for saying what a stream is that is not JSON. Nothing is consumed.
    package mutating func preview(_ count: Int) throws(JSONError) -> [UInt8] {
        while buffer.count - position < count {
            let start = position
            guard try fill(keeping: start) else { break }
        }
        return Array(buffer[position..<min(buffer.count, position + count)])
    }

    // MARK: Containers

    /// The kind of the next value, which is not consumed.
    package mutating func kind() throws(JSONError) -> JSONKind {
        guard let byte = try peek() else { throw end(expecting: "a value") }
        switch byte {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: throw unexpected(byte, expecting: "a value")
        }
    }

    /// Goes into the next value, an object.
    package mutating func beginObject() throws(JSONError) {
        try require(.object, expecting: "an object")
        guard structure.open(object: true) else { throw failure(.tooDeep(limit: JSONStructure.maximumDepth)) }
        position += 1
    }

    /// Goes into the next value, an array.
    package mutating func beginArray() throws(JSONError) {
        try require(.array, expecting: "an array")
        guard structure.open(object: false) else { throw failure(.tooDeep(limit: JSONStructure.maximumDepth)) }
        position += 1
    }

    /// Goes to the next element of the innermost array; false when the array ended, which is then left.
    package mutating func nextElement() throws(JSONError) -> Bool {
        guard let byte = try peek() else { throw end(expecting: structure.expectation.phrase) }
        if byte == UInt8(ascii: "]") {
            position += 1
            structure.close()
            return false
        }
        if structure.expectation == .afterValue {
            guard byte == UInt8(ascii: ",") else { throw unexpected(byte, expecting: "',' or ']'") }
            position += 1
        }
        structure.expectation = .value
        return true
    }

    /// Goes to the next key of the innermost object; at the end of the object that is left. After a key the reader
    /// stands before its value, wanted or not.
    package mutating func nextKey(in names: JSONKeyNames) throws(JSONError) -> JSONKeyMatch {
        try nextKey { bytes -> JSONKeyMatch in names.position(of: bytes).map { .known($0) } ?? .other } ?? .end
    }

    /// Goes to the next key of the innermost object and appends its bytes, with escapes decoded, to `bytes`; false when
    /// the object ended, which is then left. The reader stands before the key's value. The bytes are not checked for
    /// valid UTF-8; nothing is appended where this throws.
    package mutating func appendNextKey(to bytes: inout [UInt8]) throws(JSONError) -> Bool {
        try nextKey { JSONScan.append($0, to: &bytes) } != nil
    }

    /// Goes to the next key of the innermost object and gives its bytes to `body`; nil when the object ended, which
    /// is then left. The reader stands before the key's value.
    package mutating func nextKey<Result>(_ body: (Span<UInt8>) -> Result) throws(JSONError) -> Result? {
        guard let byte = try peek() else { throw end(expecting: structure.expectation.phrase) }
        if byte == UInt8(ascii: "}"), structure.expectation != .key {
            position += 1
            structure.close()
            return nil
        }
        if structure.expectation == .afterValue {
            guard byte == UInt8(ascii: ",") else { throw unexpected(byte, expecting: "',' or '}'") }
            position += 1
            structure.expectation = .key
            guard let first = try peek() else { throw end(expecting: "a key") }
            guard first == UInt8(ascii: "\"") else { throw unexpected(first, expecting: "a key") }
        } else {
            guard byte == UInt8(ascii: "\"") else { throw unexpected(byte, expecting: structure.expectation.phrase) }
        }
        let result: Result
        do throws(JSONError) {
            result = try string(body)
        } catch {
            // The value of a key that cannot be read is of no use: stand after both.
            if error.isRecoverable {
                try passColon()
                try skipValue()
            }
            throw error
        }
        try passColon()
        return result
    }

    private mutating func passColon() throws(JSONError) {
        structure.expectation = .colon
        guard let byte = try peek() else { throw end(expecting: "':'") }
        guard byte == UInt8(ascii: ":") else { throw unexpected(byte, expecting: "':'") }
        position += 1
        structure.expectation = .value
    }

    /// Passes over the next value, whatever it is and however long. Strings are not checked for valid Unicode.
    package mutating func skipValue() throws(JSONError) {
        var skipper = JSONSkipper(structure: structure, line: line)
        while true {
            let (index, outcome) = skipper.run(buffer.span, from: position)
            position = index
            line = skipper.line
            switch outcome {
            case .done:
                structure = skipper.structure
                return
            case .more:
                guard try fill(keeping: index) else {
                    if let missing = skipper.missing { throw end(expecting: missing) }
                    structure.expectation = .afterValue
                    return
                }
            case .unexpected(let expected): throw unexpected(buffer[index], expecting: expected)
            case .tooDeep: throw failure(.tooDeep(limit: JSONStructure.maximumDepth))
            }
        }
    }

    // MARK: Bytes

    /// The next byte that is not whitespace, which is not consumed; nil at the end of the stream.
    @inline(__always)
    mutating func peek() throws(JSONError) -> UInt8? {
        // Between most tokens of a text stands nothing, or one blank.
        if position < buffer.count {
            let byte = buffer[position]
            if byte > 0x20 { return byte }
            if byte == 0x20, position + 1 < buffer.count, buffer[position + 1] > 0x20 {
                position += 1
                return buffer[position]
            }
        }
        return try peekPastWhitespace()
    }

    private mutating func peekPastWhitespace() throws(JSONError) -> UInt8? {
        while true {
            let (end, lines) = JSONScan.whitespace(buffer.span, from: position)
            position = end
            line += lines
            if end < buffer.count { return buffer[end] }
            guard try fill(keeping: end) else { return nil }
        }
    }

    /// Asks the source for more and drops the bytes before `start`; false at the end of the stream. Indices of
    /// `buffer` are then smaller by `start`; `position` is adjusted.
    mutating func fill(keeping start: Int) throws(JSONError) -> Bool {
        guard !isEnded, let source else { return false }
        buffer.removeSubrange(0..<start)
        consumed += start
        position -= start
        let before = buffer.count
        do {
            try buffer.append(addingCapacity: Self.chunkLength) { (free: inout OutputSpan<UInt8>) in try source(&free) }
        } catch {
            isEnded = true
            throw failure(.unreadable("\(error)"))
        }
        isEnded = buffer.count == before
        return !isEnded
    }

    // MARK: Errors

    /// Makes sure that the next value is of a kind. Another is passed over, so that the error is recoverable.
    mutating func require(_ wanted: JSONKind, expecting expected: String) throws(JSONError) {
        let found = try kind()
        guard found != wanted else { return }
        let error = failure(.wrongType(found: found, expected: expected))
        try skipValue()
        throw error
    }

    func failure(_ reason: JSONError.Reason) -> JSONError {
        JSONError(reason, line: line, offset: offset)
    }

    func unexpected(_ byte: UInt8, expecting expected: String) -> JSONError {
        failure(.unexpectedByte(byte, expected: expected))
    }

    func end(expecting expected: String) -> JSONError {
        failure(.unexpectedEnd(expected: expected))
    }
}
