/// Takes the next bytes of a text that is written in pieces.
package typealias ByteSink = (_ bytes: Span<UInt8>) throws -> Void

/// Why a document could not be written.
package enum DocumentWriterError: Error {
    /// The call does not fit what was written before: a value where a key must be, an end without a beginning.
    case misplaced(String)
    /// JSON and the YAML that kubectl writes have no number for this.
    case notFinite(Double)
    /// The sink failed, with its own error.
    case sink(any Error)
    /// The library that writes the text failed, with its own words.
    case library(String)
}

extension DocumentWriterError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .misplaced(let what): "cannot write \(what) here"
        case .notFinite(let value): "cannot write the number \(value)"
        case .sink(let error): "\(error)"
        case .library(let message): message
        }
    }
}

/// Writes documents of objects, arrays and plain values, whatever the text form, in the order of the calls.
///
/// After an error the writer must not be used again.
package protocol DocumentWriter: ~Copyable {
    mutating func beginObject() throws(DocumentWriterError)
    mutating func endObject() throws(DocumentWriterError)
    mutating func beginArray() throws(DocumentWriterError)
    mutating func endArray() throws(DocumentWriterError)
    /// The key of the value that comes next; only within an object.
    mutating func key(_ key: String) throws(DocumentWriterError)
    mutating func string(_ value: String) throws(DocumentWriterError)
    mutating func integer(_ value: Int64) throws(DocumentWriterError)
    mutating func integer(_ value: UInt64) throws(DocumentWriterError)
    /// Writes the shortest digits that give the same number back, always with a point or an exponent.
    mutating func double(_ value: Double) throws(DocumentWriterError)
    mutating func boolean(_ value: Bool) throws(DocumentWriterError)
    mutating func null() throws(DocumentWriterError)
    /// Ends the document and gives all of it to the sink. Another document may follow.
    mutating func endDocument() throws(DocumentWriterError)
}

extension DocumentWriter where Self: ~Copyable {
    package mutating func integer(_ value: Int) throws(DocumentWriterError) {
        try integer(Int64(value))
    }
}

/// What is open in a document being written, so that a misplaced call is found where it is made.
package struct DocumentPosition: Sendable {
    private enum Container { case array, object }

    private var containers: [Container] = []
    private var hasKey = false
    private var isComplete = false
    /// Whether the innermost container, or the document, holds nothing yet.
    package private(set) var isEmpty = true

    package init() {}

    /// How many objects and arrays are open.
    package var depth: Int { containers.count }

    /// Whether the value that comes next stands after a key.
    package var isAfterKey: Bool { hasKey }

    /// Checks that a key may come next.
    package mutating func key() throws(DocumentWriterError) {
        guard containers.last == .object, !hasKey else { throw .misplaced("a key") }
        hasKey = true
        isEmpty = false
    }

    /// Checks that a value may come next.
    package mutating func value() throws(DocumentWriterError) {
        guard containers.last == .object ? hasKey : !isComplete else { throw .misplaced("a value") }
        hasKey = false
        isEmpty = false
        isComplete = containers.isEmpty
    }

    package mutating func begin(object: Bool) throws(DocumentWriterError) {
        try value()
        containers.append(object ? .object : .array)
        isEmpty = true
        isComplete = false
    }

    package mutating func end(object: Bool) throws(DocumentWriterError) {
        guard containers.last == (object ? .object : .array), !hasKey else {
            throw .misplaced(object ? "the end of an object" : "the end of an array")
        }
        containers.removeLast()
        isEmpty = false
        isComplete = containers.isEmpty
    }

    package mutating func endDocument() throws(DocumentWriterError) {
        guard isComplete else { throw .misplaced("the end of a document") }
        self = DocumentPosition()
    }
}
