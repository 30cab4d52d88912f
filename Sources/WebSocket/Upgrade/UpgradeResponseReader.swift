/// Reads the answer to an ``UpgradeRequest`` as it arrives. After it has given anything but ``Step/more``, or an error,
/// it must not be asked again.
package struct UpgradeResponseReader: Sendable {
    /// A longer head is an error.
    package static let longestHead = 64 << 10
    /// Of a longer body the beginning is kept.
    package static let longestBody = 64 << 10

    package enum Step: Hashable, Sendable {
        /// The answer has not ended yet.
        case more
        /// The connection is another protocol's from here on. Whether it is the one asked for tells
        /// ``UpgradeRequest/chosenProtocol(in:)``.
        case switched(HTTPHead)
        case answered(HTTPAnswer)
    }

    private var head: [UInt8] = []
    /// The bytes of the line that is being read, without CR.
    private var lineLength = 0
    private var body: (head: HTTPHead, body: HTTPBody)?
    /// How many bytes came before those of `head`.
    private var base = 0

    package init() {}

    /// Reads bytes from `position` on, which moves behind the last one that belongs to the answer: what follows a
    /// ``Step/switched(_:)`` is the first of the frames.
    package mutating func read(_ bytes: Span<UInt8>, from position: inout Int) throws(UpgradeError) -> Step {
        while body == nil {
            guard try readHead(bytes, from: &position) else { return .more }
            let read = try HTTPHead(head, base: base)
            base += head.count
            head = []
            if read.code == 101 { return .switched(read) }
            // Others below 200 come before the answer (RFC 9110 section 15.2).
            if read.code >= 200 { body = (read, HTTPBody(of: read, limit: Self.longestBody)) }
        }
        body?.body.read(bytes, from: &position)
        guard let (head, read) = body, read.isOver else { return .more }
        return .answered(HTTPAnswer(head: head, body: read.bytes, isComplete: read.isComplete))
    }

    /// The connection ended.
    ///
    /// - Throws: where there was no answer, or not all of its head.
    package mutating func end() throws(UpgradeError) -> HTTPAnswer {
        body?.body.end()
        guard let (head, read) = body else { throw .ended(received: base + self.head.count) }
        return HTTPAnswer(head: head, body: read.bytes, isComplete: read.isComplete)
    }

    /// - Returns: whether the head ended.
    private mutating func readHead(_ bytes: Span<UInt8>, from position: inout Int) throws(UpgradeError) -> Bool {
        while position < bytes.count {
            let byte = bytes[position]
            guard head.count < Self.longestHead else { throw .headTooLong(limit: Self.longestHead) }
            // What does not begin as an answer never ends as one either.
            if head.count < 5, byte != Self.beginning[head.count] { throw .notHTTP }
            position += 1
            head.append(byte)
            if byte == 0x0A {
                if lineLength == 0 { return true }
                lineLength = 0
            } else if byte != 0x0D {
                lineLength += 1
            }
        }
        return false
    }

    private static let beginning = [UInt8]("HTTP/".utf8)
}
