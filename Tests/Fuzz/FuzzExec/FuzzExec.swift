import KubernetesAPI
import WebSocket

/// libFuzzer's entry: any bytes are what a server sends, from the first or behind the head of its answer, or are the
/// messages of channels. In pieces of any size they give the same; a session ends once, and succeeds only by a Status.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzExec(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe UnsafeBufferPointer(start: start, count: count)
    let bytes = unsafe Array(input)
    check(bytes)
    check(head + bytes)
    check(head + messages(bytes))
    return 0
}

private func check(_ bytes: [UInt8]) {
    let whole = Reading(bytes, pieceLength: max(bytes.count, 1))
    let pieces = Reading(bytes, pieceLength: 1 + bytes.count % 61)
    // How much is sent is not among it: of pings that come together only the last is answered.
    precondition(
        whole.stdout == pieces.stdout && whole.stderr == pieces.stderr && whole.results == pieces.results,
        "what is read depends on how the stream arrives")
    precondition(whole.results.count == 1, "a session does not end, or ends twice")
    if whole.results.first == .exited(code: 0) {
        precondition(contains(bytes, "Success"), "a session succeeds without a word of it")
    }
    precondition(whole.sent <= 1024 + 200 * bytes.count, "the client says more than it is asked")
}

/// The head of an answer that takes the upgrade.
private let head = Array(
    ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: Bz3qJYTGdOe8gUSpLosEdiLKDrk=\r\n"
        + "Sec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n").utf8)

/// Frames whose kinds, channels and lengths `bytes` tells, each two bytes before its payload.
private func messages(_ bytes: [UInt8]) -> [UInt8] {
    var frames: [UInt8] = []
    var rest = bytes[...]
    while let kind = rest.popFirst(), let length = rest.popFirst() {
        let heads: [[UInt8]] = [
            [0x82, 1], [0x82, 2], [0x82, 3], [0x82, 3], [0x02, 3], [0x80], [0x00], [0x89], [0x8A], [0x88],
        ]
        let head = heads[Int(kind) % heads.count]
        let body = head.dropFirst() + rest.prefix(kind >= 0x80 ? rest.count : Int(length))
        rest = rest.dropFirst(body.count - head.count + 1)
        frames.append(head[0])
        frames +=
            body.count < 126 ? [UInt8(body.count)] : [126, UInt8(body.count >> 8 & 0xFF), UInt8(body.count & 0xFF)]
        frames += body.prefix(65535)
    }
    return frames
}

private func contains(_ bytes: [UInt8], _ text: String) -> Bool {
    // It may be split by the heads of frames, and its letters be written as escapes: the Status has all of them.
    var rest = Array(text.utf8)[...]
    for byte in bytes where byte == rest.first { rest = rest.dropFirst() }
    return rest.isEmpty || bytes.contains(UInt8(ascii: "\\"))
}

/// What a session made of a stream.
private struct Reading {
    var stdout: [UInt8] = []
    var stderr: [UInt8] = []
    var results: [ExecResult] = []
    var sent = 0

    init(_ bytes: [UInt8], pieceLength: Int) {
        let request = ExecRequest(namespace: "n", pod: "p", command: ["c"], stdin: true)
        guard let key = WebSocketKey([UInt8](0..<16)),
            var session = try? ExecSession(request, host: "h", headers: [], key: key, masks: NoMask())
        else { return }
        _ = session.takeOutput()
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(pieceLength))
            rest = rest.dropFirst(piece.count)
            var position = 0
            while let event = session.next(in: piece.span, from: &position) { take(event, piece) }
            sent += session.takeOutput().count
        }
        if let event = session.end(.clean) { take(event, []) }
        sent += session.takeOutput().count
    }

    private mutating func take(_ event: ExecEvent, _ piece: [UInt8]) {
        switch event {
        case .opened: break
        case .stdout(let range): stdout += piece[range]
        case .stderr(let range): stderr += piece[range]
        case .finished(let result): results.append(result)
        }
    }
}

private struct NoMask: RandomNumberGenerator, Sendable {
    func next() -> UInt64 { 0 }
}
