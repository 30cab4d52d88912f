import TestSupport

/// A recorded exec with what a real API server sent (Tests/Fixtures/api-1.36/exec).
struct ExecRecording {
    enum End: Equatable {
        case clean
        /// The server sent nothing more and kept the connection open.
        case open
    }

    /// Lines of the request, without the line ends.
    let request: [String]
    /// All bytes from the server: the head, and the body or the frames.
    var received: [UInt8]
    /// The payloads of the client's binary messages, before masking.
    let sent: [[UInt8]]
    let end: End

    /// - Parameter name: as `exec-exit0`.
    init(_ name: String) throws {
        let text = try readText(Repository.path("Tests/Fixtures/api-1.36/exec/\(name).frames.txt"))
        var request: [String] = []
        var received: [UInt8] = []
        var sent: [[UInt8]] = []
        var end = End.clean
        var hasBody = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) where !line.hasPrefix("#") {
            if line.hasPrefix("> ") {
                request.append(String(line.dropFirst(2)))
            } else if line.hasPrefix("<") {
                // Behind the empty line comes a body, in which no line end is left.
                received += line.dropFirst(2).utf8
                if !hasBody { received += "\r\n".utf8 }
                hasBody = hasBody || line.count < 2
            } else if line.isEmpty, !received.isEmpty, sent.isEmpty, !hasBody {
                received += "\r\n".utf8
                hasBody = true
            } else if line.hasSuffix("! TIMEOUT") {
                end = .open
            } else if let frame = Frame(line) {
                if frame.isReceived { received += frame.bytes } else { sent.append(frame.payload) }
            }
        }
        self.request = request
        self.received = received
        self.sent = sent
        self.end = end
    }

    /// The value of a header of the request.
    func header(_ name: String) -> [String] {
        request.filter { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
    }

    private struct Frame {
        let isReceived: Bool
        let payload: [UInt8]
        let bytes: [UInt8]

        /// Reads `0.350 < binary fin=1 len=1 01 ; note`.
        init?(_ line: Substring) {
            let words = line.prefix { $0 != ";" }.split(separator: " ")
            let opcodes: [Substring: UInt8] = ["cont": 0, "text": 1, "binary": 2, "close": 8, "ping": 9, "pong": 10]
            guard words.count >= 5, let opcode = opcodes[words[2]] else { return nil }
            isReceived = words[1] == "<"
            payload = words.count > 5 ? KubernetesAPITests.bytes(hex: words[5]) : []
            let count = payload.count
            let length = count < 126 ? [UInt8(count)] : [126, UInt8(count >> 8), UInt8(count & 0xFF)]
            bytes = [(words[3] == "fin=1" ? 0x80 : 0) | opcode] + length + payload
        }
    }

    static func names() throws -> [String] {
        try directoryContents(Repository.path("Tests/Fixtures/api-1.36/exec")).map { name in
            String(name.dropLast(".frames.txt".count))
        }
    }
}
