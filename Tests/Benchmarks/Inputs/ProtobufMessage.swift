/// Bytes of a message in the protobuf wire format, field after field.
struct ProtobufMessage {
    private(set) var bytes: [UInt8] = []

    mutating func text(_ number: Int, _ text: String) {
        tag(number, 2)
        varint(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func integer(_ number: Int, _ value: Int) {
        tag(number, 0)
        varint(UInt64(bitPattern: Int64(value)))
    }

    mutating func message(_ number: Int, _ message: ProtobufMessage) {
        tag(number, 2)
        varint(UInt64(message.bytes.count))
        bytes.append(contentsOf: message.bytes)
    }

    mutating func message(_ number: Int, _ fill: (inout ProtobufMessage) -> Void) {
        var message = ProtobufMessage()
        fill(&message)
        self.message(number, message)
    }

    /// An entry of a map of strings.
    mutating func entry(_ number: Int, _ key: String, _ value: String) {
        message(number) { entry in
            entry.text(1, key)
            entry.text(2, value)
        }
    }

    /// The tag and the length of bytes that follow elsewhere.
    mutating func header(_ number: Int, length: Int) {
        tag(number, 2)
        varint(UInt64(length))
    }

    private mutating func tag(_ number: Int, _ wireType: UInt64) { varint(UInt64(number) << 3 | wireType) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
