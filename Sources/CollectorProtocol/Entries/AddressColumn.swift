import NetModel

/// Addresses of one family, on their way to a block or from one.
struct AddressColumn: Sendable {
    /// The upper halves; empty for IPv4.
    private var high: [UInt64] = []
    private var low: [UInt64] = []

    var isEmpty: Bool { low.isEmpty }

    @inline(__always)
    mutating func append(_ address: IPAddress, isIPv4: Bool) {
        if !isIPv4 { high.append(address.high) }
        low.append(address.low)
    }

    mutating func removeAll() {
        high.removeAll(keepingCapacity: true)
        low.removeAll(keepingCapacity: true)
    }

    /// Appends the column as a field; nothing where it is empty.
    func append(_ field: UInt8, isIPv4: Bool, to payload: inout [UInt8]) {
        guard !isEmpty else { return }
        if isIPv4 {
            payload.appendFieldHead(field, count: [UInt8].planesLength(low, width: 4))
            payload.appendPlanes(low, width: 4)
        } else {
            let length = [UInt8].planesLength(high, width: 8) + [UInt8].planesLength(low, width: 8)
            payload.appendFieldHead(field, count: length)
            payload.appendPlanes(high, width: 8)
            payload.appendPlanes(low, width: 8)
        }
    }

    /// Reads `count` addresses, which have to fill `range`, in place of those it held.
    mutating func read(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>?,
        count: Int,
        isIPv4: Bool
    ) throws(FrameError.Reason) {
        try requireColumn(range, count: count)
        guard let range, count > 0 else { return removeAll() }
        var position = range.lowerBound
        if !isIPv4 { try readPlanes(bytes, &position, end: range.upperBound, width: 8, count: count, into: &high) }
        let width = isIPv4 ? 4 : 8
        try readPlanes(bytes, &position, end: range.upperBound, width: width, count: count, into: &low)
        guard position == range.upperBound else { throw .undecodable("ENTRIES: a column of addresses is too long") }
    }

    @inline(__always)
    func address(_ index: Int, isIPv4: Bool) -> IPAddress {
        isIPv4
            ? IPAddress(ipv4: UInt32(truncatingIfNeeded: low[index])) : IPAddress(high: high[index], low: low[index])
    }
}

/// Throws where a column is there for no entry, or is missing for some.
func requireColumn(_ range: Range<Int>?, count: Int) throws(FrameError.Reason) {
    guard (range == nil) == (count == 0) else {
        throw .undecodable("ENTRIES: a column is \(range == nil ? "missing" : "there for no entry")")
    }
}
