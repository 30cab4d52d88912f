/// A fixed set of short ASCII words, each with its meaning, found by a packed form of their bytes: no string is made.
struct WordTable<Meaning: Sendable>: Sendable {
    private struct Slot: Sendable {
        let word: PackedWord
        let meaning: Meaning
    }

    private var slots: [Slot?]
    private let shift: UInt64

    /// At most a few dozen words; of two equal words the first counts.
    init(_ words: [(String, Meaning)]) {
        // Four slots a word keep the probes short.
        var bits: UInt64 = 3
        while 1 << bits < words.count * 4 { bits += 1 }
        shift = 64 - bits
        slots = Array(repeating: nil, count: 1 << bits)
        for (name, meaning) in words {
            var word = PackedWord()
            for byte in name.utf8 { word.append(byte) }
            var index = word.slot(shift)
            while slots[index] != nil { index = (index + 1) % slots.count }
            slots[index] = Slot(word: word, meaning: meaning)
        }
    }

    @inline(__always)
    func callAsFunction(_ word: PackedWord) -> Meaning? {
        var index = word.slot(shift)
        while let slot = slots[index] {
            if slot.word == word { return slot.meaning }
            index = index &+ 1 == slots.count ? 0 : index &+ 1
        }
        return nil
    }
}

/// The bytes of a word, folded into 64 bits, and their number. Up to eight bytes the fold is exact; beyond, two words
/// of one length can fold alike, none of conntrack's do, and only a word made for it would be taken for another.
struct PackedWord: Equatable, Sendable {
    private(set) var bits: UInt64 = 0
    private(set) var length: UInt64 = 0

    init() {}

    /// The first `length` bytes of `word`, 0 to 8, the first one lowest: what appending them one by one gives.
    @inline(__always)
    init(_ word: UInt64, length: Int) {
        bits = length == 0 ? 0 : word.byteSwapped &>> UInt64(truncatingIfNeeded: 64 &- length &* 8)
        self.length = UInt64(truncatingIfNeeded: length)
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        bits = (bits << 8 | bits >> 56) ^ UInt64(byte)
        length &+= 1
    }

    @inline(__always)
    func slot(_ shift: UInt64) -> Int {
        // Fibonacci hashing: the high bits of the product depend on all bits of the factor.
        Int(truncatingIfNeeded: ((bits ^ length) &* 0x9E37_79B9_7F4A_7C15) >> shift)
    }
}
