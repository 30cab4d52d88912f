/// Frames that wait to be sent, and the totals of those since the last END.
struct FrameOutput: Sendable {
    var bytes: [UInt8] = []
    private(set) var tally = StreamTally()

    /// Appends a frame with the payload that `body` appends, which may not be longer than
    /// `StreamFormat.longestPayload`.
    mutating func append(_ kind: FrameKind, entries: Int = 0, payload body: (inout [UInt8]) -> Void = { _ in }) {
        let checksum = bytes.appendFrame(kind.rawValue, payload: body)
        tally.note(kind, checksum: checksum, entries: entries)
    }
}
