/// A node's two clocks, read at one moment.
package struct ClockReading: Hashable, Sendable {
    /// CLOCK_REALTIME in nanoseconds since 1970.
    package var wall: Int64
    /// CLOCK_MONOTONIC in nanoseconds.
    package var monotonic: Int64

    package init(wall: Int64, monotonic: Int64) {
        self.wall = wall
        self.monotonic = monotonic
    }
}

extension ClockReading {
    func append(to payload: inout [UInt8]) {
        payload.appendField(1, signed: wall)
        payload.appendField(2, signed: monotonic)
    }

    init(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) {
        self.init(wall: 0, monotonic: 0)
        var fields = fields
        while let field = try fields.next(bytes) {
            switch field.number {
            case 1: wall = try field.signed()
            case 2: monotonic = try field.signed()
            default: break
            }
        }
    }
}
