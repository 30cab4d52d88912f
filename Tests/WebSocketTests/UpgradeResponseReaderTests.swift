import TestSupport
import Testing
import WebSocket

@Suite("The answer to the request for an upgrade")
struct UpgradeResponseReaderTests {
    /// What a reader made of an answer, and what bytes it left.
    struct Reading: Equatable {
        var step: UpgradeResponseReader.Step?
        var left = 0
        var error: UpgradeError?

        init(_ text: String, pieces: Int) { self.init(Array(text.utf8)) { pieces } }

        init(_ bytes: [UInt8], length: () -> Int) {
            var reader = UpgradeResponseReader()
            var rest = bytes[...]
            do throws(UpgradeError) {
                while !rest.isEmpty {
                    let piece = Array(rest.prefix(max(length(), 1)))
                    rest = rest.dropFirst(piece.count)
                    var position = 0
                    let step = try reader.read(piece.span, from: &position)
                    guard step == .more else {
                        self.step = step
                        left = piece.count - position + rest.count
                        return
                    }
                }
                step = .answered(try reader.end())
            } catch {
                self.error = error
            }
        }

        var answer: HTTPAnswer? {
            if case .answered(let answer) = step { answer } else { nil }
        }

        var body: String? { answer.map { String(decoding: $0.body, as: UTF8.self) } }
    }

    @Test("leaves what follows a 101, the first of the frames", arguments: [1, 7, 1000])
    func switched(pieces: Int) {
        let reading = Reading(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nX:  y \t\r\n\r\nframes", pieces: pieces)
        let head = HTTPHead(
            code: 101, reason: "Switching Protocols", headers: [.init("Upgrade", "websocket"), .init("X", "y")])
        #expect(reading.step == .switched(head))
        #expect(reading.left == 6)
    }

    @Test(
        "has a body as long as Content-Length or the chunks say, or up to the end",
        arguments: [
            ("Content-Length: 5\r\n\r\nhelloREST", "hello", 4), ("Content-Length: 0\r\n\r\nREST", "", 4),
            ("Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nT: v\r\n\r\nREST", "hello", 4),
            ("Transfer-Encoding: gzip, Chunked\r\n\r\n0005\nhello\n0\n\nREST", "hello", 4),
            ("Connection: close\r\n\r\nhello", "hello", 0), ("Connection: close\r\n\r\n", "", 0),
            ("content-length: twelve\r\n\r\nhello", "hello", 0),
        ])
    func bodies(rest: String, body: String, left: Int) {
        for pieces in [1, 3, 1000] {
            let reading = Reading("HTTP/1.1 403 Forbidden\r\n" + rest, pieces: pieces)
            #expect(reading.body == body)
            #expect(reading.answer?.isComplete == true)
            #expect(reading.left == left)
        }
    }

    @Test(
        "keeps what there was of a body that is cut off or malformed",
        arguments: [
            ("Content-Length: 50\r\n\r\nhello", "hello"),
            ("Content-Length: 18446744073709551615\r\n\r\nhello", "hello"),
            ("Transfer-Encoding: chunked\r\n\r\n5\r\nhe", "he"),
            ("Transfer-Encoding: chunked\r\n\r\n2\r\nheX", "he"), ("Transfer-Encoding: chunked\r\n\r\nzz", ""),
            ("Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n", ""),
        ])
    func incomplete(rest: String, body: String) {
        for pieces in [1, 1000] {
            let reading = Reading("HTTP/1.1 500 \r\n" + rest, pieces: pieces)
            #expect(reading.body == body)
            #expect(reading.answer?.isComplete == false)
        }
    }

    @Test("comes behind interim answers")
    func interim() {
        let reading = Reading(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 \r\nA: b\r\n\r\nHTTP/1.1 204 x\r\n\r\n", pieces: 5)
        #expect(
            reading.answer
                == HTTPAnswer(head: HTTPHead(code: 204, reason: "x", headers: []), body: [], isComplete: true))
    }

    @Test("keeps the beginning of a long body")
    func longBody() {
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: 100_000)
        let reading = Reading(Array("HTTP/1.1 500 e\r\n\r\n".utf8) + body) { 4096 }
        #expect(reading.answer?.body.count == UpgradeResponseReader.longestBody)
        #expect(reading.answer?.isComplete == false)
    }

    @Test(
        "that is none is an error",
        arguments: [
            ("", .ended(received: 0)), ("HTTP/1.1 4", .ended(received: 10)), ("SSH-2.0", .notHTTP),
            ("\u{15}\u{3}\u{1}", .notHTTP), ("HTTP/2 200\r\n\r\n", .notHTTP), ("HTTP/1.1 20 x\r\n\r\n", .notHTTP),
            ("HTTP/1.1 099 x\r\n\r\n", .notHTTP), ("HTTP/1.1 1234\r\n\r\n", .notHTTP),
            ("HTTP/1.1 200 x\r\nA: b\r\nnothing\r\n\r\n", .malformedHeader(offset: 22)),
            ("HTTP/1.1 100 x\r\n\r\nHTTP/1.1 200 x\r\n: b\r\n\r\n", .malformedHeader(offset: 34)),
        ] as [(String, UpgradeError)])
    func malformed(text: String, error: UpgradeError) {
        for pieces in [1, 1000] { #expect(Reading(text, pieces: pieces).error == error) }
    }

    @Test("has a head of at most 64 KiB")
    func longHead() {
        let bytes = Array("HTTP/1.1 200 x\r\nA: ".utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: 100_000)
        #expect(Reading(bytes) { 1500 }.error == .headTooLong(limit: 65536))
    }

    @Test("reads the same however it arrives, also where it is garbage")
    func garbage() {
        var random = SplitMix(seed: 7230)
        let parts = [
            "HTTP/1.1 200 OK\r\n", "HTTP/1.1 101 \r\n", "HTTP/1.1 103 E\r\n", "Content-Length: 7\r\n", "\r\n", "\n",
            "A: b\r\n",
            "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n", "0\r\n\r\n", "\r", ":", "x",
        ]
        for _ in 0..<3000 {
            let text = "HTTP/1.1 403 F\r\n" + (0..<Int(random.next() % 9)).map { _ in random.pick(parts) }.joined()
            let whole = Reading(Array(text.utf8)) { 10_000 }
            #expect(whole == Reading(Array(text.utf8)) { Int(random.next() % 6) }, "\(text.debugDescription)")
        }
    }
}
