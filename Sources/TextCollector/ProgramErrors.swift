/// Cuts what a program writes to standard error in lines, and keeps what tells why it failed; bounded, whatever comes.
struct ProgramErrors: Sendable {
    /// The first line that is more than a remark; empty where there is none.
    private(set) var firstLine = ""
    private var line: [UInt8] = []

    /// In bytes; what is longer is cut.
    private static let longestLine = 1000

    /// Takes a piece, and gives `body` each line that is complete with it.
    mutating func take(_ bytes: [UInt8], _ body: (String) -> Void) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                endLine(body)
            } else if line.count < Self.longestLine {
                line.append(byte)
            }
        }
    }

    /// Nothing follows.
    mutating func finish(_ body: (String) -> Void) {
        if !line.isEmpty { endLine(body) }
    }

    private mutating func endLine(_ body: (String) -> Void) {
        let text = String(decoding: line, as: UTF8.self)
        line.removeAll(keepingCapacity: true)
        if firstLine.isEmpty, !Self.isRemark(text) { firstLine = text }
        body(text)
    }

    /// Whether a line is what conntrack(8) says of a run that went well.
    private static func isRemark(_ line: String) -> Bool {
        line.isEmpty || line.hasPrefix("NOTICE:") || line.hasSuffix("have been shown.")
    }
}
