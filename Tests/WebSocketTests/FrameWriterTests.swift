import Testing
import WebSocket

@Suite("Frames of a client")
struct FrameWriterTests {
    @Test("are masked as in RFC 6455 section 5.7")
    func example() {
        var writer = FrameWriter(masks: FixedMask(mask: 0x37FA_213D))
        var output: [UInt8] = []
        writer.binary(Array("Hello".utf8).span, to: &output)
        #expect(output == [0x82, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])
    }

    @Test("give back what was written, in one frame of each length", arguments: [0, 1, 2, 125, 126, 32 << 10, 65536])
    func roundTrip(count: Int) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        for first in [nil, UInt8(9)] {
            var writer = FrameWriter(masks: FixedMask(mask: 0xA1B2_C3D4))
            var output: [UInt8] = [42]
            writer.binary(first: first, payload.span, to: &output)
            #expect(output.first == 42)
            #expect(unmasked(output.dropFirst()) == (0x82, (first.map { [$0] } ?? []) + payload))
        }
    }

    @Test("have a new mask each")
    func newMasks() {
        var writer = FrameWriter()
        let masks = (0..<8).map { _ in
            var output: [UInt8] = []
            writer.ping([], to: &output)
            return Array(output[2..<6])
        }
        #expect(Set(masks).count > 1)
    }

    @Test("that control the connection never have more than 125 bytes")
    func control() {
        var writer = FrameWriter(masks: FixedMask(mask: 0))
        var output: [UInt8] = []
        writer.pong([UInt8](repeating: 1, count: 500), to: &output)
        #expect(output.count == 6 + 125)
        output = []
        writer.close(code: 1000, to: &output)
        #expect(output == [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8])
    }

    /// The first byte and the payload of a masked frame that is all there is.
    private func unmasked(_ frame: ArraySlice<UInt8>) -> (UInt8, [UInt8])? {
        let bytes = Array(frame)
        guard bytes.count >= 6, bytes[1] & 0x80 != 0 else { return nil }
        let short = Int(bytes[1] & 0x7F)
        let head = short == 126 ? 4 : short == 127 ? 10 : 2
        let length = head == 2 ? short : bytes[2..<head].reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count == head + 4 + length else { return nil }
        let mask = Array(bytes[head..<head + 4])
        return (bytes[0], bytes[(head + 4)...].enumerated().map { $1 ^ mask[$0 % 4] })
    }
}

private func == (one: (UInt8, [UInt8])?, other: (UInt8, [UInt8])) -> Bool {
    one?.0 == other.0 && one?.1 == other.1
}
