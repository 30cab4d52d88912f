import JSONText

/// Gathers text and hands it on in pieces of some size, so that a line does not cost a system call.
struct BufferedText {
    private static let pieceSize = 64 * 1024
    private let sink: ByteSink
    private var buffer: [UInt8] = []

    init(sink: @escaping ByteSink) {
        self.sink = sink
    }

    mutating func write(_ text: String) throws {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= Self.pieceSize { try flush() }
    }

    mutating func writeSpaces(_ count: Int) {
        for _ in 0..<count { buffer.append(UInt8(ascii: " ")) }
    }

    mutating func flush() throws {
        guard !buffer.isEmpty else { return }
        try sink(buffer.span)
        buffer.removeAll(keepingCapacity: true)
    }
}
