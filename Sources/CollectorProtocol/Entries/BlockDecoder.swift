import NetModel

/// Makes entries of the payload of an `entries` frame. Keeps its memory for the next one.
struct BlockDecoder: Sendable {
    private var kinds: [EntryKind] = []
    private var timeoutBases: [UInt32] = []
    private var original = TupleColumns()
    private var reply = TupleColumns()

    /// The fields of a block, before they are looked into.
    private struct Layout {
        var isIPv4 = true
        var hasWindows = false
        var timeBase: Int64 = 0
        var kinds: [FieldReader] = []
        var kindIndices: Range<Int>?
        /// Those of the original tuple, then those of the reply.
        var columns = InlineArray<8, Range<Int>?>(repeating: nil)
        var details: Range<Int>?
    }

    mutating func decode(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) -> EntryBlock {
        let layout = try layout(fields, bytes)
        guard let indexRange = layout.kindIndices, !indexRange.isEmpty else {
            throw .undecodable("ENTRIES: there is no entry")
        }
        // The count is that of bytes that are there, so that no other count can lie.
        guard indexRange.count <= StreamFormat.blockEntries else {
            throw .undecodable("ENTRIES: \(indexRange.count) entries, more than \(StreamFormat.blockEntries)")
        }
        try readKinds(layout, bytes)
        let indices = bytes.extracting(indexRange)
        try readColumns(layout, bytes, indices)
        return try entries(layout, bytes, indices)
    }

    private func layout(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) -> Layout {
        var layout = Layout()
        var family: UInt64?
        var fields = fields
        while let field = try fields.next(bytes) {
            switch field.number {
            case 1: family = try field.unsigned()
            case 2: layout.hasWindows = try field.boolean()
            case 3: layout.timeBase = try field.signed()
            case 4:
                guard layout.kinds.count < StreamFormat.blockKinds else {
                    throw .undecodable("ENTRIES: more than \(StreamFormat.blockKinds) kinds")
                }
                layout.kinds.append(try field.message("ENTRIES, kind"))
            case 5: layout.kindIndices = try field.range()
            case 6...13: layout.columns[Int(field.number) - 6] = try field.range()
            case 14: layout.details = try field.range()
            default: break
            }
        }
        guard family == 4 || family == 6 else { throw .undecodable("ENTRIES: the address family is neither 4 nor 6") }
        layout.isIPv4 = family == 4
        return layout
    }

    private mutating func readKinds(_ layout: Layout, _ bytes: Span<UInt8>) throws(FrameError.Reason) {
        kinds.removeAll(keepingCapacity: true)
        timeoutBases.removeAll(keepingCapacity: true)
        for fields in layout.kinds {
            var timeoutBase: UInt32 = 0
            kinds.append(try EntryKind(fields, bytes, hasWindows: layout.hasWindows, timeoutBase: &timeoutBase))
            timeoutBases.append(timeoutBase)
        }
    }

    private mutating func readColumns(
        _ layout: Layout,
        _ bytes: Span<UInt8>,
        _ indices: Span<UInt8>
    ) throws(FrameError.Reason) {
        var uses = InlineArray<256, Int>(repeating: 0)
        for row in 0..<indices.count { uses[Int(indices[row])] &+= 1 }
        var counts = InlineArray<8, Int>(repeating: 0)
        for index in 0..<256 where uses[index] > 0 {
            guard index < kinds.count else { throw .undecodable("ENTRIES: an entry of a kind that is not there") }
            for part in 0..<4 {
                counts[part] += uses[index]
                if kinds[index].form.rawValue >> UInt32(part) & 1 == 1 { counts[part + 4] += uses[index] }
            }
        }
        let columns = layout.columns
        let isIPv4 = layout.isIPv4
        try original.source.read(bytes, columns[0], count: counts[0], isIPv4: isIPv4)
        try original.destination.read(bytes, columns[1], count: counts[1], isIPv4: isIPv4)
        try original.sourcePort.read(bytes, columns[2], count: counts[2])
        try original.destinationPort.read(bytes, columns[3], count: counts[3])
        try reply.source.read(bytes, columns[4], count: counts[4], isIPv4: isIPv4)
        try reply.destination.read(bytes, columns[5], count: counts[5], isIPv4: isIPv4)
        try reply.sourcePort.read(bytes, columns[6], count: counts[6])
        try reply.destinationPort.read(bytes, columns[7], count: counts[7])
    }

    private func entries(
        _ layout: Layout,
        _ bytes: Span<UInt8>,
        _ indices: Span<UInt8>
    ) throws(FrameError.Reason) -> EntryBlock {
        let isIPv4 = layout.isIPv4
        var details = DetailReader(layout.details ?? 0..<0, timeBase: layout.timeBase)
        var block = EntryBlock(entries: [])
        block.entries.reserveCapacity(indices.count)
        if layout.hasWindows { block.windows.reserveCapacity(indices.count) }
        var next = (source: 0, destination: 0, sourcePort: 0, destinationPort: 0)
        for row in 0..<indices.count {
            let index = Int(indices[row])
            let kind = kinds[index]
            let form = kind.form
            let tuple = Tuple(
                source: original.source.address(row, isIPv4: isIPv4),
                sourcePort: original.sourcePort.port(row),
                destination: original.destination.address(row, isIPv4: isIPv4),
                destinationPort: original.destinationPort.port(row),
                transport: kind.transport
            )
            var answer = tuple.inverted
            answer.transport = kind.replyTransport
            if form.has(.replySource) {
                answer.source = reply.source.address(next.source, isIPv4: isIPv4)
                next.source &+= 1
            }
            if form.has(.replyDestination) {
                answer.destination = reply.destination.address(next.destination, isIPv4: isIPv4)
                next.destination &+= 1
            }
            if form.has(.replySourcePort) {
                answer.sourcePort = reply.sourcePort.port(next.sourcePort)
                next.sourcePort &+= 1
            }
            if form.has(.replyDestinationPort) {
                answer.destinationPort = reply.destinationPort.port(next.destinationPort)
                next.destinationPort &+= 1
            }
            var entry = ConntrackEntry(
                original: tuple,
                reply: answer,
                event: kind.event,
                state: kind.state,
                status: kind.status,
                mark: kind.mark,
                zone: kind.zone
            )
            if form.has(.timeout) { entry.timeout = try details.timeout(bytes, base: timeoutBases[index]) }
            if form.has(.age) { entry.ageSeconds = try details.seconds(bytes) }
            if form.has(.start) { entry.start = try details.time(bytes) }
            if form.has(.stop) { entry.stop = try details.time(bytes) }
            if form.has(.eventTime) { entry.eventTime = try details.time(bytes) }
            entry.originalCounters = try details.counters(bytes, form.counters(at: .original), total: nil)
            entry.replyCounters = try details.counters(bytes, form.counters(at: .reply), total: nil)
            if layout.hasWindows {
                var window = WindowObservation(marks: kind.windowMarks, stateBefore: kind.stateBefore)
                window.original = try details.counters(
                    bytes, form.counters(at: .windowOriginal), total: entry.originalCounters)
                window.reply = try details.counters(bytes, form.counters(at: .windowReply), total: entry.replyCounters)
                block.windows.append(window)
            }
            block.entries.append(entry)
        }
        guard details.isAtEnd else { throw .undecodable("ENTRIES: details that belong to no entry") }
        return block
    }
}
