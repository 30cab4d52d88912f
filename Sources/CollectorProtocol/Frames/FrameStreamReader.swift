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
    private var blockDecoder = BlockDecoder()
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
        if let failure { throw failure }
        var position = 0
        while position < bytes.count {
            let rest = bytes.extracting(position...)
            if pending.isEmpty, let size = try frameSize(Self.length(rest)), size <= rest.count {
                try body(try message(rest.extracting(..<size)))
                position += size
            } else if let frame = try completed(by: rest, taken: &position) {
                // Lent out and taken back, so that its memory is used again.
                defer {
                    pending = frame
                    pending.removeAll(keepingCapacity: true)
                }
                try body(try message(frame.span))
            }
        }
    }

    /// Says that the stream ended. Throws where that was within a frame; whether END was the last is `isComplete`.
    package mutating func finish() throws(FrameError) {
        if let failure { throw failure }
        if !pending.isEmpty { throw failed(.truncated(received: pending.count)) }
    }

    /// The length that the frame that begins with `bytes` says its payload has; nil where not even that is there.
    private static func length(_ bytes: Span<UInt8>) -> UInt32? {
        bytes.count < 4 ? nil : littleEndian(bytes, at: 0)
    }

    /// The size of a whole frame whose payload has `length`.
    private mutating func frameSize(_ length: UInt32?) throws(FrameError) -> Int? {
        guard let length else { return nil }
        guard length <= StreamFormat.longestPayload else { throw failed(.tooLong(length)) }
        return Int(length) + StreamFormat.frameOverhead
    }

    /// Keeps as much of `bytes` as the frame that has begun needs, counts it in `taken`, and gives the frame when it is
    /// whole.
    private mutating func completed(by bytes: Span<UInt8>, taken: inout Int) throws(FrameError) -> [UInt8]? {
        // Four bytes tell the length; no memory is taken before it is known to be allowed, nor before bytes come.
        let wanted = try frameSize(Self.length(pending.span)) ?? 4
        let count = min(wanted - pending.count, bytes.count)
        pending.appendBytes(bytes.extracting(..<count))
        taken += count
        guard let size = try frameSize(Self.length(pending.span)), size == pending.count else { return nil }
        var frame: [UInt8] = []
        swap(&frame, &pending)
        return frame
    }

    /// What a whole frame says.
    private mutating func message(_ frame: Span<UInt8>) throws(FrameError) -> CollectorMessage {
        do throws(FrameError.Reason) {
            let message = try decode(frame)
            if case .end = message { endsWithEnd = true } else { endsWithEnd = false }
            frames += 1
            offset += UInt64(frame.count)
            return message
        } catch {
            throw failed(error)
        }
    }

    private mutating func decode(_ frame: Span<UInt8>) throws(FrameError.Reason) -> CollectorMessage {
        let payloadEnd = frame.count - 4
        var computed = CRC32()
        computed.update(frame.extracting(4..<payloadEnd))
        let checksum = Self.littleEndian(frame, at: payloadEnd)
        guard checksum == computed.value else { throw .wrongChecksum }
        guard let kind = FrameKind(rawValue: frame[4]) else { throw .unknownKind(frame[4]) }

        let payload = 5..<payloadEnd
        let message: CollectorMessage
        var entries = 0
        switch kind {
        case .hello: message = .hello(try Hello(FieldReader(payload, of: "HELLO"), frame))
        case .clockRequest:
            try Self.passOver(FieldReader(payload, of: "CLOCK REQUEST"), frame)
            message = .clockRequest
        case .clock: message = .clock(try ClockReading(FieldReader(payload, of: "CLOCK"), frame))
        case .start: message = .start(try Start(FieldReader(payload, of: "START"), frame))
        case .entries:
            let block = try blockDecoder.decode(FieldReader(payload, of: "ENTRIES"), frame)
            entries = block.entries.count
            message = .entries(block)
        case .rules: message = .rules(try RulesPiece(FieldReader(payload, of: "RULES"), frame))
        case .notice: message = .notice(try Notice(FieldReader(payload, of: "NOTICE"), frame))
        case .end:
            let end = try End(FieldReader(payload, of: "END"), frame)
            try tally.check(end)
            message = .end(end)
        case .acknowledgement:
            try Self.passOver(FieldReader(payload, of: "ACKNOWLEDGEMENT"), frame)
            message = .acknowledgement
        case .failure: message = .failure(try Notice(FieldReader(payload, of: "FAILURE"), frame))
        }
        tally.note(kind, checksum: checksum, entries: entries)
        return message
    }

    /// Reads a message that has no fields, as far as this version knows.
    private static func passOver(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) {
        var fields = fields
        while try fields.next(bytes) != nil {}
    }

    private mutating func failed(_ reason: FrameError.Reason) -> FrameError {
        let error = FrameError(frame: frames + 1, offset: offset, reason: reason)
        failure = error
        return error
    }

    private static func littleEndian(_ bytes: Span<UInt8>, at position: Int) -> UInt32 {
        var number: UInt32 = 0
        for byte in 0..<4 { number |= UInt32(bytes[position + byte]) << UInt32(8 * byte) }
        return number
    }
}
