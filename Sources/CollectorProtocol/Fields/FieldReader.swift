/// Reads the fields of a message in the wire format of protocol buffers, within bytes that the caller holds.
struct FieldReader {
    /// Where the next field begins.
    private(set) var position: Int
    private let end: Int
    /// What is read, "HELLO", for errors.
    private let subject: String

    init(_ range: Range<Int>, of subject: String) {
        position = range.lowerBound
        end = range.upperBound
        self.subject = subject
    }

    /// The next field, or nil at the end. All four wire types that are in use can be passed over.
    mutating func next(_ bytes: Span<UInt8>) throws(FrameError.Reason) -> Field? {
        guard position < end else { return nil }
        let key = try varint(bytes)
        let number = key >> 3
        switch key & 7 {
        case 0:
            return Field(number: number, value: .number(try varint(bytes)), subject: subject)
        case 1:
            return Field(number: number, value: .fixed(try take(8)), subject: subject)
        case 2:
            let length = try varint(bytes)
            return Field(number: number, value: .bytes(try take(length)), subject: subject)
        case 5:
            return Field(number: number, value: .fixed(try take(4)), subject: subject)
        default:
            throw .undecodable("\(subject): field \(number) has the wire type \(key & 7)")
        }
    }

    private mutating func varint(_ bytes: Span<UInt8>) throws(FrameError.Reason) -> UInt64 {
        guard let number = readVarint(bytes, &position, end: end) else {
            throw .undecodable("\(subject): a number breaks off or has more than 64 bits")
        }
        return number
    }

    private mutating func take(_ length: UInt64) throws(FrameError.Reason) -> Range<Int> {
        guard length <= UInt64(end - position) else {
            throw .undecodable("\(subject): a field of \(length) bytes where \(end - position) are left")
        }
        let range = position..<position + Int(length)
        position = range.upperBound
        return range
    }
}

/// Reads a number in groups of seven bits, the lowest first (LEB128); nil where `end` comes before its last byte, or
/// where it has more than 64 bits.
@inline(__always)
func readVarint(_ bytes: Span<UInt8>, _ position: inout Int, end: Int) -> UInt64? {
    guard position < end else { return nil }
    let first = bytes[position]
    position &+= 1
    if first < 0x80 { return UInt64(first) }
    return readLongVarint(bytes, &position, end: end, first: first)
}

private func readLongVarint(_ bytes: Span<UInt8>, _ position: inout Int, end: Int, first: UInt8) -> UInt64? {
    var number = UInt64(first & 0x7F)
    var shift: UInt64 = 7
    while position < end {
        let byte = bytes[position]
        position &+= 1
        if shift == 63, byte > 1 { return nil }
        number |= UInt64(byte & 0x7F) &<< shift
        if byte < 0x80 { return number }
        shift &+= 7
    }
    return nil
}

extension Int64 {
    /// The number so that those near zero are small: 0, -1, 1, -2 as 0, 1, 2, 3.
    @inline(__always)
    var zigzag: UInt64 { UInt64(bitPattern: self &<< 1 ^ self &>> 63) }

    /// The number whose zigzag form is `bits`.
    @inline(__always)
    init(zigzag bits: UInt64) {
        self = Int64(bitPattern: bits &>> 1) ^ -Int64(bitPattern: bits & 1)
    }
}
