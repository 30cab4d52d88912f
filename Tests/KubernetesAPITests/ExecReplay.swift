import KubernetesAPI
import Secrets
import WebSocket

/// A generator that gives one number for ever, so that masks are known.
struct FixedMask: RandomNumberGenerator, Sendable {
    let mask: UInt32
    func next() -> UInt64 { UInt64(mask) }
}

/// A session that a test talks to, with the key of the recordings and without masks.
final class HeldSession {
    private var session: ExecSession

    init(_ request: ExecRequest, offering: [ExecProtocol] = [.v5, .v4], sendsPings: Bool = true) throws {
        guard let key = WebSocketKey([UInt8](0..<16)) else { throw UpgradeError.wrongAccept }
        session = try ExecSession(
            request,
            host: "10.99.0.1:6443",
            headers: [.init("User-Agent", Secret("kubectl-netviz/0.1.0 (linux/amd64)"))],
            key: key,
            offering: offering,
            sendsPings: sendsPings,
            masks: FixedMask(mask: 0)
        )
    }

    var hasOutput: Bool { session.hasOutput }
    var nextTick: Duration? { session.nextTick }
    var result: ExecResult? { session.result }
    func takeOutput() -> [UInt8] { session.takeOutput() }
    func write(_ bytes: [UInt8]) -> Bool { session.write(stdin: bytes.span) }
    func acknowledge(_ bytes: [UInt8]) -> Bool { session.acknowledge(bytes.span) }
    func closeStdin() -> Bool { session.closeStdin() }
    func close() { session.close() }
    func tick(at moment: Duration) -> ExecEvent? { session.tick(at: moment) }
    func end(_ end: ConnectionEnd) -> ExecEvent? { session.end(end) }

    /// What comes of bytes from the server: the events, and what is in their ranges.
    func receive(_ bytes: [UInt8]) -> [ExecReplay.Item] {
        var items: [ExecReplay.Item] = []
        var position = 0
        while let event = session.next(in: bytes.span, from: &position) {
            switch event {
            case .opened(let version): items.append(.opened(version))
            case .stdout(let range): items.append(.stdout(String(decoding: bytes[range], as: UTF8.self)))
            case .stderr(let range): items.append(.stderr(String(decoding: bytes[range], as: UTF8.self)))
            case .finished(let result): items.append(.finished(result))
            }
        }
        return items
    }
}

/// What a session made of a server's bytes.
struct ExecReplay: Equatable {
    enum Item: Equatable {
        case opened(ExecProtocol)
        case stdout(String)
        case stderr(String)
        case finished(ExecResult)
    }

    var version: ExecProtocol?
    var stdout = ""
    var stderr = ""
    /// Told more than once it would be several.
    var results: [ExecResult] = []

    mutating func take(_ items: [Item]) {
        for item in items {
            switch item {
            case .opened(let version): self.version = version
            case .stdout(let text): stdout += text
            case .stderr(let text): stderr += text
            case .finished(let result): results.append(result)
            }
        }
    }

    mutating func take(_ event: ExecEvent?) {
        if case .finished(let result) = event { results.append(result) }
    }

    /// Feeds a recording in pieces of the lengths that `length` gives, and then its end; where the server sent nothing
    /// more, we close.
    init(_ recording: ExecRecording, length: () -> Int) throws {
        let offered = recording.header("Sec-WebSocket-Protocol").joined(separator: ", ").split(separator: ", ")
        let known = ExecProtocol.allCases.filter { offered.contains(Substring($0.rawValue)) }
        let target = recording.request.first?.split(separator: " ").dropFirst().first ?? ""
        let parts = target.prefix { $0 != "?" }.split(separator: "/")
        let request = ExecRequest(
            namespace: String(parts[3]),
            pod: String(parts[5]),
            node: "tbn1",
            command: target.contains("command=%2Fnosuch") ? ["/nosuch", "x"] : ["sh"],
            stdin: target.contains("stdin=true")
        )
        let session = try HeldSession(request, offering: known.isEmpty ? [.v5, .v4] : known)
        var rest = recording.received[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(max(length(), 1)))
            rest = rest.dropFirst(piece.count)
            take(session.receive(piece))
        }
        if recording.end == .open {
            take(session.tick(at: .seconds(1)))
            session.close()
            take(session.tick(at: .seconds(2)))
            take(session.tick(at: .seconds(30)))
        } else {
            take(session.end(.clean))
        }
        take(session.end(.clean))
    }

    /// How it ended, in words.
    var outcome: String {
        switch results.first {
        case .exited(let code): "exited \(code)"
        case .refused(let refusal): "refused: \(refusal)"
        case .lost(let loss): "lost: \(loss)"
        case nil: "nothing"
        }
    }
}
