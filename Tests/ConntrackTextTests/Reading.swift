import ConntrackText
import NetModel
import Testing

/// The entry of one line.
func entry(_ line: String) throws(ConntrackTextError) -> ConntrackEntry {
    let bytes = Array(line.utf8)
    return try ConntrackLine.parse(bytes.span)
}

/// The message for a line that must be refused.
func refusal(_ line: String) -> String {
    do throws(ConntrackTextError) {
        let parsed = try entry(line)
        return "accepted as \(parsed)"
    } catch {
        return error.description
    }
}

/// What a reader gave for a text.
struct Reading: Equatable {
    var entries: [ConntrackEntry] = []
    var malformed: [MalformedLine] = []
    var counts = ConntrackTextCounts()

    /// Reads `text` in pieces of `pieceSize` bytes.
    init(_ text: [UInt8], pieceSize: Int = .max, maximumLineLength: Int = 65536) {
        var reader = ConntrackTextReader(maximumLineLength: maximumLineLength)
        var start = 0
        while start < text.count {
            let end = pieceSize < text.count - start ? start + pieceSize : text.count
            reader.read(
                text.span.extracting(start..<end),
                entry: { entries.append($0) },
                malformed: { malformed.append($0) }
            )
            start = end
        }
        reader.finish(entry: { entries.append($0) }, malformed: { malformed.append($0) })
        counts = reader.counts
    }

    init(_ text: String, pieceSize: Int = .max, maximumLineLength: Int = 65536) {
        self.init(Array(text.utf8), pieceSize: pieceSize, maximumLineLength: maximumLineLength)
    }
}

func address(_ text: String) throws -> IPAddress {
    try #require(IPAddress(text))
}

func tuple(
    _ source: String,
    _ sourcePort: UInt16,
    _ destination: String,
    _ destinationPort: UInt16,
    _ transport: TransportProtocol
) throws -> Tuple {
    Tuple(
        source: try address(source),
        sourcePort: sourcePort,
        destination: try address(destination),
        destinationPort: destinationPort,
        transport: transport
    )
}
