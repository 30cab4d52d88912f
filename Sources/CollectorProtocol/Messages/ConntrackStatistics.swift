import NetModel

extension ConntrackStatistics {
    func append(to payload: inout [UInt8]) {
        payload.appendField(1, found)
        payload.appendField(2, invalid)
        payload.appendField(3, insertFailed)
        payload.appendField(4, drop)
        payload.appendField(5, earlyDrop)
        payload.appendField(6, icmpError)
        payload.appendField(7, searchRestart)
        payload.appendField(8, clashResolve)
        payload.appendField(9, chainTooLong)
    }

    init(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) {
        self.init()
        var fields = fields
        while let field = try fields.next(bytes) {
            switch field.number {
            case 1: found = try field.unsigned()
            case 2: invalid = try field.unsigned()
            case 3: insertFailed = try field.unsigned()
            case 4: drop = try field.unsigned()
            case 5: earlyDrop = try field.unsigned()
            case 6: icmpError = try field.unsigned()
            case 7: searchRestart = try field.unsigned()
            case 8: clashResolve = try field.unsigned()
            case 9: chainTooLong = try field.unsigned()
            default: break
            }
        }
    }
}
