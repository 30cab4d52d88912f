package import JSONText
import NetModel

/// Writes objects as Kubernetes has them, with the fields that an inventory uses and no others, so that
/// `InventoryReader` of this and every later version reads the same objects.
///
/// Environments, annotations, commands and whatever else was in the documents that were read is not in what is written:
/// it was never kept.
package enum InventoryWriter {
    /// Writes documents, each a `v1` List of some of the objects in their order; none where there are no objects.
    ///
    /// - Parameters:
    ///   - documentLength: about how many bytes a document has, give or take the 64 KiB that the writer holds back. An
    ///     object is never cut.
    ///   - take: called with each document, and whether it is the last.
    package static func write(
        _ objects: InventoryObjects,
        documentLength: Int = 1 << 18,
        to take: (_ document: [UInt8], _ isLast: Bool) -> Void
    ) throws(DocumentWriterError) {
        var rest = objects.kept[...]
        while !rest.isEmpty {
            let collected = CollectedBytes()
            var writer = JSONWriter(style: .compact) { collected.append($0) }
            try writer.beginObject()
            try writer.field("apiVersion", "v1")
            try writer.field("kind", "List")
            try writer.key("items")
            try writer.beginArray()
            while collected.bytes.count < documentLength, let object = rest.popFirst() {
                try ObjectWriter.write(object, to: &writer)
            }
            try writer.endArray()
            try writer.endObject()
            try writer.endDocument()
            take(collected.bytes, rest.isEmpty)
        }
    }

    /// Where a writer's sink puts what it takes.
    private final class CollectedBytes {
        private(set) var bytes: [UInt8] = []

        func append(_ piece: Span<UInt8>) {
            bytes.reserveCapacity(bytes.count + piece.count)
            for index in piece.indices { bytes.append(piece[index]) }
        }
    }
}

extension DocumentWriter where Self: ~Copyable {
    mutating func field(_ key: String, _ value: String) throws(DocumentWriterError) {
        try self.key(key)
        try string(value)
    }

    /// Writes the field, or nothing where there is no value.
    mutating func field(_ key: String, _ value: String?) throws(DocumentWriterError) {
        if let value { try field(key, value) }
    }

    mutating func field(_ key: String, _ value: UInt16?) throws(DocumentWriterError) {
        guard let value else { return }
        try self.key(key)
        try integer(UInt64(value))
    }

    mutating func field(_ key: String, _ value: Timestamp?) throws(DocumentWriterError) {
        if let value { try field(key, RFC3339.string(nanoseconds: value.nanoseconds)) }
    }

    /// Writes an object that `body` fills.
    mutating func object(_ key: String, _ body: (inout Self) throws(DocumentWriterError) -> Void)
        throws(DocumentWriterError)
    {
        try self.key(key)
        try beginObject()
        try body(&self)
        try endObject()
    }

    /// Writes an array with what `body` writes of each value; nothing where there are no values.
    mutating func array<Value>(
        _ key: String,
        _ values: [Value],
        _ body: (inout Self, Value) throws(DocumentWriterError) -> Void
    ) throws(DocumentWriterError) {
        guard !values.isEmpty else { return }
        try self.key(key)
        try beginArray()
        for value in values { try body(&self, value) }
        try endArray()
    }

    /// Writes an array of objects that `body` fills; nothing where there are no values.
    mutating func objects<Value>(
        _ key: String,
        _ values: [Value],
        _ body: (inout Self, Value) throws(DocumentWriterError) -> Void
    ) throws(DocumentWriterError) {
        try array(key, values) { (writer: inout Self, value: Value) throws(DocumentWriterError) in
            try writer.beginObject()
            try body(&writer, value)
            try writer.endObject()
        }
    }
}
