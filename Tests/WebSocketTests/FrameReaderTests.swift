import TestSupport
import Testing
import WebSocket

@Suite("Frames of a server")
struct FrameReaderTests {
    @Test("of the three lengths are read, whole and byte by byte", arguments: [0, 1, 125, 126, 65535, 65536, 200_000])
    func lengths(count: Int) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let stream = frame(2, payload) + frame(1, Array("text".utf8))
        for length in [stream.count, 1, 4096] {
            let reading = FrameReading(stream) { length }
            #expect(reading.error == nil)
            #expect(reading.items == [.message(.binary, payload), .message(.text, Array("text".utf8))])
        }
    }

    @Test("are joined where they continue a message, and control frames may stand between them")
    func continuation() {
        let stream =
            frame(2, [1, 2], isFinal: false) + frame(9, [7]) + frame(0, [], isFinal: false) + frame(10, [])
            + frame(0, [3]) + frame(2, [4])
        let reading = FrameReading(stream) { 1 }
        #expect(reading.items == [.ping([7]), .pong([]), .message(.binary, [1, 2, 3]), .message(.binary, [4])])
    }

    @Test("give the bytes of a message as they come, without keeping them")
    func partial() throws {
        var reader = FrameReader()
        var position = 0
        let first: [UInt8] = [0x82, 5, 10, 11]
        let event = try reader.next(in: first.span, from: &position)
        #expect(event == .data(WebSocketData(opcode: .binary, range: 2..<4, beginsMessage: true, endsMessage: false)))
        let nothing = try reader.next(in: first.span, from: &position)
        #expect(nothing == nil)
        let second: [UInt8] = [12, 13, 14]
        position = 0
        let rest = try reader.next(in: second.span, from: &position)
        #expect(rest == .data(WebSocketData(opcode: .binary, range: 0..<3, beginsMessage: false, endsMessage: true)))
        #expect(reader.offset == 7)
    }

    @Test("tell the code and the reason of a close, behind which nothing counts")
    func close() {
        let reading = FrameReading(frame(8, [0x03, 0xE8] + Array("bye".utf8)) + [0xFF, 0xFF, 0xFF]) { 2 }
        #expect(reading.items == [.close(1000, "bye")])
        #expect(reading.error == nil)
        #expect(FrameReading(frame(8, [])) { 9 }.items == [.close(1005, "")])
    }

    @Test(
        "that break the rules end the stream, with the offset of the frame",
        arguments: [
            ([0xC2, 0], .reservedBits), ([0x92, 0], .reservedBits), ([0x83, 0], .reservedOpcode(3)),
            ([0x8F, 0], .reservedOpcode(15)), ([0x82, 0x81, 1, 2, 3, 4, 5], .masked), ([0x09, 0], .fragmentedControl),
            ([0x89, 126, 0, 126], .controlTooLong), ([0x80, 0], .nothingToContinue), ([0x88, 1, 3], .closeTooShort),
            ([0x02, 0, 0x82, 0], .unfinishedMessage),
            ([0x82, 127, 0, 0, 0, 0, 4, 0, 0, 1], .frameTooLong(67_108_865, limit: 67_108_864)),
            ([0x82, 127, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], .frameTooLong(.max, limit: 67_108_864)),
        ] as [([UInt8], WebSocketError.Reason)])
    func broken(bytes: [UInt8], reason: WebSocketError.Reason) {
        for length in [1, 100] {
            let reading = FrameReading(frame(2, [1]) + bytes) { length }
            #expect(reading.items == [.message(.binary, [1])])
            #expect(reading.error?.reason == reason)
            #expect(reading.error?.offset == (reason == .unfinishedMessage ? 5 : 3))
        }
    }

    @Test("fail the same way whenever they are asked for again")
    func sticky() {
        var reader = FrameReader()
        let bytes: [UInt8] = [0xF2, 0, 0x82, 0]
        for _ in 0..<2 {
            var position = 0
            #expect(throws: WebSocketError(.reservedBits, offset: 0)) {
                try reader.next(in: bytes.span, from: &position)
            }
        }
    }

    @Test("read the same however garbage arrives")
    func garbage() {
        var random = SplitMix(seed: 0x6455)
        for _ in 0..<2000 {
            var stream: [UInt8] = []
            for _ in 0..<Int(random.next() % 8) {
                let payload = (0..<Int(random.next() % 140)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                stream += frame(random.pick([0, 1, 2, 2, 8, 9, 10]), payload, isFinal: !random.chance(4))
            }
            if random.chance(2), !stream.isEmpty {
                stream[Int(random.next() % UInt64(stream.count))] ^= 1 << UInt8(random.next() % 8)
            }
            let whole = FrameReading(stream) { stream.count }
            let pieces = FrameReading(stream) { Int(random.next() % 9) }
            #expect(whole == pieces)
        }
    }
}
