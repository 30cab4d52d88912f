import CollectorProtocol
import Testing

@Suite("The checksum of a frame")
struct CRC32Tests {
    private func checksum(_ text: String) -> UInt32 {
        var checksum = CRC32()
        checksum.update(Array(text.utf8).span)
        return checksum.value
    }

    @Test(
        "is the CRC-32 of gzip",
        arguments: [
            ("", 0), ("a", 0xE8B7_BE43), ("123456789", 0xCBF4_3926),
            ("The quick brown fox jumps over the lazy dog", 0x414F_A339),
        ] as [(String, UInt32)])
    func knownValues(text: String, expected: UInt32) {
        #expect(checksum(text) == expected)
    }

    @Test("is the same however the bytes are cut")
    func pieces() {
        let bytes = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
        for cut in 0...bytes.count {
            var checksum = CRC32()
            checksum.update(bytes.span.extracting(..<cut))
            checksum.update(bytes.span.extracting(cut...))
            #expect(checksum.value == self.checksum(String(decoding: bytes, as: UTF8.self)))
        }
    }

    @Test("takes a number as its four bytes, the lowest first")
    func number() {
        var checksum = CRC32()
        checksum.update(littleEndian: 0x3433_3231)
        #expect(checksum.value == self.checksum("1234"))
    }
}
