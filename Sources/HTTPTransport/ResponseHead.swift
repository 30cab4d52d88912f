/// Reads the head of a response from the lines that libcurl hands out, RFC 9112 4 and 5.
struct ResponseHead {
    /// A response with more than this is refused; a Kubernetes API server's limit for requests is 1 MiB.
    static let longest = 256 << 10

    private(set) var status = 0
    private(set) var version: HTTPProtocolVersion = .http11
    private(set) var fields = HTTPFields()
    /// The head of the final response has ended; lines that follow are trailers.
    private(set) var isComplete = false
    private var byteCount = 0

    enum Progress: Equatable {
        /// More lines follow.
        case incomplete
        case complete
        /// Why this is no response.
        case malformed(String)
    }

    /// Takes one line with its line end.
    mutating func take(_ line: [UInt8]) -> Progress {
        // Trailers say nothing that anybody asks for.
        if isComplete { return .incomplete }
        byteCount += line.count
        guard byteCount <= Self.longest else { return .malformed("its head is longer than \(Self.longest) bytes") }
        var content = line[...]
        while let last = content.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { content.removeLast() }
        if content.starts(with: "HTTP/".utf8) { return takeStatus(content) }
        if content.isEmpty {
            if (100..<200).contains(status) {
                if status == 101 { return .malformed("status 101 without having been asked") }
                return .incomplete
            }
            isComplete = true
            return .complete
        }
        // A line that is none of a field is not worth losing the response for.
        guard let colon = content.firstIndex(of: UInt8(ascii: ":")) else { return .incomplete }
        fields.append(
            String(decoding: content[..<colon], as: UTF8.self),
            String(decoding: Self.trimmed(content[(colon + 1)...]), as: UTF8.self)
        )
        return .incomplete
    }

    private mutating func takeStatus(_ line: ArraySlice<UInt8>) -> Progress {
        let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
        guard words.count >= 2, words[1].count == 3, let status = Int(String(decoding: words[1], as: UTF8.self)),
            (100...999).contains(status)
        else { return .malformed("its first line has no status") }
        self.status = status
        version =
            switch String(decoding: words[0], as: UTF8.self) {
            case "HTTP/2": .http2
            case "HTTP/1.0": .http10
            default: .http11
            }
        fields = HTTPFields()
        return .incomplete
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isSpace: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        var rest = bytes.drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return rest
    }
}
