package import CollectorProtocol

/// The client's side of a session with one collector, as a state machine: bytes and times go in, bytes to send and
/// events come out. It does no input or output of its own.
package struct CollectorConversation: ~Copyable {
    /// What a collector told.
    package enum Event: Sendable {
        /// HELLO came and the clock is known: START can be sent.
        case ready
        case entries(EntryBlock)
        case rules(RulesPiece)
        case notice(Notice)
        /// END came and fits what was received.
        case ended(End)
    }

    private enum State {
        case awaitsHello, measuresClock, ready, samples, ended
    }

    package private(set) var hello: Hello?
    /// The best of several measurements.
    package private(set) var clockOffset: ClockOffset?
    private var state = State.awaitsHello
    private var asked: Int64 = 0
    private var measurements = 0
    private var writer = FrameStreamWriter()
    private var reader = FrameStreamReader()

    /// The bytes of the frames that were taken, where they are kept.
    private var frames: [UInt8] = []
    private let keepsFrames: Bool

    private static let wantedMeasurements = 4

    /// - Parameter keepsFrames: whether the bytes of the frames are kept for `takeFrames`.
    package init(keepsFrames: Bool = false) {
        self.keepsFrames = keepsFrames
    }

    /// Whether END was received.
    package var hasEnded: Bool { state == .ended }

    /// Takes what the collector sent.
    ///
    /// - Parameters:
    ///   - now: the client's clock, CLOCK_REALTIME in nanoseconds.
    ///   - body: called for each event.
    package mutating func receive(
        _ bytes: Span<UInt8>,
        at now: Int64,
        _ body: (Event) -> Void
    ) throws(ConversationError) {
        var messages: [CollectorMessage] = []
        // Of each message where its frame ends in the bytes of all.
        var ends: [Int] = []
        var received: [UInt8] = []
        var failure: ConversationError?
        do {
            try reader.readFrames(bytes) { message, frame in
                messages.append(message)
                guard keepsFrames else { return }
                received.reserveCapacity(received.count + frame.count)
                for index in frame.indices { received.append(frame[index]) }
                ends.append(received.count)
            }
        } catch {
            failure = (error as? FrameError).map { .broken($0) } ?? .unexpected
        }
        // What came before the frame that is broken is used.
        var taken = 0
        defer { if keepsFrames, taken > 0 { frames += received[..<ends[taken - 1]] } }
        for message in messages {
            try take(message, at: now, body)
            taken += 1
        }
        if let failure { throw failure }
    }

    /// The bytes of the frames that were taken since the last time, whole ones in their order; empty where they are not
    /// kept. A FAILURE is not among them: it is told by the error.
    package mutating func takeFrames() -> [UInt8] {
        defer { frames = [] }
        return frames
    }

    /// The collector's output is over.
    package mutating func finish() throws(ConversationError) {
        do throws(FrameError) {
            try reader.finish()
        } catch {
            throw .broken(error)
        }
        if state != .ended { throw hello == nil ? .silent : .endedEarly }
    }

    /// Asks for a window or a snapshot; only after `ready`.
    package mutating func begin(_ start: Start) {
        writer.write(start)
        state = .samples
    }

    /// What is to be sent now; empty when nothing is.
    ///
    /// - Parameter now: the client's clock when it is sent, CLOCK_REALTIME in nanoseconds.
    package mutating func takeOutput(at now: Int64) -> [UInt8] {
        var output: [UInt8] = []
        writer.drain { (bytes: Span<UInt8>) throws(Never) in
            output.reserveCapacity(output.count + bytes.count)
            for index in bytes.indices { output.append(bytes[index]) }
        }
        if state == .measuresClock, !output.isEmpty { asked = now }
        return output
    }

    private mutating func take(
        _ message: CollectorMessage,
        at now: Int64,
        _ body: (Event) -> Void
    ) throws(ConversationError) {
        switch (message, state) {
        case (.hello(let hello), .awaitsHello):
            self.hello = hello
            state = .measuresClock
            writer.writeClockRequest()
        case (.clock(let clock), .measuresClock):
            let offset = ClockOffset(asked: asked, told: clock.wall, answered: now)
            if clockOffset.map({ offset.uncertainty < $0.uncertainty }) ?? true { clockOffset = offset }
            measurements += 1
            if measurements < Self.wantedMeasurements {
                writer.writeClockRequest()
            } else {
                state = .ready
                body(.ready)
            }
        case (.entries(let block), .samples): body(.entries(block))
        case (.rules(let piece), .samples): body(.rules(piece))
        case (.notice(let notice), _): body(.notice(notice))
        case (.end(let end), .samples):
            state = .ended
            writer.writeAcknowledgement()
            body(.ended(end))
        case (.failure(let notice), _): throw .failed(notice)
        default: throw .unexpected
        }
    }
}

/// Why a conversation with a collector came to nothing, or not to its end.
package enum ConversationError: Error {
    /// The collector itself said so.
    case failed(Notice)
    /// A frame cannot be read.
    case broken(FrameError)
    /// A frame came out of its turn.
    case unexpected
    /// The output ended before HELLO.
    case silent
    /// The output ended before END.
    case endedEarly
}
