/// A JSON document as a whole, for small ones: an object to be created, the answer to a request. Lists and tables are
/// read and written with ``JSONReader`` and ``JSONWriter`` instead.
package enum JSONTree: Hashable, Sendable, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A key of an object with its value.
    package struct Member: Hashable, Sendable {
        package var key: String
        package var value: JSONTree

        package init(_ key: String, _ value: JSONTree) {
            self.key = key
            self.value = value
        }
    }

    case null
    case boolean(Bool)
    /// A number that is an integer of 64 bits.
    case integer(Int64)
    /// Any other number.
    case number(Double)
    case string(String)
    case array([JSONTree])
    /// Members in their order; of a repeated key the last counts.
    case object([Member])

    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(arrayLiteral elements: JSONTree...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONTree)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }

    // MARK: Looking

    /// The value of a key; nil where this is no object or has no such key.
    package subscript(_ key: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    /// The text, where this is one.
    package var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The integer, where this is one.
    package var integer: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// The truth value, where this is one.
    package var boolean: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }

    /// The elements, where this is an array; empty where it is anything else.
    package var elements: [JSONTree] {
        if case .array(let elements) = self { elements } else { [] }
    }

    /// The members, where this is an object; empty where it is anything else.
    package var members: [Member] {
        if case .object(let members) = self { members } else { [] }
    }
}

extension JSONTree {
    /// Levels of arrays and objects in one another that are read.
    private static let deepest = 64

    /// Reads one document, behind which nothing may follow.
    ///
    /// - Throws: where the bytes are no JSON, or nest deeper than 64 levels.
    package init(_ bytes: [UInt8]) throws(JSONError) {
        var reader = JSONReader(bytes)
        guard try reader.nextDocument() else {
            throw JSONError(.unexpectedEnd(expected: "a JSON document"), line: reader.line, offset: reader.offset)
        }
        self = try Self.value(&reader)
        if try reader.nextDocument() {
            throw JSONError(.wrongType(found: .object, expected: "the end"), line: reader.line, offset: reader.offset)
        }
    }

    private static func value(_ reader: inout JSONReader) throws(JSONError) -> JSONTree {
        switch try reader.kind() {
        case .null:
            _ = try reader.null()
            return .null
        case .boolean: return .boolean(try reader.boolean())
        case .string: return .string(try reader.string())
        case .number: return try number(&reader)
        case .array:
            guard reader.depth < deepest else { return try skipped(&reader) }
            var elements: [JSONTree] = []
            try reader.beginArray()
            while try reader.nextElement() { elements.append(try value(&reader)) }
            return .array(elements)
        case .object:
            guard reader.depth < deepest else { return try skipped(&reader) }
            var members: [Member] = []
            try reader.beginObject()
            while let key = try reader.nextKey() { members.append(Member(key, try value(&reader))) }
            return .object(members)
        }
    }

    /// What lies deeper than anybody looks is as if it were null.
    private static func skipped(_ reader: inout JSONReader) throws(JSONError) -> JSONTree {
        try reader.skipValue()
        return .null
    }

    private static func number(_ reader: inout JSONReader) throws(JSONError) -> JSONTree {
        let value = try reader.double()
        return Int64(exactly: value).map { .integer($0) } ?? .number(value)
    }

    /// The document in one line, without a newline.
    package var bytes: [UInt8] {
        var bytes = bytes(.compact)
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        return bytes
    }

    /// The document as text, with a newline at its end.
    package func text(_ style: JSONWriter.Style) -> String { String(decoding: bytes(style), as: UTF8.self) }

    private func bytes(_ style: JSONWriter.Style) -> [UInt8] {
        // The sink takes bytes as they come; it cannot throw, and the tree is a whole document by itself.
        final class Collected { var bytes: [UInt8] = [] }
        let collected = Collected()
        var writer = JSONWriter(style: style) { span in
            for index in span.indices { collected.bytes.append(span[index]) }
        }
        do {
            try write(to: &writer)
            try writer.endDocument()
        } catch {
            return []
        }
        return collected.bytes
    }

    /// Writes it as a value.
    package func write(to writer: inout JSONWriter) throws(DocumentWriterError) {
        switch self {
        case .null: try writer.null()
        case .boolean(let value): try writer.boolean(value)
        case .integer(let value): try writer.integer(value)
        case .number(let value): try writer.double(value)
        case .string(let text): try writer.string(text)
        case .array(let elements):
            try writer.beginArray()
            for element in elements { try element.write(to: &writer) }
            try writer.endArray()
        case .object(let members):
            try writer.beginObject()
            for member in members {
                try writer.key(member.key)
                try member.value.write(to: &writer)
            }
            try writer.endObject()
        }
    }
}
