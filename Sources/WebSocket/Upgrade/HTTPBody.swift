/// Collects the body of a response as its head tells its length (RFC 9112 section 6.3), up to a limit.
struct HTTPBody: Sendable {
    private enum Framing: Sendable {
        /// So many bytes are still to come.
        case counted(UInt64)
        case chunked(ChunkedBody)
        case untilClose
    }

    private var framing: Framing
    private let limit: Int
    private(set) var bytes: [UInt8] = []
    /// Whether nothing more is to come.
    private(set) var isOver = false
    /// Whether `bytes` is all of it.
    private(set) var isComplete = false

    init(of head: HTTPHead, limit: Int) {
        self.limit = limit
        if head.code == 204 || head.code == 304 {
            framing = .counted(0)
        } else if head.hasToken("chunked", in: "Transfer-Encoding") {
            framing = .chunked(ChunkedBody())
        } else if let text = head.value(of: "Content-Length"), let count = UInt64(text) {
            framing = .counted(count)
        } else {
            framing = .untilClose
        }
        if case .counted(0) = framing { complete() }
    }

    /// Takes bytes from `position` on, which moves behind what belongs to the body.
    mutating func read(_ input: Span<UInt8>, from position: inout Int) {
        while !isOver, position < input.count {
            switch framing {
            case .counted(let left):
                let count = Int(min(left, UInt64(input.count - position)))
                keep(input, position..<position + count)
                position += count
                framing = .counted(left - UInt64(count))
                if left == UInt64(count), !isOver { complete() }
            case .untilClose:
                keep(input, position..<input.count)
                position = input.count
            case .chunked(var chunks):
                let step = chunks.next(input, from: &position)
                framing = .chunked(chunks)
                switch step {
                case .more: return
                case .data(let range): keep(input, range)
                case .end: complete()
                case .malformed: isOver = true
                }
            }
        }
    }

    /// The connection ended.
    mutating func end() {
        if case .untilClose = framing, !isOver { complete() }
        isOver = true
    }

    private mutating func complete() {
        isOver = true
        isComplete = true
    }

    private mutating func keep(_ input: Span<UInt8>, _ range: Range<Int>) {
        let kept = range.prefix(limit - bytes.count)
        for index in kept { bytes.append(input[index]) }
        if kept.count < range.count { isOver = true }
    }
}
