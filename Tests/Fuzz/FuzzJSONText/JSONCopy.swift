import JSONText

/// A stream of JSON texts, read value by value and written again.
struct JSONCopy: Equatable {
    /// What was written, up to the error if there was one; null stands for a value that could not be kept.
    private(set) var text: [UInt8] = []
    /// The errors after which reading went on.
    private(set) var recovered: [JSONError] = []
    private(set) var error: JSONError?

    init(_ reader: consuming JSONReader) {
        var written: [UInt8] = []
        var writer = JSONWriter(style: .compact) { bytes in
            for index in bytes.indices { written.append(bytes[index]) }
        }
        do throws(JSONError) {
            while try reader.nextDocument() {
                try copyValue(&reader, &writer)
                must { try writer.endDocument() }
            }
        } catch {
            self.error = error
        }
        text = written
    }

    private mutating func copyValue(_ reader: inout JSONReader, _ writer: inout JSONWriter) throws(JSONError) {
        do throws(JSONError) {
            switch try reader.kind() {
            case .object:
                try reader.beginObject()
                must { try writer.beginObject() }
                while let key = try nextKey(&reader) {
                    must { try writer.key(key) }
                    try copyValue(&reader, &writer)
                }
                must { try writer.endObject() }
            case .array:
                try reader.beginArray()
                must { try writer.beginArray() }
                while try reader.nextElement() { try copyValue(&reader, &writer) }
                must { try writer.endArray() }
            case .string:
                let value = try reader.string()
                must { try writer.string(value) }
            case .number:
                let value = try reader.double()
                must { try writer.double(value) }
            case .boolean:
                let value = try reader.boolean()
                must { try writer.boolean(value) }
            case .null:
                let isNull = try reader.null()
                precondition(isNull, "what begins as null is something else")
                must { try writer.null() }
            }
        } catch {
            guard error.isRecoverable else { throw error }
            recovered.append(error)
            must { try writer.null() }
        }
    }

    /// The next key that can be kept; a pair whose key cannot is left out.
    private mutating func nextKey(_ reader: inout JSONReader) throws(JSONError) -> String? {
        while true {
            do throws(JSONError) {
                return try reader.nextKey()
            } catch {
                guard error.isRecoverable else { throw error }
                recovered.append(error)
            }
        }
    }

    /// Writing what was read cannot fail.
    private func must(_ write: () throws -> Void) {
        do {
            try write()
        } catch {
            preconditionFailure("what was read cannot be written: \(error)")
        }
    }
}
