import KubernetesAPI
import Testing
import WebSocket

/// The head of an answer that takes the upgrade with the recordings' key.
private func switched(_ version: ExecProtocol) -> [UInt8] {
    Array(
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: Bz3qJYTGdOe8gUSpLosEdiLKDrk=\r\n"
            + "Sec-WebSocket-Protocol: \(version.rawValue)\r\n\r\n").utf8)
}

/// A binary message of a channel, as a server sends it.
private func message(_ channel: UInt8, _ text: String = "", opcode: UInt8 = 0x82) -> [UInt8] {
    let count = text.utf8.count + 1
    return [opcode] + (count < 126 ? [UInt8(count)] : [126, UInt8(count >> 8), UInt8(count & 0xFF)]) + [channel]
        + Array(text.utf8)
}

private let success = message(3, #"{"metadata":{},"status":"Success"}"#)
private let serverClose: [UInt8] = [0x88, 2, 0x03, 0xE8]
/// Without masks.
private let clientClose: [UInt8] = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8]
private let clientPing: [UInt8] = [0x89, 0x80, 0, 0, 0, 0]

@Suite("A session of exec")
struct ExecSessionTests {
    static let request = ExecRequest(
        namespace: "netviz", pod: "p", container: "agent", node: "node-1", command: ["run"], stdin: true)

    /// An open session, whose request is sent, at second 0.
    private func open(_ version: ExecProtocol = .v5, _ request: ExecRequest = Self.request) throws -> HeldSession {
        let session = try HeldSession(request)
        _ = session.takeOutput()
        #expect(session.tick(at: .zero) == nil)
        #expect(session.receive(switched(version) + message(1)) == [.opened(version)])
        return session
    }

