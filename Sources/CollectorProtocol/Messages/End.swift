package import NetModel

/// The last message of what one START asked for.
package struct End: Hashable, Sendable {
    /// Entries in all `entries` frames.
    package var entries: UInt64 = 0
    /// Frames since HELLO, the last END or the last FAILURE, none of these counted.
    package var frames: UInt64 = 0
    /// The CRC-32 of the checksums of those frames, four bytes each, lowest first, in their order.
    package var checksum: UInt32 = 0
    /// When the first dump began, CLOCK_REALTIME of the node in nanoseconds since 1970.
    package var began: Int64 = 0
    /// When the last dump ended.
    package var ended: Int64 = 0
    /// From the beginning of the first dump to that of the second, CLOCK_MONOTONIC, in nanoseconds: the time between two
    /// readings of one connection, since both dumps show them in about the same order. 0 for a snapshot.
    package var window: Int64 = 0
    package var losses = Losses()
    /// At the end; nil where it could not be read.
    package var statistics: ConntrackStatistics?
    /// The same over the window; nil for a snapshot.
    package var statisticsOfWindow: ConntrackStatistics?
    /// `nf_conntrack_count` at the end.
    package var tableCount: UInt32?
    /// `nf_conntrack_max` at the end.
    package var tableMaximum: UInt32?
    /// `nf_conntrack_events` as far as what was heard tells it, where the node's facts do not: 2 where a NEW event came.
    package var eventsMode: UInt8?

    package init() {}
}

extension End {
    func append(to payload: inout [UInt8]) {
        payload.appendField(1, entries)
        payload.appendField(2, frames)
        payload.appendField(3, checksum)
        payload.appendField(4, signed: began)
        payload.appendField(5, signed: ended)
        payload.appendField(6, signed: window)
        payload.appendField(7, message: losses.append)
        if let statistics { payload.appendField(8, message: statistics.append) }
        if let statisticsOfWindow { payload.appendField(9, message: statisticsOfWindow.append) }
        payload.appendField(10, tableCount)
        payload.appendField(11, tableMaximum)
        payload.appendField(12, eventsMode)
    }

    init(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) {
        self.init()
        var fields = fields
        while let field = try fields.next(bytes) {
            switch field.number {
            case 1: entries = try field.unsigned()
            case 2: frames = try field.unsigned()
            case 3: checksum = try field.unsigned()
            case 4: began = try field.signed()
            case 5: ended = try field.signed()
            case 6: window = try field.signed()
            case 7: losses = try Losses(field.message("END, losses"), bytes)
            case 8: statistics = try ConntrackStatistics(field.message("END, statistics"), bytes)
            case 9: statisticsOfWindow = try ConntrackStatistics(field.message("END, statistics of the window"), bytes)
            case 10: tableCount = try field.unsigned()
            case 11: tableMaximum = try field.unsigned()
            case 12: eventsMode = try field.unsigned()
            default: break
            }
        }
    }
}
