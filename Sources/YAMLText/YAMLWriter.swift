package import JSONText

/// Writes YAML documents in block style, as `kubectl -o yaml` does, into a sink, piece by piece.
///
/// A string that would be read as another type is quoted, and one with control characters is quoted and escaped, so
/// that a terminal never sees them. Further documents are separated by `---`.
package struct YAMLWriter: DocumentWriter, ~Copyable {
    private let emitter: YAMLEmitter
    private var position = DocumentPosition()
    private var isInDocument = false

    /// Throws when there is no memory for the emitter.
    package init(sink: @escaping ByteSink) throws(DocumentWriterError) {
        emitter = try YAMLEmitter(sink: sink)
    }

    package mutating func beginObject() throws(DocumentWriterError) {
        try position.begin(object: true)
        try beginDocumentIfNeeded()
        try emitter.beginMapping()
    }

    package mutating func endObject() throws(DocumentWriterError) {
        try position.end(object: true)
        try emitter.endMapping()
    }

    package mutating func beginArray() throws(DocumentWriterError) {
        try position.begin(object: false)
        try beginDocumentIfNeeded()
        try emitter.beginSequence()
    }

    package mutating func endArray() throws(DocumentWriterError) {
        try position.end(object: false)
        try emitter.endSequence()
    }

    package mutating func key(_ key: String) throws(DocumentWriterError) {
        try position.key()
        try emitter.scalar(key, quoted: YAMLScalarForm.needsQuotes(key))
    }

    package mutating func string(_ value: String) throws(DocumentWriterError) {
        try scalar(value, quoted: YAMLScalarForm.needsQuotes(value))
    }

    package mutating func integer(_ value: Int64) throws(DocumentWriterError) {
        try scalar(String(value), quoted: false)
    }

    package mutating func integer(_ value: UInt64) throws(DocumentWriterError) {
        try scalar(String(value), quoted: false)
    }

    package mutating func double(_ value: Double) throws(DocumentWriterError) {
        guard value.isFinite else { throw .notFinite(value) }
        let text = value.description
        // YAML 1.1 takes a number with an exponent for a string unless it has a point.
        let parts = text.split(separator: "e", maxSplits: 1)
        let isShort = parts.count == 2 && !parts[0].contains(".")
        try scalar(isShort ? "\(parts[0]).0e\(parts[1])" : text, quoted: false)
    }

    package mutating func boolean(_ value: Bool) throws(DocumentWriterError) {
        try scalar(value ? "true" : "false", quoted: false)
    }

    package mutating func null() throws(DocumentWriterError) {
        try scalar("null", quoted: false)
    }

    package mutating func endDocument() throws(DocumentWriterError) {
        try position.endDocument()
        try emitter.endDocument()
        isInDocument = false
    }

    private mutating func scalar(_ text: String, quoted: Bool) throws(DocumentWriterError) {
        try position.value()
        try beginDocumentIfNeeded()
        try emitter.scalar(text, quoted: quoted)
    }

    private mutating func beginDocumentIfNeeded() throws(DocumentWriterError) {
        guard !isInDocument else { return }
        isInDocument = true
        try emitter.beginDocument()
    }
}
