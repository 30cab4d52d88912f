import JSONText
import NetModel

/// Reads the fields of an object leniently: a value of the wrong type is noted, passed over and read as absent, so
/// that the rest of the object still tells its name. Only a text that is not JSON throws.
struct ObjectDecoder: ~Copyable {
    /// The first value of an object that could not be read.
    struct Fault {
        let line: Int
        let offset: Int
        let message: String
    }

    var reader: JSONReader
    /// Since the last `beginFaults`.
    private(set) var fault: Fault?
    /// The last key, for messages.
    private var field = ""

    init(reader: consuming JSONReader) {
        self.reader = reader
    }

    /// Forgets the fault of the object before.
    mutating func beginFaults() {
        fault = nil
    }

    // MARK: Containers

    /// Goes into an object; false when the value is null or something else.
    mutating func beginObject() throws(JSONError) -> Bool {
        try value { (reader: inout JSONReader) throws(JSONError) in try reader.beginObject() } != nil
    }

    /// Goes into an array; false when the value is null or something else.
    mutating func beginArray() throws(JSONError) -> Bool {
        try value { (reader: inout JSONReader) throws(JSONError) in try reader.beginArray() } != nil
    }

    mutating func nextElement() throws(JSONError) -> Bool {
        try reader.nextElement()
    }

    /// Goes to the value of the next key that `table` knows, past all others; nil when the object ended.
    mutating func nextField<Key: RawRepresentable<String>>(_ table: JSONKeyTable<Key>) throws(JSONError) -> Key? {
        while true {
            do throws(JSONError) {
                switch try reader.nextKey(in: table.names) {
                case .known(let position):
                    let key = table.key(at: position)
                    field = key.rawValue
                    return key
                case .other: try reader.skipValue()
                case .end: return nil
                }
            } catch {
                try note(error)
            }
        }
    }

    mutating func skip() throws(JSONError) {
        try reader.skipValue()
    }

    // MARK: Values

    mutating func string() throws(JSONError) -> String? {
        try value { (reader: inout JSONReader) throws(JSONError) in try reader.string() }
    }

    mutating func boolean() throws(JSONError) -> Bool? {
        try value { (reader: inout JSONReader) throws(JSONError) in try reader.boolean() }
    }

    mutating func integer() throws(JSONError) -> Int64? {
        try value { (reader: inout JSONReader) throws(JSONError) in try reader.integer() }
    }

    /// A port from 1 to 65535; nil for 0, which the API writes for none.
    mutating func port() throws(JSONError) -> UInt16? {
        let (line, offset) = try place()
        guard let number = try integer(), number != 0 else { return nil }
        guard let port = UInt16(exactly: number) else {
            note("\(field): \(number) is not a port", line: line, offset: offset)
            return nil
        }
        return port
    }

    /// An address; nil for a text that is none, such as "None", "" or a host name.
    mutating func address() throws(JSONError) -> IPAddress? {
        try text { IPAddress($0) }
    }

    mutating func timestamp() throws(JSONError) -> Timestamp? {
        let (line, offset) = try place()
        let moment = try value { (reader: inout JSONReader) throws(JSONError) in
            try reader.valueString { RFC3339.nanoseconds($0) }
        }
        guard let moment else { return nil }
        guard let moment else {
            note("\(field): not an RFC 3339 time", line: line, offset: offset)
            return nil
        }
        return Timestamp(nanoseconds: moment)
    }

    /// The protocol of a port, "TCP", "UDP" or "SCTP"; nil for any other.
    mutating func transport() throws(JSONError) -> TransportProtocol? {
        try text { Self.transport($0) }
    }

    /// The protocol that a text names.
    static func transport(_ text: Span<UInt8>) -> TransportProtocol? {
        switch text.isEmpty ? 0 : text[0] {
        case UInt8(ascii: "T") where text.count == 3: .tcp
        case UInt8(ascii: "U") where text.count == 3: .udp
        case UInt8(ascii: "S") where text.count == 4: .sctp
        default: nil
        }
    }

    /// A map of strings to strings.
    mutating func labels() throws(JSONError) -> [String: String] {
        var labels: [String: String] = [:]
        guard try beginObject() else { return labels }
        while true {
            do throws(JSONError) {
                guard let key = try reader.nextKey() else { return labels }
                labels[key] = try string()
            } catch {
                try note(error)
            }
        }
    }

    /// A list of addresses as strings; others are left out.
    mutating func addresses() throws(JSONError) -> [IPAddress] {
        var addresses: [IPAddress] = []
        guard try beginArray() else { return addresses }
        while try nextElement() {
            if let address = try address() { addresses.append(address) }
        }
        return addresses
    }

    /// The kind of the value that comes next.
    mutating func kind() throws(JSONError) -> JSONKind {
        try reader.kind()
    }

    // MARK: Faults

    /// Where the next value begins, past the whitespace before it.
    private mutating func place() throws(JSONError) -> (line: Int, offset: Int) {
        _ = try reader.kind()
        return (reader.line, reader.offset)
    }

    private mutating func text<Value>(_ convert: (Span<UInt8>) -> Value?) throws(JSONError) -> Value? {
        let result = try value { (reader: inout JSONReader) throws(JSONError) in try reader.valueString(convert) }
        return result ?? nil
    }

    private mutating func value<Value>(
        _ read: (inout JSONReader) throws(JSONError) -> Value
    ) throws(JSONError) -> Value? {
        if try reader.null() { return nil }
        do throws(JSONError) {
            return try read(&reader)
        } catch {
            try note(error)
            return nil
        }
    }

    /// Keeps an error after which the text can be read on, and throws any other.
    private mutating func note(_ error: JSONError) throws(JSONError) {
        guard error.isRecoverable else { throw error }
        note("\(field): \(error.reason)", line: error.line, offset: error.offset)
    }

    private mutating func note(_ message: String, line: Int, offset: Int) {
        guard fault == nil else { return }
        fault = Fault(line: line, offset: offset, message: message)
    }
}
