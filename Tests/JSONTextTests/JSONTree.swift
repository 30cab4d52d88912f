import JSONText

/// A whole JSON text as a value, built with the reader under test.
enum JSONTree: Hashable {
    case object([String: JSONTree])
    case array([JSONTree])
    case string(String)
    case number(Double)
    case boolean(Bool)
    case null

    init(_ reader: inout JSONReader) throws(JSONError) {
        switch try reader.kind() {
        case .object:
            var members: [String: JSONTree] = [:]
            try reader.beginObject()
            while let key = try reader.nextKey() { members[key] = try JSONTree(&reader) }
            self = .object(members)
        case .array:
            var elements: [JSONTree] = []
            try reader.beginArray()
            while try reader.nextElement() { elements.append(try JSONTree(&reader)) }
            self = .array(elements)
        case .string: self = .string(try reader.string())
        case .number: self = .number(try reader.double())
        case .boolean: self = .boolean(try reader.boolean())
        case .null:
            _ = try reader.null()
            self = .null
        }
    }

    /// All texts of a stream that comes in chunks of `chunk` bytes.
    static func all(_ bytes: [UInt8], chunk: Int) throws(JSONError) -> [JSONTree] {
        var reader = JSONReader(source: chunks(of: bytes, size: chunk))
        var trees: [JSONTree] = []
        while try reader.nextDocument() { trees.append(try JSONTree(&reader)) }
        return trees
    }

    static func all(_ text: String, chunk: Int = 64) throws(JSONError) -> [JSONTree] {
        try all(Array(text.utf8), chunk: chunk)
    }
}

/// How many texts a stream holds, all passed over.
func skipAll(_ bytes: [UInt8], chunk: Int = 64) throws(JSONError) -> Int {
    var reader = JSONReader(source: chunks(of: bytes, size: chunk))
    var count = 0
    while try reader.nextDocument() {
        try reader.skipValue()
        count += 1
    }
    return count
}

func chunks(of bytes: [UInt8], size: Int) -> ByteSource {
    var index = 0
    return { buffer in
        for _ in 0..<size where index < bytes.count && !buffer.isFull {
            buffer.append(bytes[index])
            index += 1
        }
    }
}

/// The error of `body`, or nil.
func errorOf(_ body: () throws(JSONError) -> Void) -> JSONError? {
    do throws(JSONError) {
        try body()
        return nil
    } catch {
        return error
    }
}
