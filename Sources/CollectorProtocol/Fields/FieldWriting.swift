// Payloads are messages in the wire format of protocol buffers (https://protobuf.dev/programming-guides/encoding/):
// a key, field number × 8 + wire type, before each value. Only the wire types 0, varint, and 2, bytes after their
// length, are written.

extension [UInt8] {
    /// Appends a number in groups of seven bits, the lowest first, each but the last with the highest bit set (LEB128).
    mutating func appendVarint(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// Appends a signed number, in zigzag form.
    mutating func appendSignedVarint(_ number: Int64) {
        appendVarint(number.zigzag)
    }

    mutating func appendField(_ field: UInt8, _ number: UInt64) {
        appendVarint(UInt64(field) << 3)
        appendVarint(number)
    }

    /// Appends the field, or nothing where nothing is known.
    mutating func appendField(_ field: UInt8, _ number: (some UnsignedInteger)?) {
        if let number { appendField(field, UInt64(number)) }
    }

    mutating func appendField(_ field: UInt8, signed number: Int64) {
        appendVarint(UInt64(field) << 3)
        appendSignedVarint(number)
    }

    mutating func appendField(_ field: UInt8, _ boolean: Bool) {
        appendField(field, boolean ? 1 as UInt64 : 0)
    }

    mutating func appendField(_ field: UInt8, _ boolean: Bool?) {
        if let boolean { appendField(field, boolean) }
    }

    /// Begins a field whose `count` bytes the caller appends.
    mutating func appendFieldHead(_ field: UInt8, count: Int) {
        appendVarint(UInt64(field) << 3 | 2)
        appendVarint(UInt64(count))
    }

    mutating func appendField(_ field: UInt8, bytes: Span<UInt8>) {
        appendFieldHead(field, count: bytes.count)
        appendBytes(bytes)
    }

    /// Appends a text, cut before the character that would make it longer than `limit`, in bytes of UTF-8.
    mutating func appendField(_ field: UInt8, text: String, atMost limit: Int = StreamFormat.longestText) {
        var count = 0
        for scalar in text.unicodeScalars {
            guard count + scalar.utf8.count <= limit else { break }
            count += scalar.utf8.count
        }
        appendFieldHead(field, count: count)
        append(contentsOf: text.utf8.prefix(count))
    }

    /// Appends a message: what `body` appends, after its length.
    mutating func appendField(_ field: UInt8, message body: (inout [UInt8]) -> Void) {
        appendVarint(UInt64(field) << 3 | 2)
        let start = count
        body(&self)
        // The length is known now, and nearly always one byte; moving the message is cheaper than memory of its own.
        var rest = UInt64(count - start)
        var position = start
        while rest >= 0x80 {
            insert(UInt8(truncatingIfNeeded: rest) | 0x80, at: position)
            position += 1
            rest >>= 7
        }
        insert(UInt8(truncatingIfNeeded: rest), at: position)
    }

    /// Appends a frame of any kind with the payload that `body` appends, which may not be longer than
    /// `StreamFormat.longestPayload`, and returns its checksum.
    @inline(__always)
    mutating func appendFrame(_ kind: UInt8, payload body: (inout [UInt8]) -> Void) -> UInt32 {
        let start = count
        appendLittleEndian(0)
        append(kind)
        body(&self)
        let length = UInt32(truncatingIfNeeded: count - start - 5)
        for byte in 0..<4 { self[start + byte] = UInt8(truncatingIfNeeded: length >> UInt32(8 * byte)) }
        var checksum = CRC32()
        checksum.update(span.extracting((start + 4)...))
        appendLittleEndian(checksum.value)
        return checksum.value
    }

    private mutating func appendLittleEndian(_ number: UInt32) {
        for byte in 0..<4 { append(UInt8(truncatingIfNeeded: number >> UInt32(8 * byte))) }
    }

    mutating func appendBytes(_ bytes: Span<UInt8>) {
        let start = count
        append(contentsOf: repeatElement(0, count: bytes.count))
        var target = mutableSpan
        for index in 0..<bytes.count { target[start &+ index] = bytes[index] }
    }
}
