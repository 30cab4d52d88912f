/// The loops over single bytes. Each takes the bytes at hand and says where it stopped, so that the reader alone
/// knows about chunks.
enum JSONScan {
    /// Passes whitespace (RFC 8259 section 2): where the next other byte is, and how many lines ended before it.
    static func whitespace(_ bytes: Span<UInt8>, from start: Int) -> (end: Int, lines: Int) {
        var index = start
        var lines = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte > 0x20 { break }
            if byte == 0x0A {
                lines += 1
                // kubectl indents, so most of what follows a newline is blanks.
                while let word = word(bytes, at: index + 1) {
                    let others = word ^ spaces
                    index += others.trailingZeroBitCount >> 3
                    if others != 0 { break }
                }
            } else if byte != 0x20, byte != 0x09, byte != 0x0D {
                break
            }
            index += 1
        }
        return (index, lines)
    }

    /// Passes the plain bytes of a string: where the next quote, backslash or control byte is.
    static func plainString(_ bytes: Span<UInt8>, from start: Int) -> (end: Int, isASCII: Bool) {
        var index = start
        var all: UInt8 = 0
        while let word = word(bytes, at: index) {
            let end = endOfString(word)
            guard end != 0 else {
                if word & 0x8080_8080_8080_8080 != 0 { all = 0x80 }
                index += 8
                continue
            }
            // All bits below the lowest that is set: the bytes before the end.
            if word & ((end ^ (end &- 1)) >> 8) & 0x8080_8080_8080_8080 != 0 { all = 0x80 }
            return (index + (end.trailingZeroBitCount >> 3), all < 0x80)
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            all |= byte
            index += 1
        }
        return (index, all < 0x80)
    }

    /// An integer that certainly fits and certainly ends: of at most 18 digits, with another byte behind it. Nil for what
    /// has to be looked at more closely, a wrong number among it.
    static func integer(_ bytes: Span<UInt8>, from start: Int) -> (value: Int64, end: Int)? {
        let isNegative = start < bytes.count && bytes[start] == UInt8(ascii: "-")
        let first = isNegative ? start + 1 : start
        var index = first
        var value: Int64 = 0
        while index < bytes.count {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            guard index - first < 18 else { return nil }
            value = value * 10 + Int64(digit)
            index += 1
        }
        guard index > first, index < bytes.count else { return nil }
        if index - first > 1, bytes[first] == UInt8(ascii: "0") { return nil }
        switch bytes[index] {
        case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): return nil
        default: return (isNegative ? -value : value, index)
        }
    }

    static func append(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
        // Safe: the bytes are copied while they are borrowed.
        unsafe text.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }

    private static var spaces: UInt64 { 0x2020_2020_2020_2020 }

    /// Eight bytes at once, the first one lowest; nil where fewer are left.
    @inline(__always)
    private static func word(_ bytes: Span<UInt8>, at index: Int) -> UInt64? {
        guard index + 8 <= bytes.count else { return nil }
        // Safe: the eight bytes are within the span, need no alignment, and any eight bytes are a UInt64.
        return unsafe UInt64(
            littleEndian: bytes.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self))
    }

    /// Nonzero when a quote, a backslash or a control byte is among eight bytes; the lowest bit that is set then lies in
    /// the first of them.
    @inline(__always)
    private static func endOfString(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
        let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
        // A byte below a bound borrows from its own highest bit; what is borrowed farther reaches later bytes only.
        let found =
            ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | ((word &- ones &* 0x20) & ~word)
        return found & (ones &* 0x80)
    }

    static func hexadecimal(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}

/// Where a number stands (RFC 8259 section 6), one byte after another.
enum JSONNumberState: UInt8 {
    case start, minus, zero, integer, point, fraction, exponent, exponentSign, exponentDigits

    /// Whether the number may end here.
    var isComplete: Bool {
        switch self {
        case .zero, .integer, .fraction, .exponentDigits: true
        case .start, .minus, .point, .exponent, .exponentSign: false
        }
    }

    /// The state after `byte`, or nil when the byte is not part of the number.
    func next(_ byte: UInt8) -> JSONNumberState? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            switch self {
            case .start, .minus: byte == UInt8(ascii: "0") ? .zero : .integer
            case .zero: nil
            case .integer: .integer
            case .point, .fraction: .fraction
            case .exponent, .exponentSign, .exponentDigits: .exponentDigits
            }
        case UInt8(ascii: "-"):
            switch self {
            case .start: .minus
            case .exponent: .exponentSign
            default: nil
            }
        case UInt8(ascii: "+"): self == .exponent ? .exponentSign : nil
        case UInt8(ascii: "."): self == .zero || self == .integer ? .point : nil
        case UInt8(ascii: "e"), UInt8(ascii: "E"):
            self == .zero || self == .integer || self == .fraction ? .exponent : nil
        default: nil
        }
    }
}

/// The three names that are values (RFC 8259 section 3).
enum JSONLiteral: UInt8 {
    case `true`, `false`, null

    /// The literal that begins with `byte`.
    init?(first byte: UInt8) {
        switch byte {
        case UInt8(ascii: "t"): self = .true
        case UInt8(ascii: "f"): self = .false
        case UInt8(ascii: "n"): self = .null
        default: return nil
        }
    }

    var text: StaticString {
        switch self {
        case .true: "true"
        case .false: "false"
        case .null: "null"
        }
    }

    /// The bytes after the first, least significant first, and how many they are.
    var rest: (bytes: UInt32, count: Int) {
        switch self {
        case .true: (0x0065_7572, 3)
        case .false: (0x6573_6C61, 4)
        case .null: (0x006C_6C75, 3)
        }
    }
}
