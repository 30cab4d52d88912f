/// The words that a form of text knows, and what they mean, found by their bytes: no string is made to look one up.
struct WordTable<Meaning: Sendable>: Sendable {
    private struct Slot: Sendable {
        var name: PackedName
        var meaning: Meaning
    }

    /// Open addressing; the number of slots is a power of two, at most half of them taken.
    private var slots: [Slot?]
    private let mask: Int

    /// - Parameter words: each of at most 24 bytes.
    init(_ words: [(String, Meaning)]) {
        var size = 8
        while size < words.count * 3 { size *= 2 }
        mask = size - 1
        slots = Array(repeating: nil, count: size)
        for (word, meaning) in words {
            let bytes = Array(word.utf8)
            guard let name = PackedName(bytes.span, 0..<bytes.count) else { continue }
            var index = name.hash & mask
            while slots[index] != nil { index = (index + 1) & mask }
            slots[index] = Slot(name: name, meaning: meaning)
        }
    }

    /// The table of all cases, each written as its raw value.
    init() where Meaning: CaseIterable & RawRepresentable<String> {
        self.init(Meaning.allCases.map { ($0.rawValue, $0) })
    }

    /// What the word means that a range of a text spells; nil for one that is not known.
    func meaning(_ text: Span<UInt8>, _ range: Range<Int>) -> Meaning? {
        guard let name = PackedName(text, range) else { return nil }
        var index = name.hash & mask
        while let slot = slots[index] {
            if slot.name == name { return slot.meaning }
            index = (index + 1) & mask
        }
        return nil
    }
}

/// At most 24 bytes as three numbers, and how many they are.
private struct PackedName: Equatable {
    private let length: Int
    private var words: (UInt64, UInt64, UInt64) = (0, 0, 0)

    init?(_ text: Span<UInt8>, _ range: Range<Int>) {
        guard range.count <= 24, !range.isEmpty else { return nil }
        length = range.count
        let bytes = unsafe text.bytes
        words.0 = Self.pack(bytes, range.lowerBound, min(length, 8))
        if length > 8 { words.1 = Self.pack(bytes, range.lowerBound + 8, min(length - 8, 8)) }
        if length > 16 { words.2 = Self.pack(bytes, range.lowerBound + 16, length - 16) }
    }

    /// From one to eight bytes, in a way that differs for different bytes of one count: two loads may share some of them.
    @inline(__always)
    private static func pack(_ bytes: RawSpan, _ start: Int, _ count: Int) -> UInt64 {
        // Safe: the offsets are checked, and any bytes are an integer.
        switch count {
        case 8: return unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
        case 4...:
            let low = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt32.self)
            let high = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start + count - 4, as: UInt32.self)
            return UInt64(high) << 32 | UInt64(low)
        default:
            let first = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt8.self)
            let middle = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start + count / 2, as: UInt8.self)
            let last = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start + count - 1, as: UInt8.self)
            return UInt64(last) << 16 | UInt64(middle) << 8 | UInt64(first)
        }
    }

    var hash: Int {
        let mixed = (words.0 ^ words.1 &* 31 ^ words.2 &* 131) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed >> 40)
    }

    static func == (left: PackedName, right: PackedName) -> Bool {
        left.length == right.length && left.words.0 == right.words.0 && left.words.1 == right.words.1
            && left.words.2 == right.words.2
    }
}
