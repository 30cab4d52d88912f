/// The CRC-32 of gzip and Ethernet (RFC 1952 section 8.1.1: polynomial 0xEDB88320 reflected, all ones before and
/// after).
///
/// Sixteen bytes a step through sixteen tables ("slicing by", Kounavis and Berry, 2005), because every byte of every dump
/// and every bundle passes here.
package struct CRC32: Sendable {
    private var register: UInt32 = .max

    package init() {}

    /// The checksum of all bytes given so far.
    package var value: UInt32 { ~register }

    package mutating func update(_ bytes: Span<UInt8>) {
        let tables = Self.tables
        let slices = tables.span
        var register = register
        var position = 0
        while position &+ 16 <= bytes.count {
            // Safe: the sixteen bytes are within the span, need no alignment, and any eight bytes are a UInt64. A byte
            // of a word is below 256, and there are sixteen tables of 256.
            let low =
                unsafe UInt64(
                    littleEndian: bytes.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt64.self))
                ^ UInt64(register)
            let high = unsafe UInt64(
                littleEndian: bytes.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position &+ 8, as: UInt64.self))
            register = 0
            for byte in 0..<8 {
                let shift = UInt64(truncatingIfNeeded: byte &* 8)
                register ^= unsafe slices[unchecked: (15 &- byte) &<< 8 | Int(truncatingIfNeeded: low &>> shift & 0xFF)]
                register ^= unsafe slices[unchecked: (7 &- byte) &<< 8 | Int(truncatingIfNeeded: high &>> shift & 0xFF)]
            }
            position &+= 16
        }
        while position < bytes.count {
            register = Self.step(register, bytes[position], tables)
            position &+= 1
        }
        self.register = register
    }

    /// The same as the four bytes of `number`, the lowest first.
    package mutating func update(littleEndian number: UInt32) {
        var rest = number
        for _ in 0..<4 {
            register = Self.step(register, UInt8(truncatingIfNeeded: rest), Self.tables)
            rest &>>= 8
        }
    }

    private static func step(_ register: UInt32, _ byte: UInt8, _ tables: [UInt32]) -> UInt32 {
        register &>> 8 ^ tables[Int((register ^ UInt32(byte)) & 0xFF)]
    }

    /// Sixteen tables of 256, one after the other: the n-th is what a byte does to the checksum n bytes further on.
    private static let tables: [UInt32] = {
        var tables: [UInt32] = []
        tables.reserveCapacity(16 * 256)
        for byte: UInt32 in 0..<256 {
            var register = byte
            for _ in 0..<8 { register = register & 1 == 1 ? register >> 1 ^ 0xEDB8_8320 : register >> 1 }
            tables.append(register)
        }
        for index in 256..<16 * 256 {
            let previous = tables[index - 256]
            tables.append(previous >> 8 ^ tables[Int(previous & 0xFF)])
        }
        return tables
    }()
}
