/// Base-128 integers: seven bits a byte, the lowest first, and the highest bit of a byte says that another follows.
enum ProtobufVarint {
    /// Reads the integer that begins at `start`: its value and where it ends; nil where the bytes end before it does.
    ///
    /// - Throws: `overlongInteger` when it is of more than 64 bits.
    static func read(in bytes: Span<UInt8>, from start: Int, to end: Int) throws(ProtobufError) -> (
        value: UInt64, end: Int
    )? {
        // Tags and lengths are nearly all of one byte.
        if start < end, bytes[start] < 0x80 { return (UInt64(bytes[start]), start + 1) }
        var value: UInt64 = 0
        var shift: UInt64 = 0
        var position = start
        while position < end {
            let byte = bytes[position]
            position += 1
            // The tenth byte has room for the highest bit alone.
            guard shift < 63 || byte <= 1 else { throw ProtobufError(.overlongInteger, offset: start) }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return (value, position) }
            shift += 7
        }
        return nil
    }
}
