// A column of numbers is written as byte planes, the most significant first: all highest bytes, then all second ones,
// and so on. The addresses of a cluster have few different high bytes, so that most planes are one byte and no more.

/// What stands before a plane. The raw values are on the wire and never change.
private enum PlaneForm: UInt8 {
    /// One byte follows, which all numbers have at this place.
    case constant = 0
    /// A byte for each number follows.
    case raw = 1
}

extension [UInt8] {
    /// Appends `values` in as many planes as `width` says, 1 to 8; what is above them is dropped.
    mutating func appendPlanes(_ values: [UInt64], width: Int) {
        let (first, differing) = Self.differences(values)
        for plane in 0..<width {
            let shift = UInt64(truncatingIfNeeded: 8 * (width - 1 - plane))
            guard UInt8(truncatingIfNeeded: differing &>> shift) != 0 else {
                append(PlaneForm.constant.rawValue)
                append(UInt8(truncatingIfNeeded: first &>> shift))
                continue
            }
            append(PlaneForm.raw.rawValue)
            let start = count
            append(contentsOf: repeatElement(0, count: values.count))
            var target = mutableSpan
            let source = values.span
            for index in 0..<source.count {
                target[start &+ index] = UInt8(truncatingIfNeeded: source[index] &>> shift)
            }
        }
    }

    /// How many bytes `appendPlanes` appends.
    static func planesLength(_ values: [UInt64], width: Int) -> Int {
        let differing = differences(values).differing
        var length = 0
        for plane in 0..<width {
            let byte = UInt8(truncatingIfNeeded: differing &>> UInt64(truncatingIfNeeded: 8 * plane))
            length += byte == 0 ? 2 : 1 + values.count
        }
        return length
    }

    /// The first value, and the bits in which any other differs from it.
    private static func differences(
        _ values: [UInt64]
    ) -> (first: UInt64, differing: UInt64) {
        let source = values.span
        guard source.count > 0 else { return (0, 0) }
        let first = source[0]
        var differing: UInt64 = 0
        for index in 0..<source.count { differing |= source[index] ^ first }
        return (first, differing)
    }
}

/// Reads `count` numbers of `width` planes into `values`, in place of what it held.
func readPlanes(
    _ bytes: Span<UInt8>,
    _ position: inout Int,
    end: Int,
    width: Int,
    count: Int,
    into values: inout [UInt64]
) throws(FrameError.Reason) {
    values.removeAll(keepingCapacity: true)
    values.append(contentsOf: repeatElement(0, count: count))
    for plane in 0..<width {
        let shift = UInt64(8 * (width - 1 - plane))
        guard end - position >= 2, let form = PlaneForm(rawValue: bytes[position]) else {
            throw .undecodable("ENTRIES: a column breaks off or is of an unknown form")
        }
        position += 1
        let length = form == .constant ? 1 : count
        guard end - position >= length else { throw .undecodable("ENTRIES: a column breaks off") }
        let plane = bytes.extracting(position..<position + length)
        position += length
        var target = values.mutableSpan
        switch form {
        case .constant:
            let byte = UInt64(plane[0]) &<< shift
            if byte != 0 { for index in 0..<target.count { target[index] |= byte } }
        case .raw:
            for index in 0..<target.count { target[index] |= UInt64(plane[index]) &<< shift }
        }
    }
}
