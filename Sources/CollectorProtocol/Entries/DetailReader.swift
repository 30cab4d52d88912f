import NetModel

/// Reads what no column of a block holds, entry after entry.
struct DetailReader {
    private var position: Int
    private let end: Int
    private let timeBase: Int64

    init(_ range: Range<Int>, timeBase: Int64) {
        position = range.lowerBound
        end = range.upperBound
        self.timeBase = timeBase
    }

    var isAtEnd: Bool { position == end }

    @inline(__always)
    private mutating func number(_ bytes: Span<UInt8>) throws(FrameError.Reason) -> UInt64 {
        guard let number = readVarint(bytes, &position, end: end) else {
            throw .undecodable("ENTRIES: the details break off or have a number of more than 64 bits")
        }
        return number
    }

    @inline(__always)
    mutating func timeout(_ bytes: Span<UInt8>, base: UInt32) throws(FrameError.Reason) -> UInt32 {
        let (sum, overflow) = Int64(base).addingReportingOverflow(Int64(zigzag: try number(bytes)))
        guard !overflow, let timeout = UInt32(exactly: sum) else {
            throw .undecodable("ENTRIES: a timeout is below 0 or above 32 bits")
        }
        return timeout
    }

    mutating func seconds(_ bytes: Span<UInt8>) throws(FrameError.Reason) -> UInt32 {
        guard let seconds = UInt32(exactly: try number(bytes)) else {
            throw .undecodable("ENTRIES: an age is above 32 bits")
        }
        return seconds
    }

    @inline(__always)
    mutating func time(_ bytes: Span<UInt8>) throws(FrameError.Reason) -> Timestamp {
        Timestamp(nanoseconds: timeBase &+ Int64(zigzag: try number(bytes)))
    }

    @inline(__always)
    mutating func counters(
        _ bytes: Span<UInt8>,
        _ form: EntryForm.CountersForm,
        total: Counters?
    ) throws(FrameError.Reason) -> Counters? {
        switch form {
        case .absent: nil
        case .zero: .zero
        case .given: Counters(packets: try number(bytes), bytes: try number(bytes))
        case .total: total
        }
    }
}
