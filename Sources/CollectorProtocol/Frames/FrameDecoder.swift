/// Makes messages of whole frames, whichever stream or file they are in. Keeps its memory for the next one.
struct FrameDecoder: Sendable {
    private var blockDecoder = BlockDecoder()

    /// Where in a frame its kind is.
    static let kindPosition = 4

    /// Where in a frame its payload is.
    static func payload(of frame: Span<UInt8>) -> Range<Int> {
        kindPosition + 1..<frame.count - 4
    }

    /// The length that the frame that begins with `bytes` says its payload has; nil where not even that is there.
    static func length(_ bytes: Span<UInt8>) -> UInt32? {
        bytes.count < 4 ? nil : littleEndian(bytes, at: 0)
    }

    /// The size of a whole frame whose payload has `length`.
    static func size(ofFrameWith length: UInt32) throws(FrameError.Reason) -> Int {
        guard length <= StreamFormat.longestPayload else { throw .tooLong(length) }
        return Int(length) + StreamFormat.frameOverhead
    }

    /// The checksum of a whole frame, which it says itself.
    static func saidChecksum(of frame: Span<UInt8>) -> UInt32 {
        littleEndian(frame, at: frame.count - 4)
    }

    /// The checksum of a whole frame; throws where it says another.
    static func checksum(of frame: Span<UInt8>) throws(FrameError.Reason) -> UInt32 {
        var computed = CRC32()
        computed.update(frame.extracting(kindPosition..<frame.count - 4))
        let checksum = saidChecksum(of: frame)
        guard checksum == computed.value else { throw .wrongChecksum }
        return checksum
    }

    /// What a whole frame says, whose kind and checksum were looked at.
    mutating func message(_ kind: FrameKind, _ frame: Span<UInt8>) throws(FrameError.Reason) -> CollectorMessage {
        let payload = Self.payload(of: frame)
        switch kind {
        case .hello: return .hello(try Hello(FieldReader(payload, of: "HELLO"), frame))
        case .clockRequest:
            try Self.passOver(FieldReader(payload, of: "CLOCK REQUEST"), frame)
            return .clockRequest
        case .clock: return .clock(try ClockReading(FieldReader(payload, of: "CLOCK"), frame))
        case .start: return .start(try Start(FieldReader(payload, of: "START"), frame))
        case .entries: return .entries(try blockDecoder.decode(FieldReader(payload, of: "ENTRIES"), frame))
        case .rules: return .rules(try RulesPiece(FieldReader(payload, of: "RULES"), frame))
        case .notice: return .notice(try Notice(FieldReader(payload, of: "NOTICE"), frame))
        case .end: return .end(try End(FieldReader(payload, of: "END"), frame))
        case .acknowledgement:
            try Self.passOver(FieldReader(payload, of: "ACKNOWLEDGEMENT"), frame)
            return .acknowledgement
        case .failure: return .failure(try Notice(FieldReader(payload, of: "FAILURE"), frame))
        }
    }

    /// Reads a message that has no fields, as far as this version knows.
    private static func passOver(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) {
        var fields = fields
        while try fields.next(bytes) != nil {}
    }

    private static func littleEndian(_ bytes: Span<UInt8>, at position: Int) -> UInt32 {
        var number: UInt32 = 0
        for byte in 0..<4 { number |= UInt32(bytes[position + byte]) << UInt32(8 * byte) }
        return number
    }
}
