/// A word of a line that is not in brackets.
enum Token {
    /// `key=`; nil for a key that means nothing to an entry.
    case key(Vocabulary.Key?)
    /// A word without `=`.
    case word(PackedWord)

    var key: Vocabulary.Key? {
        if case .key(let key) = self { key } else { nil }
    }

    /// Reads the word at `position`, of a key as far as the value.
    @inline(__always)
    init(_ line: Span<UInt8>, _ position: inout Int) {
        let word = line.paddedWord(at: position)
        let found = WordBytes.find(UInt8(ascii: "="), in: word)
        // All bits up to the lowest that is set in `found`: the bytes up to the `=`.
        if found != 0, let key = Vocabulary.Key(rawValue: word & (found ^ (found &- 1))) {
            position &+= WordBytes.index(found) &+ 1
            self = .key(key)
        } else if word == 0x6974_2D61_746C_6564, line.paddedWord(at: position &+ 8) & 0xFF_FFFF == 0x3D_656D {
            // "delta-ti" and "me=", the first byte of each lowest.
            position &+= 11
            self = .key(.deltaTime)
        } else {
            self = Self.longToken(line, &position)
        }
    }

    private static func longToken(_ line: Span<UInt8>, _ position: inout Int) -> Token {
        var word = PackedWord()
        if let bytes = line.word(at: position) {
            let end =
                WordBytes.find(UInt8(ascii: "="), in: bytes) | WordBytes.find(UInt8(ascii: " "), in: bytes)
                | WordBytes.find(UInt8(ascii: "\t"), in: bytes)
            let length = end == 0 ? 8 : WordBytes.index(end)
            word = PackedWord(bytes, length: length)
            position &+= length
        }
        while !line.isWordEnd(at: position) {
            let byte = line[position]
            position &+= 1
            if byte == UInt8(ascii: "=") { return .key(word.length > 7 ? Vocabulary.longKeys(word) : nil) }
            word.append(byte)
        }
        return .word(word)
    }
}
