/// Cuts a stream that comes in chunks into units whose length their first bytes tell. A unit that lies within a chunk is
/// read where it lies; of one that does not, what came is kept until it is whole.
struct ProtobufUnits: Sendable {
    /// What the bytes at hand begin with.
    enum Step {
        /// A unit of so many bytes, which the next call reads or has read.
        case took(Int)
        /// So many bytes are passed over, now and as they come.
        case skip(Int)
        /// At least so many bytes must be at hand.
        case needs(Int)
    }

    private var kept: [UInt8] = []
    private var skipped = 0
    private var needed = 1
    /// Bytes of the stream before the next one that no unit was made of.
    private(set) var offset = 0

    /// Whether no unit has begun.
    var isBetweenUnits: Bool { kept.isEmpty && skipped == 0 }

    /// Goes through the bytes that come next.
    ///
    /// - Parameter step: looks at the bytes from the second argument on, which begin at the third's offset of the
    ///   stream, and says what they begin with.
    mutating func append(
        _ chunk: Span<UInt8>,
        step: (_ bytes: Span<UInt8>, _ position: Int, _ offset: Int) throws(StreamError) -> Step
    ) throws(StreamError) {
        var position = 0
        while position < chunk.count {
            if skipped > 0 {
                let count = min(skipped, chunk.count - position)
                skipped -= count
                position += count
                offset += count
            } else if kept.isEmpty {
                switch try step(chunk, position, offset) {
                case .took(let count):
                    position += count
                    offset += count
                case .skip(let count): skipped = count
                case .needs(let count):
                    needed = count
                    keep(chunk.extracting(position..<chunk.count))
                    return
                }
            } else {
                // No more than the unit at hand needs, so that those that follow are read where they lie.
                let count = min(max(needed - kept.count, 1), chunk.count - position)
                keep(chunk.extracting(position..<position + count))
                position += count
                guard kept.count >= needed else { continue }
                switch try step(kept.span, 0, offset) {
                case .took(let count):
                    offset += count
                    kept.removeSubrange(0..<count)
                case .skip(let count):
                    skipped = count - kept.count
                    offset += kept.count
                    kept.removeAll(keepingCapacity: true)
                case .needs(let count): needed = count
                }
            }
        }
    }

    private mutating func keep(_ bytes: Span<UInt8>) {
        kept.reserveCapacity(max(needed, kept.count + bytes.count))
        // Safe: the bytes are copied while they are borrowed.
        unsafe bytes.withUnsafeBufferPointer { unsafe kept.append(contentsOf: $0) }
    }
}
