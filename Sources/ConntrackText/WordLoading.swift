// Eight bytes at a time. The fields of a line differ in length, so that a loop over bytes guesses its end wrongly at
// nearly every field; one load and some arithmetic do not branch. Measured on lines of `conntrack -L -o extended`, the
// three uses (newlines, keys, numbers) halve the time.

extension Span<UInt8> {
    /// The eight bytes at `position`, the first one lowest; nil where fewer are left.
    @inline(__always)
    func word(at position: Int) -> UInt64? {
        guard position &+ 8 <= count else { return nil }
        // Safe: the eight bytes are within the span, need no alignment, and any eight bytes are a UInt64.
        return unsafe UInt64(
            littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt64.self))
    }

    /// The eight bytes at `position`, the first one lowest; zeros stand for those beyond the end.
    @inline(__always)
    func paddedWord(at position: Int) -> UInt64 {
        word(at: position) ?? lastWord(at: position)
    }

    private func lastWord(at position: Int) -> UInt64 {
        var word: UInt64 = 0
        var index = count
        while index > position {
            index &-= 1
            word = word << 8 | UInt64(self[index])
        }
        return word
    }
}

/// Arithmetic on the bytes of a word, where the first byte is the lowest.
enum WordBytes {
    @inline(__always)
    static func repeating(_ byte: UInt8) -> UInt64 {
        UInt64(byte) &* 0x0101_0101_0101_0101
    }

    /// Nonzero when `byte` is in `word`; the lowest bit that is set then lies in the first one.
    @inline(__always)
    static func find(_ byte: UInt8, in word: UInt64) -> UInt64 {
        let difference = word ^ repeating(byte)
        return (difference &- repeating(1)) & ~difference & repeating(0x80)
    }

    /// Zero when all bytes are decimal digits; else the lowest bit that is set lies in the first that is none.
    @inline(__always)
    static func nonDigits(_ word: UInt64) -> UInt64 {
        // 0x30 to 0x39 keep their upper half when 6 is added. A carry out of a byte changes only later ones.
        let upper = repeating(0xF0)
        let digits = repeating(0x30)
        return (word & upper ^ digits) | ((word &+ repeating(6)) & upper ^ digits)
    }

    /// Of every byte whether it is no decimal digit: the bit of the first one lowest, eight bits in all.
    @inline(__always)
    static func nonDigitMask(_ word: UInt64) -> UInt64 {
        let difference = word ^ repeating(UInt8(ascii: "0"))
        let others = (difference & repeating(0x7F) &+ repeating(0x76) | difference) & repeating(0x80)
        // The factor shifts the bit of each byte to its place in the highest byte.
        return ((others &>> 7) &* 0x0102_0408_1020_4080) &>> 56
    }

    /// The index of the byte that the lowest set bit of `bits` lies in.
    @inline(__always)
    static func index(_ bits: UInt64) -> Int {
        bits.trailingZeroBitCount &>> 3
    }

    /// The value of the first four bytes of `word` as hexadecimal digits; nil when one of them is none.
    @inline(__always)
    static func hexadecimal(_ word: UInt64) -> UInt16? {
        let bytes = UInt32(truncatingIfNeeded: word)
        let letters = bytes &>> 6 & 0x0101_0101
        let digits = bytes & 0x0F0F_0F0F &+ letters &* 9
        // Written again, in small letters, the digits must give the bytes; and letters are those from 10 to 15.
        guard bytes | letters &<< 5 == 0x3030_3030 &+ digits &+ letters &* 0x27,
            digits & 0xF0F0_F0F0 == 0, (digits &+ 0x0606_0606) & 0x1010_1010 == letters &<< 4
        else { return nil }
        let pairs = (digits &<< 4 | digits &>> 8) & 0x00FF_00FF
        return UInt16(truncatingIfNeeded: pairs &<< 8 | pairs &>> 16)
    }

    /// The value of the first `length` digits of `word`, 1 to 8: neighbours are joined to pairs, to fours, to eight.
    @inline(__always)
    static func decimal(_ word: UInt64, length: Int) -> UInt64 {
        var value = (word &<< UInt64(truncatingIfNeeded: 64 &- length &* 8)) & repeating(0x0F)
        value = (value &* (10 &<< 8 | 1)) &>> 8 & 0x00FF_00FF_00FF_00FF
        value = (value &* (100 &<< 16 | 1)) &>> 16 & 0x0000_FFFF_0000_FFFF
        return (value &* (10000 &<< 32 | 1)) &>> 32
    }
}
