import NetModel

/// What many entries of a block have in common, so that it is written once.
struct EntryKind: Equatable {
    var form: EntryForm
    var transport: TransportProtocol
    /// The transport of the reply tuple; the kernel has none that differs.
    var replyTransport: TransportProtocol
    var state: ConntrackState?
    var status: ConntrackStatus
    var mark: UInt32?
    var zone: UInt16
    var event: ConntrackEntry.Event?
    var windowMarks: WindowObservation.Marks = []
    var stateBefore: ConntrackState?

    /// A number that differs for most kinds.
    var hash: UInt64 {
        var hash = UInt64(form.rawValue) << 32 | UInt64(status.rawValue)
        hash = (hash ^ hash >> 29) &* 0x9E37_79B9_7F4A_7C15
        hash ^= UInt64(mark ?? 0) << 16 | UInt64(zone)
        hash = (hash ^ hash >> 32) &* 0xBF58_476D_1CE4_E5B9
        hash ^= UInt64(transport.rawValue) << 24 | UInt64(windowMarks.rawValue) << 16
        hash ^= UInt64(state?.rawValue ?? 0xFF) << 8 | UInt64(stateBefore?.rawValue ?? 0xFF)
        hash ^= UInt64(event?.rawValue ?? 0xFF) << 32
        hash = (hash ^ hash >> 30) &* 0x94D0_49BB_1331_11EB
        return hash ^ hash >> 31
    }
}

extension EntryKind {
    /// - Parameter timeoutBase: In seconds; what the timeouts of this kind differ from is written.
    func append(timeoutBase: UInt32, to payload: inout [UInt8]) {
        payload.appendField(1, form.rawValue)
        payload.appendField(2, transport.rawValue)
        if replyTransport != transport { payload.appendField(3, replyTransport.rawValue) }
        payload.appendField(4, state?.rawValue)
        payload.appendField(5, status.rawValue)
        payload.appendField(6, mark)
        if zone > 0 { payload.appendField(7, zone) }
        payload.appendField(8, event?.rawValue)
        if form.contains(.timeout) { payload.appendField(9, timeoutBase) }
        if windowMarks != [] { payload.appendField(10, windowMarks.rawValue) }
        payload.appendField(11, stateBefore?.rawValue)
    }

    /// Reads a kind of a block that has windows or not.
    init(
        _ fields: FieldReader,
        _ bytes: Span<UInt8>,
        hasWindows: Bool,
        timeoutBase: inout UInt32
    ) throws(FrameError.Reason) {
        self.init(form: [], transport: .tcp, replyTransport: .tcp, status: [], zone: 0)
        var transport: UInt8?
        var replyTransport: UInt8?
        timeoutBase = 0
        var fields = fields
        while let field = try fields.next(bytes) {
            switch field.number {
            case 1: form = EntryForm(rawValue: try field.unsigned())
            case 2: transport = try field.unsigned()
            case 3: replyTransport = try field.unsigned()
            case 4: state = try field.choice()
            case 5: status = ConntrackStatus(rawValue: try field.unsigned())
            case 6: mark = try field.unsigned()
            case 7: zone = try field.unsigned()
            case 8: event = try field.choice()
            case 9: timeoutBase = try field.unsigned()
            case 10: windowMarks = WindowObservation.Marks(rawValue: try field.unsigned())
            case 11: stateBefore = try field.choice()
            default: break
            }
        }
        guard let transport else { throw .undecodable("ENTRIES: a kind has no transport") }
        self.transport = TransportProtocol(rawValue: transport)
        self.replyTransport = TransportProtocol(rawValue: replyTransport ?? transport)
        try check(hasWindows: hasWindows)
    }

    private func check(hasWindows: Bool) throws(FrameError.Reason) {
        guard form.isSubset(of: .known) else { throw .undecodable("ENTRIES: a kind of an unknown form") }
        let original = form.counters(at: .original)
        let reply = form.counters(at: .reply)
        guard original != .total, reply != .total,
            original != .absent || form.counters(at: .windowOriginal) != .total,
            reply != .absent || form.counters(at: .windowReply) != .total
        else { throw .undecodable("ENTRIES: counters that are to be those of others, which there are not") }
        guard hasWindows || form.isDisjoint(with: .window) && windowMarks == [] && stateBefore == nil else {
            throw .undecodable("ENTRIES: a kind with a window in a block without windows")
        }
    }
}
