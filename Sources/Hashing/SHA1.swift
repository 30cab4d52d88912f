/// SHA-1 (RFC 3174): the digest from which Calico makes the names of interfaces, and by which a WebSocket server shows
/// that it understood (RFC 6455 section 4.2.2). Nothing here relies on its strength.
package enum SHA1 {
    /// The 20 bytes of the digest of `message`.
    package static func digest(_ message: some Sequence<UInt8>) -> [UInt8] {
        var blocks = Array(message)
        let bitCount = UInt64(blocks.count) &* 8
        blocks.append(0x80)
        while blocks.count % 64 != 56 { blocks.append(0) }
        for shift in stride(from: 56, through: 0, by: -8) {
            blocks.append(UInt8(truncatingIfNeeded: bitCount >> UInt64(shift)))
        }

        var hash: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
        var words = [UInt32](repeating: 0, count: 80)
        for start in stride(from: 0, to: blocks.count, by: 64) {
            process(blocks, from: start, words: &words, hash: &hash)
        }
        return hash.flatMap { word in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
        }
    }

    /// One block of 64 bytes (RFC 3174 section 6.1).
    private static func process(_ blocks: [UInt8], from start: Int, words: inout [UInt32], hash: inout [UInt32]) {
        for index in 0..<16 {
            let first = start + index * 4
            words[index] =
                UInt32(blocks[first]) << 24 | UInt32(blocks[first + 1]) << 16 | UInt32(blocks[first + 2]) << 8
                | UInt32(blocks[first + 3])
        }
        for index in 16..<80 {
            words[index] = rotate(words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16], 1)
        }
        var (a, b, c, d, e) = (hash[0], hash[1], hash[2], hash[3], hash[4])
        for index in 0..<80 {
            let (mixed, constant): (UInt32, UInt32) =
                switch index {
                case 0..<20: ((b & c) | (~b & d), 0x5A82_7999)
                case 20..<40: (b ^ c ^ d, 0x6ED9_EBA1)
                case 40..<60: ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC)
                default: (b ^ c ^ d, 0xCA62_C1D6)
                }
            let next = rotate(a, 5) &+ mixed &+ e &+ words[index] &+ constant
            (a, b, c, d, e) = (next, a, rotate(b, 30), c, d)
        }
        for (index, word) in [a, b, c, d, e].enumerated() { hash[index] &+= word }
    }

    private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
        word << count | word >> (32 - count)
    }
}