    @Test("begins with the request that was recorded")
    func request() throws {
        let recording = try ExecRecording("exec-exit0")
        let request = ExecRequest(namespace: "default", pod: "least", command: ["sh", "-c", "exit 0"])
        let session = try HeldSession(request)
        let lines = recording.request.joined(separator: "\r\n") + "\r\n\r\n"
        #expect(String(decoding: session.takeOutput(), as: UTF8.self) == lines.replacing("+0", with: "%200"))
        #expect(!session.hasOutput)
        #expect(
            request.target()
                == "/api/v1/namespaces/default/pods/least/exec?stdout=true&stderr=true&command=sh&command=-c&command=exit%200"
        )
    }

    @Test("has a path behind the server's own, in which every character is the command's")
    func target() {
        let request = ExecRequest(
            namespace: "a/b", pod: "p?", container: "c", command: ["", "ä&=+ %\r\n"], stdin: true, stderr: false)
        let path =
            "/k8s/clusters/c-1/api/v1/namespaces/a%2Fb/pods/p%3F/exec?container=c&stdin=true&stdout=true&command=&command=%C3%A4%26%3D%2B%20%25%0D%0A"
        #expect(request.target(prefix: "/k8s/clusters/c-1") == path)
        #expect(request.target(prefix: "/k8s/clusters/c-1/") == path)
    }

    @Test("tells stdout and stderr apart, and leaves other channels and empty messages")
    func channels() throws {
        let session = try open()
        let bytes =
            message(2, "err") + message(1, "out") + message(7, "?") + message(0, "echo") + message(1) + [0x82, 0]
            + message(1, "text", opcode: 0x81) + [0x02, 1, 1] + [0x00, 1, 0x61] + [0x80, 1, 0x62]
        #expect(
            session.receive(bytes) == [.stderr("err"), .stdout("out"), .stdout("text"), .stdout("a"), .stdout("b")])
    }

    // MARK: Writing

    @Test("sends stdin and its end as they were recorded")
    func stdin() throws {
        let recording = try ExecRecording("exec-stdin-close")
        let session = try open()
        #expect(session.write(Array("hello\n".utf8)))
        #expect(session.closeStdin())
        let frames = recording.sent.flatMap { (payload: [UInt8]) -> [UInt8] in
            [0x82, 0x80 | UInt8(payload.count), 0, 0, 0, 0] + payload
        }
        #expect(session.takeOutput() == frames)
        #expect(!session.write(Array("more".utf8)))
        #expect(!session.closeStdin())
        #expect(!session.hasOutput)
    }

    @Test("sends long stdin in messages of 32 KiB, each a frame of its own")
    func longStdin() throws {
        let session = try open()
        let text = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(session.write(text))
        var output = session.takeOutput()[...]
        var written: [UInt8] = []
        var lengths: [Int] = []
        while !output.isEmpty {
            let bytes = Array(output.prefix(8))
            let length = Int(bytes[2]) << 8 | Int(bytes[3])
            #expect(bytes[0] == 0x82 && bytes[1] == 0x80 | 126 && bytes[4...7].allSatisfy { $0 == 0 })
            let payload = output.dropFirst(8).prefix(length)
            #expect(payload.first == 0)
            written += payload.dropFirst()
            lengths.append(length)
            output = output.dropFirst(8 + length)
        }
        #expect(written == text)
        #expect(lengths == [32768, 32768, 32768, 1700])
    }

    @Test("writes nothing before it is open, where stdin was not asked for, and once it ends")
    func closedStdin() throws {
        let byte: [UInt8] = [1]
        let early = try HeldSession(Self.request)
        _ = early.takeOutput()
        #expect(!early.write(byte))
        let without = try open(.v5, ExecRequest(namespace: "n", pod: "p", command: ["x"]))
        #expect(!without.write(byte))
        #expect(!without.closeStdin())
        let ended = try open()
        #expect(ended.receive(success) == [])
        #expect(!ended.write(byte))
        #expect(!ended.closeStdin())
        #expect(!ended.acknowledge(byte))
        #expect(!early.hasOutput && !without.hasOutput && !ended.hasOutput)
    }

    @Test("of v4 cannot end stdin alone")
    func noHalfClose() throws {
        let session = try open(.v4)
        #expect(!session.closeStdin())
        #expect(!session.hasOutput)
        session.close()
        #expect(session.takeOutput() == clientClose)
    }

    @Test("sends nothing behind the acknowledgement, not even what the server or the clock asks for")
    func quiet() throws {
        let session = try open()
        #expect(session.acknowledge(Array("ACK".utf8)))
        #expect(session.takeOutput() == [0x82, 0x84, 0, 0, 0, 0, 0] + Array("ACK".utf8))
        #expect(session.receive([0x89, 1, 5]) == [])
        #expect(session.tick(at: .seconds(60)) == nil)
        #expect(!session.write([1]))
        #expect(!session.closeStdin())
        #expect(!session.hasOutput)
        #expect(session.receive(message(1, "tail") + success + serverClose) == [.stdout("tail")])
        #expect(!session.hasOutput)
        #expect(session.end(.clean) == .finished(.exited(code: 0)))
        #expect(session.takeOutput() == clientClose)
    }

    @Test("answers pings of the server")
    func pong() throws {
        let session = try open()
        #expect(session.receive([0x89, 2, 7, 8]) == [])
        #expect(session.takeOutput() == [0x8A, 0x82, 0, 0, 0, 0, 7, 8])
    }

    @Test("answers only the last of many pings, so that a server that only pings fills no memory")
    func manyPings() throws {
        let session = try open()
        for number in 0..<UInt8(200) { #expect(session.receive([0x89, 1, number]) == []) }
        #expect(session.hasOutput)
        #expect(session.takeOutput() == [0x8A, 0x81, 0, 0, 0, 0, 199])
        #expect(!session.hasOutput)
        #expect(session.receive([0x89, 1, 5]) == [])
        session.close()
        #expect(session.takeOutput() == [0x82, 0x82, 0, 0, 0, 0, 255, 0] + clientClose)
    }

    @Test("is lost where the server withholds its last word behind the acknowledgement")
    func withheldStatus() throws {
        let session = try open()
        #expect(session.tick(at: .seconds(100)) == nil)
        #expect(session.acknowledge(Array("ACK".utf8)))
        #expect(session.receive(message(1, "tail")) == [.stdout("tail")])
        #expect(session.nextTick == .seconds(161))
        #expect(session.tick(at: .milliseconds(160_999)) == nil)
        #expect(session.tick(at: .seconds(161)) == .finished(.lost(.silent(.seconds(61)))))
        #expect(session.nextTick == nil)
    }

    // MARK: The end

    @Test("tells the result when the server ends the connection, and sends the close frame only then")
    func end() throws {
        let session = try open()
        #expect(session.receive(success + serverClose) == [])
        #expect(session.result == nil)
        #expect(!session.hasOutput)
        #expect(session.end(.torn) == .finished(.exited(code: 0)))
        #expect(session.result == .exited(code: 0))
        #expect(session.takeOutput() == clientClose)
        #expect(session.end(.clean) == nil)
        #expect(session.nextTick == nil)
        #expect(session.receive(message(1, "late")) == [])
    }

    @Test("does not wait for ever for the end of the connection")
    func stuckEnd() throws {
        let session = try open()
        #expect(session.tick(at: .seconds(100)) == nil)
        _ = session.takeOutput()
        #expect(session.receive(success) == [])
        #expect(session.nextTick == .seconds(110))
        #expect(session.tick(at: .seconds(109)) == nil)
        #expect(session.tick(at: .seconds(110)) == .finished(.exited(code: 0)))
        #expect(session.takeOutput() == clientClose)
    }

    @Test("is lost where the connection ends without a Status")
    func lost() throws {
        for end in [ConnectionEnd.clean, .torn] {
            let session = try open()
            #expect(session.receive(message(1, "out")) == [.stdout("out")])
            #expect(session.end(end) == .finished(.lost(.ended(end))))
        }
        let closed = try open()
        #expect(closed.receive([0x88, 4, 0x03, 0xF3, 0x6E, 0x6F] + success) == [])
        #expect(closed.takeOutput() == clientClose)
        #expect(closed.end(.clean) == .finished(.lost(.closed(WebSocketClose(code: 1011, reason: "no")))))
    }

    @Test("is lost where the stream of frames breaks, though what came before is told, and a Status counts")
    func malformed() throws {
        let session = try open()
        let broken: [UInt8] = [0xF2, 0]
        let error = WebSocketError(.reservedBits, offset: 8)
        #expect(
            session.receive(message(1, "ok") + broken) == [.stdout("ok"), .finished(.lost(.malformed(error)))])
        let ended = try open()
        #expect(ended.receive(success + broken) == [.finished(.exited(code: 0))])
    }

    @Test("is lost where the Status cannot be read")
    func unreadable() throws {
        for text in [
            "command terminated with exit code 3", #"{"status":"Success""#, #"{"status":"Well"}"#, "[]",
            #"{"kind":"Pod","status":"Success"}"#, #"{"status":"Failure","reason":"NonZeroExitCode"}"#,
            #"{"status":"Failure","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"0"}]}}"#,
            #"{"status":"Failure","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"256"}]}}"#,
            #"{"status":"Failure","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"-1"}]}}"#,
        ] {
            let session = try open()
            #expect(session.receive(message(3) + message(3, text) + serverClose) == [])
            #expect(session.end(.clean) == .finished(.lost(.unreadableStatus(text))))
        }
    }

    @Test("reads a Status in several messages, but none of 64 KiB")
    func longStatus() throws {
        let session = try open()
        #expect(session.receive(message(3, #"{"status":"#) + message(3, #""Success"}"#)) == [])
        #expect(session.end(.clean) == .finished(.exited(code: 0)))

        let long = try open()
        let piece = message(3, String(repeating: " ", count: 32_000))
        #expect(long.receive(piece + piece + piece + success) == [])
        #expect(long.end(.clean) == .finished(.lost(.unreadableStatus(String(repeating: " ", count: 256)))))
    }

    @Test("tells a Status that is too long in the same way however it is cut")
    func cutLongStatus() throws {
        let text = #"{"status":"Success","x":""# + String(repeating: "y", count: 65_536) + #""}"#
        let payload = [3] + Array(text.utf8)
        let frame: [UInt8] =
            [0x82, 127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) } + payload
        for length in [1, 100, 65_530, 65_536, 65_546, frame.count] {
            let session = try open()
            var rest = frame[...]
            while !rest.isEmpty {
                #expect(session.receive(Array(rest.prefix(length))) == [])
                rest = rest.dropFirst(length)
            }
            let beginning = String(decoding: text.utf8.prefix(256), as: UTF8.self)
            #expect(session.end(.clean) == .finished(.lost(.unreadableStatus(beginning))))
        }
    }

    @Test("that we close is lost, whatever the server answers")
    func closed() throws {
        let session = try open()
        session.close()
        session.close()
        #expect(session.takeOutput() == [0x82, 0x82, 0, 0, 0, 0, 255, 0] + clientClose)
        #expect(session.receive(message(1, "rest") + serverClose) == [.stdout("rest")])
        #expect(session.end(.clean) == .finished(.lost(.closedByClient)))
        let stuck = try open()
        stuck.close()
        #expect(stuck.tick(at: .seconds(9)) == nil)
        #expect(stuck.tick(at: .seconds(10)) == .finished(.lost(.closedByClient)))
    }

    @Test("is lost where the server does not answer, or answers nonsense")
    func noAnswer() throws {
        let silent = try HeldSession(Self.request)
        #expect(silent.tick(at: .seconds(100)) == nil)
        #expect(silent.nextTick == .seconds(130))
        #expect(silent.tick(at: .milliseconds(129_999)) == nil)
        #expect(silent.tick(at: .seconds(130)) == .finished(.lost(.unanswered(.seconds(30)))))
        let slow = try HeldSession(Self.request)
        #expect(slow.tick(at: .zero) == nil)
        for (second, byte) in switched(.v5).prefix(29).enumerated() {
            #expect(slow.receive([byte]) == [])
            #expect(slow.tick(at: .seconds(second + 1)) == nil)
        }
        #expect(slow.tick(at: .seconds(30)) == .finished(.lost(.unanswered(.seconds(30)))))
        let empty = try HeldSession(Self.request)
        #expect(empty.end(.clean) == .finished(.lost(.upgrade(.ended(received: 0)))))
        let nonsense = try HeldSession(Self.request)
        #expect(nonsense.receive(Array("SSH-2.0-x\r\n".utf8)) == [.finished(.lost(.upgrade(.notHTTP)))])
        let foreign = try HeldSession(Self.request)
        let head = String(decoding: switched(.v5), as: UTF8.self)
        #expect(
            foreign.receive(Array(head.replacing("Bz3q", with: "AAAA").utf8))
                == [.finished(.lost(.upgrade(.wrongAccept)))])
        let undecided = try HeldSession(Self.request)
        let none = ExecLoss.upgrade(.unexpectedProtocol(""))
        #expect(
            undecided.receive(Array(head.replacing("v5.channel.k8s.io", with: "").utf8)) == [.finished(.lost(none))])
        #expect("\(none)" == "the server chose none of the sub-protocols that it was offered")
    }

    // MARK: Pings

    @Test("pings every 5 s, and is lost after 61 s without an answer")
    func pings() throws {
        let session = try open()
        #expect(session.nextTick == .seconds(5))
        #expect(session.tick(at: .milliseconds(4999)) == nil)
        #expect(!session.hasOutput)
        #expect(session.tick(at: .seconds(5)) == nil)
        #expect(session.takeOutput() == clientPing)
        #expect(session.nextTick == .seconds(10))
        #expect(session.receive([0x8A, 0]) == [])
        for second in stride(from: 10, to: 66, by: 5) { #expect(session.tick(at: .seconds(second)) == nil) }
        #expect(session.takeOutput() == Array(repeating: clientPing, count: 12).flatMap { $0 })
        #expect(session.tick(at: .seconds(66)) == .finished(.lost(.silent(.seconds(61)))))
    }

    @Test("that must not be pinged is waited for as long as the caller likes")
    func withoutPings() throws {
        let session = try HeldSession(Self.request, sendsPings: false)
        _ = session.takeOutput()
        #expect(session.tick(at: .zero) == nil)
        #expect(session.receive(switched(.v5)) == [.opened(.v5)])
        #expect(session.nextTick == nil)
        #expect(session.tick(at: .seconds(600)) == nil)
        #expect(!session.hasOutput)
        #expect(session.receive(success) == [])
        #expect(session.nextTick == .seconds(610))
    }

    @Test("is not given up while stdin may be unread, which holds up pongs too")
    func unreadStdin() throws {
        let session = try open()
        #expect(session.write([1, 2, 3]))
        for second in stride(from: 5, to: 300, by: 5) { #expect(session.tick(at: .seconds(second)) == nil) }
        // The pong of the first ping behind stdin: the server has read it.
        #expect(session.receive([0x8A, 0]) == [])
        for second in stride(from: 300, to: 356, by: 5) { #expect(session.tick(at: .seconds(second)) == nil) }
        #expect(session.tick(at: .seconds(360)) == .finished(.lost(.silent(.seconds(65)))))
    }

    @Test("does not ping behind the Status")
    func noPing() throws {
        let session = try open()
        #expect(session.receive(success) == [])
        #expect(session.tick(at: .seconds(8)) == nil)
        #expect(!session.hasOutput)
    }
}
