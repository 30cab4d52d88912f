/// A value of a small document that is kept whole, a configuration or a program's answer, and where it stands. Large
/// documents are read piece by piece with ``JSONReader`` instead.
package struct DocumentNode: Sendable, Hashable {
    package let value: Value
    /// The line that the value begins on, counted from 1.
    package let line: Int

    package init(_ value: Value, line: Int) {
        self.value = value
        self.line = line
    }

    /// What JSON can say, and YAML says too.
    package indirect enum Value: Sendable, Hashable {
        case null
        case boolean(Bool)
        case integer(Int64)
        /// An integer above those of `integer`.
        case unsigned(UInt64)
        /// Always finite.
        case double(Double)
        case string(String)
        case array([DocumentNode])
        case object([Member])
    }

    /// A key of an object, and what belongs to it.
    package struct Member: Sendable, Hashable {
        package let key: String
        package let node: DocumentNode

        package init(_ key: String, _ node: DocumentNode) {
            self.key = key
            self.node = node
        }
    }

    /// What the value is, for messages.
    package var kind: JSONKind {
        switch value {
        case .null: .null
        case .boolean: .boolean
        case .integer, .unsigned, .double: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }

    /// The value of an object's key, the last where the key is repeated, as in Go; nil where this is no object or has no
    /// such key.
    package subscript(_ key: String) -> DocumentNode? {
        guard case .object(let members) = value else { return nil }
        return members.last { $0.key == key }?.node
    }
}

extension DocumentNode {
    /// Reads the next value of a JSON text.
    package init(_ reader: inout JSONReader) throws(JSONError) {
        // The kind is asked for first so that the line is the value's.
        let kind = try reader.kind()
        let line = reader.line
        switch kind {
        case .object:
            var members: [Member] = []
            try reader.beginObject()
            while let key = try reader.nextKey() { members.append(Member(key, try DocumentNode(&reader))) }
            self.init(.object(members), line: line)
        case .array:
            var elements: [DocumentNode] = []
            try reader.beginArray()
            while try reader.nextElement() { elements.append(try DocumentNode(&reader)) }
            self.init(.array(elements), line: line)
        case .string: self.init(.string(try reader.string()), line: line)
        case .number: self.init(.double(try reader.double()), line: line)
        case .boolean: self.init(.boolean(try reader.boolean()), line: line)
        case .null:
            _ = try reader.null()
            self.init(.null, line: line)
        }
    }

    /// Reads bytes that hold one JSON text.
    package init(json bytes: [UInt8]) throws(JSONError) {
        var reader = JSONReader(bytes)
        guard try reader.nextDocument() else {
            throw JSONError(.unexpectedEnd(expected: "a value"), line: reader.line, offset: reader.offset)
        }
        try self.init(&reader)
    }

    /// Writes the value; of a repeated key the last.
    package func write(to writer: inout some DocumentWriter & ~Copyable) throws(DocumentWriterError) {
        switch value {
        case .null: try writer.null()
        case .boolean(let value): try writer.boolean(value)
        case .integer(let value): try writer.integer(value)
        case .unsigned(let value): try writer.integer(value)
        case .double(let value): try writer.double(value)
        case .string(let value): try writer.string(value)
        case .array(let elements):
            try writer.beginArray()
            for element in elements { try element.write(to: &writer) }
            try writer.endArray()
        case .object(let members):
            var lastIndices: [String: Int] = [:]
            for (index, member) in members.enumerated() { lastIndices[member.key] = index }
            try writer.beginObject()
            for (index, member) in members.enumerated() where lastIndices[member.key] == index {
                try writer.key(member.key)
                try member.node.write(to: &writer)
            }
            try writer.endObject()
        }
    }
}
