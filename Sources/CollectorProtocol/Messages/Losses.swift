/// What a collector knows to have missed.
package struct Losses: Hashable, Sendable {
    /// Events that were received.
    package var events: UInt64 = 0
    /// How often the kernel said that events did not fit the buffer (ENOBUFS), or the stream of events broke off; how
    /// many were lost each time nobody knows.
    package var eventOverruns: UInt64 = 0
    /// How often a dump was begun anew because the table changed under it (NLM_F_DUMP_INTR).
    package var interruptedDumps: UInt64 = 0
    /// Connections whose differences were not computed, because more would not fit the collector's memory.
    package var untracked: UInt64 = 0
    /// Connections whose counters went down within the window.
    package var countersWentDown: UInt64 = 0
    /// Messages of the kernel that could not be decoded.
    package var undecodable: UInt64 = 0

    package init() {}
}

extension Losses {
    func append(to payload: inout [UInt8]) {
        payload.appendField(1, events)
        payload.appendField(2, eventOverruns)
        payload.appendField(3, interruptedDumps)
        payload.appendField(4, untracked)
        payload.appendField(5, countersWentDown)
        payload.appendField(6, undecodable)
    }

    init(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) {
        self.init()
        var fields = fields
        while let field = try fields.next(bytes) {
            switch field.number {
            case 1: events = try field.unsigned()
            case 2: eventOverruns = try field.unsigned()
            case 3: interruptedDumps = try field.unsigned()
            case 4: untracked = try field.unsigned()
            case 5: countersWentDown = try field.unsigned()
            case 6: undecodable = try field.unsigned()
            default: break
            }
        }
    }
}
