/// Frames that wait to be sent, and the totals of those since the last END.
struct FrameOutput: Sendable {
    var bytes: [UInt8] = []
    private(set) var tally = StreamTally()

    /// Appends a frame with the payload that `body` appends, which may not be longer than
    /// `StreamFormat.longestPayload`.
    mutating func append(_ kind: FrameKind, entries: Int = 0, payload body: (inout [UInt8]) -> Void = { _ in }) {
        let start = bytes.count
        appendLittleEndian(0)
        bytes.append(kind.rawValue)
        body(&bytes)
        let length = UInt32(truncatingIfNeeded: bytes.count - start - 5)
        for byte in 0..<4 { bytes[start + byte] = UInt8(truncatingIfNeeded: length >> UInt32(8 * byte)) }
        var checksum = CRC32()
        checksum.update(bytes.span.extracting((start + 4)...))
        appendLittleEndian(checksum.value)
        tally.note(kind, checksum: checksum.value, entries: entries)
    }

    private mutating func appendLittleEndian(_ number: UInt32) {
        for byte in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: number >> UInt32(8 * byte))) }
    }
}
