import NetModel

/// Writes what no column of a block holds, entry after entry.
struct DetailWriter: Sendable {
    /// Longer than what is written, so that an entry's numbers are stored without asking for room one by one.
    private var bytes: [UInt8] = []
    private var count = 0
    /// What times are written as differences from: the first time of the block.
    private(set) var timeBase: Int64 = 0
    private var hasTimeBase = false

    /// More than an entry can need: a timeout and an age of 5 bytes, three times and eight counters of 10.
    private static let longestEntry = 128

    /// Appends what was written as a field.
    func append(_ field: UInt8, to payload: inout [UInt8]) {
        payload.appendField(field, bytes: bytes.span.extracting(..<count))
    }

    mutating func removeAll() {
        count = 0
        timeBase = 0
        hasTimeBase = false
    }

    @inline(__always)
    mutating func append(
        _ entry: borrowing ConntrackEntry,
        _ window: WindowObservation?,
        _ form: EntryForm,
        timeoutBase: UInt32
    ) {
        if bytes.count &- count < Self.longestEntry { grow() }
        if !hasTimeBase { setTimeBase(copy entry) }
        let timeBase = timeBase
        var position = count
        var target = bytes.mutableSpan
        if let timeout = entry.timeout {
            Self.store(signed: Int64(timeout) &- Int64(timeoutBase), &target, &position)
        }
        if let age = entry.ageSeconds { Self.store(UInt64(age), &target, &position) }
        // The differences wrap round where they do not fit; the reader's sums wrap back.
        if let start = entry.start { Self.store(signed: start.nanoseconds &- timeBase, &target, &position) }
        if let stop = entry.stop { Self.store(signed: stop.nanoseconds &- timeBase, &target, &position) }
        if let time = entry.eventTime { Self.store(signed: time.nanoseconds &- timeBase, &target, &position) }
        Self.store(entry.originalCounters, form.counters(at: .original), &target, &position)
        Self.store(entry.replyCounters, form.counters(at: .reply), &target, &position)
        if let window {
            Self.store(window.original, form.counters(at: .windowOriginal), &target, &position)
            Self.store(window.reply, form.counters(at: .windowReply), &target, &position)
        }
        count = position
    }

    private mutating func setTimeBase(_ entry: ConntrackEntry) {
        guard let time = entry.start ?? entry.stop ?? entry.eventTime else { return }
        timeBase = time.nanoseconds
        hasTimeBase = true
    }

    private mutating func grow() {
        bytes.append(contentsOf: repeatElement(0, count: max(bytes.count, 512)))
    }

    @inline(__always)
    private static func store(_ number: UInt64, _ target: inout MutableSpan<UInt8>, _ position: inout Int) {
        var rest = number
        while rest >= 0x80 {
            target[position] = UInt8(truncatingIfNeeded: rest) | 0x80
            position &+= 1
            rest &>>= 7
        }
        target[position] = UInt8(truncatingIfNeeded: rest)
        position &+= 1
    }

    @inline(__always)
    private static func store(signed number: Int64, _ target: inout MutableSpan<UInt8>, _ position: inout Int) {
        store(number.zigzag, &target, &position)
    }

    @inline(__always)
    private static func store(
        _ counters: Counters?,
        _ form: EntryForm.CountersForm,
        _ target: inout MutableSpan<UInt8>,
        _ position: inout Int
    ) {
        guard form == .given, let counters else { return }
        store(counters.packets, &target, &position)
        store(counters.bytes, &target, &position)
    }
}
