/// Reads frames, of either side of the protocol, from pieces of any size as they arrive. Any bytes may come: what does
/// not fit is an error, after which nothing more is read, and what came before it has been delivered.
package struct FrameStreamReader: Sendable {
    /// The beginning of a frame whose rest has not arrived; at most one frame.
    private var pending: [UInt8] = []
    /// How many frames were read.
    private var frames: UInt64 = 0
    /// Where in the stream the next frame begins.
    private var offset: UInt64 = 0
    private var tally = StreamTally()
    private var decoder = FrameDecoder()
    private var failure: FrameError?
    /// Whether the last thing that was read is END, and nothing of another frame followed.
    private var endsWithEnd = false

    package init() {}

    /// Bytes that wait for the rest of their frame; at most `StreamFormat.longestPayload + StreamFormat.frameOverhead`.
    package var pendingCount: Int { pending.count }

    /// Whether the last thing that was read is END: all that one START asked for has arrived and fits its totals.
    package var isComplete: Bool { endsWithEnd && pending.isEmpty && failure == nil }

    /// Reads the next bytes of the stream, and gives `body` each message that is complete with them.
    ///
    /// What `body` throws ends the reading: the bytes behind that message are lost, so that the stream cannot be read
    /// on. Throws `FrameError`, and the same again at each later call.
    package mutating func read<Failure: Error>(
        _ bytes: Span<UInt8>,
        _ body: (CollectorMessage) throws(Failure) -> Void
    ) throws {
        try readFrames(bytes) { (message, _) throws(Failure) in try body(message) }
    }

    /// The same, and gives `body` with each message the bytes of its frame.
    package mutating func readFrames<Failure: Error>(
        _ bytes: Span<UInt8>,
        _ body: (CollectorMessage, Span<UInt8>) throws(Failure) -> Void
    ) throws {
        if let failure { throw failure }
        var position = 0
        while position < bytes.count {
            let rest = bytes.extracting(position...)
            if pending.isEmpty, let size = try frameSize(FrameDecoder.length(rest)), size <= rest.count {
                let frame = rest.extracting(..<size)
                try body(try message(frame), frame)
                position += size
            } else if let frame = try completed(by: rest, taken: &position) {
                // Lent out and taken back, so that its memory is used again.
                defer {
                    pending = frame
                    pending.removeAll(keepingCapacity: true)
                }
                try body(try message(frame.span), frame.span)
            }
        }
    }

    /// Says that the stream ended. Throws where that was within a frame; whether END was the last is `isComplete`.
    package mutating func finish() throws(FrameError) {
        if let failure { throw failure }
        if !pending.isEmpty { throw failed(.truncated(received: pending.count)) }
    }

    /// The size of a whole frame whose payload has `length`.
    private mutating func frameSize(_ length: UInt32?) throws(FrameError) -> Int? {
        guard let length else { return nil }
        do throws(FrameError.Reason) {
            return try FrameDecoder.size(ofFrameWith: length)
        } catch {
            throw failed(error)
        }
    }

    /// Keeps as much of `bytes` as the frame that has begun needs, counts it in `taken`, and gives the frame when it is
    /// whole.
    private mutating func completed(by bytes: Span<UInt8>, taken: inout Int) throws(FrameError) -> [UInt8]? {
        // Four bytes tell the length; no memory is taken before it is known to be allowed, nor before bytes come.
        let wanted = try frameSize(FrameDecoder.length(pending.span)) ?? 4
        let count = min(wanted - pending.count, bytes.count)
        pending.appendBytes(bytes.extracting(..<count))
        taken += count
        guard let size = try frameSize(FrameDecoder.length(pending.span)), size == pending.count else { return nil }
        var frame: [UInt8] = []
        swap(&frame, &pending)
        return frame
    }

    /// What a whole frame says.
    private mutating func message(_ frame: Span<UInt8>) throws(FrameError) -> CollectorMessage {
        do throws(FrameError.Reason) {
            let checksum = try FrameDecoder.checksum(of: frame)
            guard let kind = FrameKind(rawValue: frame[FrameDecoder.kindPosition]) else {
                throw .unknownKind(frame[FrameDecoder.kindPosition])
            }
            let message = try decoder.message(kind, frame)
            try tally.take(message, checksum: checksum)
            if case .end = message { endsWithEnd = true } else { endsWithEnd = false }
            frames += 1
            offset += UInt64(frame.count)
            return message
        } catch {
            throw failed(error)
        }
    }

    private mutating func failed(_ reason: FrameError.Reason) -> FrameError {
        let error = FrameError(frame: frames + 1, offset: offset, reason: reason)
        failure = error
        return error
    }
}
