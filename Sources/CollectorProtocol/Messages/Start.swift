/// What the client asks of a collector.
package struct Start: Hashable, Sendable {
    /// When to begin, CLOCK_REALTIME of the node in nanoseconds since 1970, so that the windows of several nodes
    /// coincide; 0 for at once.
    package var beginAt: Int64
    /// The length of the window in nanoseconds; 0 for a snapshot, one dump without events.
    package var window: Int64
    /// For how long at the most the collector lives after it got this, in nanoseconds.
    package var deadline: Int64
    /// Whether the packet filter's rules are wanted, with their counters.
    package var wantsRules: Bool
    /// Whether accounting and timestamps are to be switched on for the run.
    package var enablesAccounting: Bool
    /// The buffer for events in bytes; 0 for the collector's own choice.
    package var eventBuffer: UInt32

    package init(
        beginAt: Int64 = 0,
        window: Int64 = 0,
        deadline: Int64,
        wantsRules: Bool = true,
        enablesAccounting: Bool = false,
        eventBuffer: UInt32 = 0
    ) {
        self.beginAt = beginAt
        self.window = window
        self.deadline = deadline
        self.wantsRules = wantsRules
        self.enablesAccounting = enablesAccounting
        self.eventBuffer = eventBuffer
    }
}

extension Start {
    func append(to payload: inout [UInt8]) {
        payload.appendField(1, signed: beginAt)
        payload.appendField(2, signed: window)
        payload.appendField(3, signed: deadline)
        payload.appendField(4, wantsRules)
        payload.appendField(5, enablesAccounting)
        payload.appendField(6, eventBuffer)
    }

    init(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) {
        self.init(deadline: 0, wantsRules: false)
        var hasDeadline = false
        var fields = fields
        while let field = try fields.next(bytes) {
            switch field.number {
            case 1: beginAt = try field.signed()
            case 2: window = try field.signed()
            case 3:
                deadline = try field.signed()
                hasDeadline = true
            case 4: wantsRules = try field.boolean()
            case 5: enablesAccounting = try field.boolean()
            case 6: eventBuffer = try field.unsigned()
            default: break
            }
        }
        guard hasDeadline else { throw .undecodable("START: the deadline is missing") }
    }
}
