/// Ports, on their way to a block or from one.
struct PortColumn: Sendable {
    private var values: [UInt64] = []

    @inline(__always)
    mutating func append(_ port: UInt16) {
        values.append(UInt64(port))
    }

    mutating func removeAll() {
        values.removeAll(keepingCapacity: true)
    }

    /// Appends the column as a field; nothing where it is empty.
    func append(_ field: UInt8, to payload: inout [UInt8]) {
        guard !values.isEmpty else { return }
        payload.appendFieldHead(field, count: [UInt8].planesLength(values, width: 2))
        payload.appendPlanes(values, width: 2)
    }

    /// Reads `count` ports, which have to fill `range`, in place of those it held.
    mutating func read(_ bytes: Span<UInt8>, _ range: Range<Int>?, count: Int) throws(FrameError.Reason) {
        try requireColumn(range, count: count)
        guard let range, count > 0 else { return removeAll() }
        var position = range.lowerBound
        try readPlanes(bytes, &position, end: range.upperBound, width: 2, count: count, into: &values)
        guard position == range.upperBound else { throw .undecodable("ENTRIES: a column of ports is too long") }
    }

    @inline(__always)
    func port(_ index: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: values[index])
    }
}
