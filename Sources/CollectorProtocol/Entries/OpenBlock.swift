import NetModel

/// Entries of one address family that wait for their frame.
struct OpenBlock: Sendable {
    private let isIPv4: Bool
    /// With so many entries it is full; `StreamFormat.blockEntries` at the most.
    private let capacity: Int
    private var hasWindows = false
    private var kinds = KindDictionary()
    /// Of each entry the index of its kind.
    private var kindIndices: [UInt8] = []
    private var original = TupleColumns()
    /// Only what differs from the original tuple inverted.
    private var reply = TupleColumns()
    private var details = DetailWriter()

    init(isIPv4: Bool, capacity: Int) {
        self.isIPv4 = isIPv4
        self.capacity = capacity
    }

    /// Adds an entry of this block's family; a block that has no room for it becomes a frame of `output` before.
    mutating func add(_ entry: borrowing ConntrackEntry, window: WindowObservation?, to output: inout FrameOutput) {
        if kindIndices.count == capacity || hasWindows != (window != nil) {
            close(to: &output)
            hasWindows = window != nil
        }
        let inverted = entry.original.inverted
        let kind = EntryKind(entry, inverted: inverted, window: window)
        let index: UInt8
        if let known = kinds.index(of: kind, timeout: entry.timeout ?? 0) {
            index = known
        } else {
            close(to: &output)
            // The first of an empty block.
            index = kinds.index(of: kind, timeout: entry.timeout ?? 0) ?? 0
        }
        kindIndices.append(index)
        original.source.append(entry.original.source, isIPv4: isIPv4)
        original.destination.append(entry.original.destination, isIPv4: isIPv4)
        original.sourcePort.append(entry.original.sourcePort)
        original.destinationPort.append(entry.original.destinationPort)
        let form = kind.form
        if form.has(.replySource) { reply.source.append(entry.reply.source, isIPv4: isIPv4) }
        if form.has(.replyDestination) { reply.destination.append(entry.reply.destination, isIPv4: isIPv4) }
        if form.has(.replySourcePort) { reply.sourcePort.append(entry.reply.sourcePort) }
        if form.has(.replyDestinationPort) { reply.destinationPort.append(entry.reply.destinationPort) }
        details.append(entry, window, form, timeoutBase: kinds.timeoutBases[Int(index)])
    }

    /// Makes a frame of what is there, and is empty afterwards; does nothing when it was before.
    mutating func close(to output: inout FrameOutput) {
        guard !kindIndices.isEmpty else { return }
        output.append(.entries, entries: kindIndices.count) { payload in
            payload.appendField(1, isIPv4 ? 4 as UInt64 : 6)
            payload.appendField(2, hasWindows)
            payload.appendField(3, signed: details.timeBase)
            for (index, kind) in kinds.kinds.enumerated() {
                payload.appendField(4) { kind.append(timeoutBase: kinds.timeoutBases[index], to: &$0) }
            }
            payload.appendField(5, bytes: kindIndices.span)
            original.append(6, isIPv4: isIPv4, to: &payload)
            reply.append(10, isIPv4: isIPv4, to: &payload)
            details.append(14, to: &payload)
        }
        kinds.removeAll()
        kindIndices.removeAll(keepingCapacity: true)
        original.removeAll()
        reply.removeAll()
        details.removeAll()
    }
}

extension EntryKind {
    @inline(__always)
    fileprivate init(_ entry: borrowing ConntrackEntry, inverted: Tuple, window: WindowObservation?) {
        // Bits and `==`: the sets' union and literal, and `!=`, are calls that are not specialised.
        var bits: UInt32 = 0
        if !(entry.reply.source == inverted.source) { bits |= EntryForm.replySource.rawValue }
        if !(entry.reply.destination == inverted.destination) { bits |= EntryForm.replyDestination.rawValue }
        if entry.reply.sourcePort != inverted.sourcePort { bits |= EntryForm.replySourcePort.rawValue }
        if entry.reply.destinationPort != inverted.destinationPort { bits |= EntryForm.replyDestinationPort.rawValue }
        if entry.timeout != nil { bits |= EntryForm.timeout.rawValue }
        if entry.ageSeconds != nil { bits |= EntryForm.age.rawValue }
        if entry.start != nil { bits |= EntryForm.start.rawValue }
        if entry.stop != nil { bits |= EntryForm.stop.rawValue }
        if entry.eventTime != nil { bits |= EntryForm.eventTime.rawValue }
        bits |= EntryForm(.init(entry.originalCounters, total: nil), at: .original).rawValue
        bits |= EntryForm(.init(entry.replyCounters, total: nil), at: .reply).rawValue
        if let window {
            bits |= EntryForm(.init(window.original, total: entry.originalCounters), at: .windowOriginal).rawValue
            bits |= EntryForm(.init(window.reply, total: entry.replyCounters), at: .windowReply).rawValue
        }
        self.init(
            form: EntryForm(rawValue: bits),
            transport: entry.original.transport,
            replyTransport: entry.reply.transport,
            state: entry.state,
            status: entry.status,
            mark: entry.mark,
            zone: entry.zone,
            event: entry.event,
            windowMarks: WindowObservation.Marks(rawValue: window?.marks.rawValue ?? 0),
            stateBefore: window?.stateBefore
        )
    }
}

extension EntryForm.CountersForm {
    @inline(__always)
    fileprivate init(_ counters: Counters?, total: Counters?) {
        guard let counters else {
            self = .absent
            return
        }
        if counters.packets == 0, counters.bytes == 0 {
            self = .zero
        } else if let total, counters.packets == total.packets, counters.bytes == total.bytes {
            self = .total
        } else {
            self = .given
        }
    }
}
