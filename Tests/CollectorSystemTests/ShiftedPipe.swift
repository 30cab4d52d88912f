import CollectorClient
import CollectorProtocol
import NetModel

/// The way to a collector process whose node has a clock that is ahead of this machine's: every time that the collector
/// tells is moved on its way to the client, and the moment to begin on its way back.
actor ShiftedPipe: CollectorPipe {
    private let process: CollectorProcess
    private let ahead: Int64
    private var reader = FrameStreamReader()
    /// Of what the client is told; one for the session, whose END counts all that it wrote.
    private var writer = FrameStreamWriter()
    /// START as the collector got it.
    private(set) var started: Start?

    /// - Parameters:
    ///   - process: a session that nobody has read from.
    ///   - ahead: by how much the node's clock is, in nanoseconds.
    init(_ process: sending CollectorProcess, ahead: Int64) {
        self.process = process
        self.ahead = ahead
    }

    func send(_ bytes: [UInt8]) async throws {
        var messages: [CollectorMessage] = []
        try reader.read(bytes.span) { messages.append($0) }
        for message in messages {
            switch message {
            case .clockRequest: process.send { $0.writeClockRequest() }
            case .acknowledgement: process.send { $0.writeAcknowledgement() }
            case .start(var start):
                if start.beginAt != 0 { start.beginAt -= ahead }
                started = start
                process.send { $0.write(start) }
            default: throw ProcessError("a client does not say \(message.word)")
            }
        }
    }

    func receive() async throws -> [UInt8]? {
        while true {
            guard let message = try await process.next() else { return nil }
            pass(message)
            // Entries come in blocks of their own, which the writer keeps until there are enough of them.
            guard writer.pendingCount > 0 else { continue }
            var bytes: [UInt8] = []
            writer.drain { (span: Span<UInt8>) throws(Never) in
                for index in span.indices { bytes.append(span[index]) }
            }
            return bytes
        }
    }

    func end() async throws {
        process.closeInput()
        _ = try await process.ending()
    }

    func close() async {
        process.closeInput()
        _ = try? await process.ending()
    }

    private func pass(_ message: CollectorMessage) {
        switch message {
        case .hello(var hello):
            hello.clock.wall += ahead
            writer.write(hello)
        case .clock(var clock):
            clock.wall += ahead
            writer.write(clock)
        case .entries(let block):
            for index in block.entries.indices {
                var entry = block.entries[index]
                entry.start = entry.start.map { $0 - -ahead }
                entry.stop = entry.stop.map { $0 - -ahead }
                entry.eventTime = entry.eventTime.map { $0 - -ahead }
                writer.add(entry, window: block.windows.isEmpty ? nil : block.windows[index])
            }
        case .rules(let piece): writer.write(piece)
        case .notice(let notice): writer.write(notice)
        case .end(var end):
            end.began += ahead
            end.ended += ahead
            writer.finish(end)
        case .failure(let notice): writer.writeFailure(notice)
        case .clockRequest, .start, .acknowledgement: break
        }
    }
}
