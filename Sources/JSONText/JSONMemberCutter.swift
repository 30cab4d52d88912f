/// Cuts JSON objects that come in chunks, one after another in one stream, into the texts of their members' values, and
/// one array among them into its elements. The grammar of all that is checked, and no more is kept than one text.
///
/// Names of members are compared as they stand in the text: one that is written with escapes is not found.
package struct JSONMemberCutter: Sendable {
    /// What was found.
    package enum Piece: Hashable, Sendable {
        /// The value of the member with the name at this position.
        case member(Int)
        /// An element of the array.
        case element
        /// An element of the array that is longer than the limit; its text is empty.
        case tooLongElement
        /// The end of an object.
        case end
    }

    private enum State {
        /// Outside all objects.
        case between
        case firstKey
        /// After a comma.
        case key
        case colon
        case value
        case firstElement
        /// After a comma.
        case element
        /// After a member.
        case afterMember
        /// After an element.
        case afterElement
        /// Within a value, an element or a key.
        case passing(Passed)
    }

    private enum Passed {
        case key
        /// The value of the name at this position, or of another.
        case member(Int?)
        case element
    }

    private let names: [[UInt8]]
    private let array: [UInt8]
    private let limit: Int
    private var state = State.between
    private var skipper = JSONSkipper(structure: JSONStructure(), line: 1)
    private var kept: [UInt8] = []
    private var isTooLong = false
    /// Where the text at hand begins.
    private var start = 0
    private var name: Int?
    private var isArrayNext = false
    private var line = 1
    /// Bytes before the next one, counted from the beginning of the stream.
    package private(set) var offset = 0

    /// - Parameters:
    ///   - names: of the members that are wanted.
    ///   - array: of the member whose elements are wanted.
    ///   - limit: bytes of a text that are kept.
    package init(names: [String], elementsOf array: String, limit: Int) {
        self.names = names.map { Array($0.utf8) }
        self.array = Array(array.utf8)
        self.limit = limit
    }

    /// Whether the stream may end here, between two objects.
    package var isBetweenObjects: Bool { if case .between = state { true } else { false } }

    /// Goes through the bytes that come next.
    ///
    /// - Parameter take: called with each piece, its text, and where in the stream the text begins.
    /// - Throws: a `JSONError` as `failure` makes one of it, or what `take` throws. Nothing can be cut after it.
    package mutating func append<Failure: Error>(
        _ chunk: Span<UInt8>,
        failure: (JSONError) -> Failure,
        take: (Piece, _ text: [UInt8], _ offset: Int) throws(Failure) -> Void
    ) throws(Failure) {
        let base = offset
        var index = 0
        while index < chunk.count {
            if case .passing(let passed) = state {
                let (end, outcome) = skipper.run(chunk, from: index)
                if isKept(passed) { keep(chunk.extracting(index..<end)) }
                index = end
                offset = base + index
                line = skipper.line
                switch outcome {
                case .more: continue
                case .done: try finish(passed, failure, take)
                case .unexpected(let expected): throw failure(unexpected(chunk[index], expected))
                case .tooDeep: throw failure(error(.tooDeep(limit: JSONStructure.maximumDepth)))
                }
                continue
            }
            let (end, lines) = JSONScan.whitespace(chunk, from: index)
            index = end
            offset = base + index
            line += lines
            guard index < chunk.count else { return }
            let byte = chunk[index]
            // A value's first byte is the skipper's.
            if try isPunctuation(byte, failure, take) {
                index += 1
                offset = base + index
            }
        }
    }

    /// What is missing where the stream ends now; nil where it may.
    package var missing: JSONError? {
        isBetweenObjects ? nil : error(.unexpectedEnd(expected: "the end of the object"))
    }

    // MARK: Steps

    /// Takes a byte that stands between values; false for the first of a value.
    private mutating func isPunctuation<Failure: Error>(
        _ byte: UInt8,
        _ failure: (JSONError) -> Failure,
        _ take: (Piece, [UInt8], Int) throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        switch (state, byte) {
        case (.between, UInt8(ascii: "{")): state = .firstKey
        case (.firstKey, UInt8(ascii: "}")), (.afterMember, UInt8(ascii: "}")):
            state = .between
            try take(.end, [], offset)
        case (.firstKey, UInt8(ascii: "\"")), (.key, UInt8(ascii: "\"")):
            begin(.key)
            return false
        case (.colon, UInt8(ascii: ":")): state = .value
        case (.afterMember, UInt8(ascii: ",")): state = .key
        case (.value, UInt8(ascii: "[")) where isArrayNext: state = .firstElement
        case (.firstElement, UInt8(ascii: "]")), (.afterElement, UInt8(ascii: "]")): state = .afterMember
        case (.afterElement, UInt8(ascii: ",")): state = .element
        case (.value, _):
            begin(.member(name))
            return false
        case (.firstElement, _), (.element, _):
            begin(.element)
            return false
        default: throw failure(unexpected(byte, expected))
        }
        return true
    }

    private var expected: String {
        switch state {
        case .between: "an object"
        case .firstKey: "a key or '}'"
        case .key: "a key"
        case .colon: "':'"
        case .afterMember: "',' or '}'"
        case .afterElement: "',' or ']'"
        case .value, .firstElement, .element, .passing: "a value"
        }
    }

    private mutating func begin(_ passed: Passed) {
        skipper = JSONSkipper(structure: JSONStructure(), line: line)
        kept.removeAll(keepingCapacity: true)
        isTooLong = false
        start = offset
        state = .passing(passed)
    }

    private mutating func finish<Failure: Error>(
        _ passed: Passed,
        _ failure: (JSONError) -> Failure,
        _ take: (Piece, [UInt8], Int) throws(Failure) -> Void
    ) throws(Failure) {
        switch passed {
        case .key:
            // The text has its quotes.
            let text = kept.dropFirst().dropLast()
            isArrayNext = !isTooLong && text.elementsEqual(array)
            name = isTooLong ? nil : names.firstIndex { text.elementsEqual($0) }
            state = .colon
        case .member(let name):
            state = .afterMember
            guard let name else { return }
            guard !isTooLong else { throw failure(error(.tooLong(limit: limit))) }
            try take(.member(name), kept, start)
        case .element:
            state = .afterElement
            try take(isTooLong ? .tooLongElement : .element, kept, start)
        }
    }

    private func isKept(_ passed: Passed) -> Bool {
        if case .member(nil) = passed { false } else { !isTooLong }
    }

    private mutating func keep(_ text: Span<UInt8>) {
        guard text.count <= limit - kept.count else {
            kept = []
            isTooLong = true
            return
        }
        kept.reserveCapacity(kept.count + text.count)
        JSONScan.append(text, to: &kept)
    }

    private func error(_ reason: JSONError.Reason) -> JSONError {
        JSONError(reason, line: line, offset: offset)
    }

    private func unexpected(_ byte: UInt8, _ expected: String) -> JSONError {
        error(.unexpectedByte(byte, expected: expected))
    }
}
