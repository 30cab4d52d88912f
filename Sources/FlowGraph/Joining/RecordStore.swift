/// Records in segments of equal size: growing never copies what is there, so a million connections are written once
/// and the peak of memory is what they take.
struct RecordStore: Sendable, RandomAccessCollection {
    private static let segmentBits = 14
    private static let segmentMask = 1 << segmentBits - 1
    private var segments: [[ConnectionRecord]] = []
    private(set) var count = 0

    var startIndex: Int { 0 }
    var endIndex: Int { count }

    subscript(index: Int) -> ConnectionRecord {
        @inline(__always) get { segments[index >> Self.segmentBits][index & Self.segmentMask] }
        @inline(__always) set { segments[index >> Self.segmentBits][index & Self.segmentMask] = newValue }
    }

    mutating func append(_ record: ConnectionRecord) {
        if count & Self.segmentMask == 0 {
            var segment: [ConnectionRecord] = []
            segment.reserveCapacity(1 << Self.segmentBits)
            segments.append(segment)
        }
        segments[count >> Self.segmentBits].append(record)
        count += 1
    }

    /// Gives back the memory of a segment once the last of its records was read; none of them can be read again.
    mutating func forgetSegment(endingWith index: Int) {
        if index & Self.segmentMask == Self.segmentMask { segments[index >> Self.segmentBits] = [] }
    }
}
