/// Finds the data in a body of chunks (RFC 9112 section 7.1).
struct ChunkedBody: Sendable {
    enum Step {
        /// All bytes at hand are read.
        case more
        /// Bytes of the body.
        case data(Range<Int>)
        case end
        /// What comes is no chunk.
        case malformed
    }

    private enum Place: Sendable {
        case size(digits: Int)
        /// Behind the digits, up to the end of the line.
        case sizeLine
        case data
        /// The line end behind a chunk.
        case dataEnd
        /// A line behind the last chunk, of which so many bytes are read.
        case trailer(length: Int)
    }

    private var place = Place.size(digits: 0)
    /// Of the size that is being read, or still to come of a chunk.
    private var left = 0

    mutating func next(_ bytes: Span<UInt8>, from position: inout Int) -> Step {
        while position < bytes.count {
            if case .data = place {
                let range = position..<position + min(left, bytes.count - position)
                left -= range.count
                position = range.upperBound
                if left == 0 { place = .dataEnd }
                return .data(range)
            }
            let byte = bytes[position]
            position += 1
            switch place {
            case .size(let digits):
                if let digit = Self.digit(byte) {
                    // Seven digits are 256 MiB, more than anybody keeps.
                    guard digits < 7 else { return .malformed }
                    left = left << 4 | digit
                    place = .size(digits: digits + 1)
                } else {
                    guard digits > 0 else { return .malformed }
                    place = .sizeLine
                    if byte == 0x0A { beginChunk() }
                }
            case .sizeLine: if byte == 0x0A { beginChunk() }
            case .dataEnd:
                guard byte == 0x0D || byte == 0x0A else { return .malformed }
                if byte == 0x0A { place = .size(digits: 0) }
            case .trailer(let length):
                if byte == 0x0A {
                    if length == 0 { return .end }
                    place = .trailer(length: 0)
                } else if byte != 0x0D {
                    place = .trailer(length: 1)
                }
            case .data: break
            }
        }
        return .more
    }

    private mutating func beginChunk() {
        place = left == 0 ? .trailer(length: 0) : .data
    }

    private static func digit(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
