/// What went wrong on a node. As a `notice` frame the rest went on; as a `failure` frame it did not.
package struct Notice: Hashable, Sendable {
    /// What it is about. The raw values are on the wire and never change.
    package enum Topic: UInt8, CaseIterable, Sendable {
        /// The process lacks CAP_NET_ADMIN.
        case permission = 1
        /// The kernel does not track connections.
        case noConntrack = 2
        /// A dump or the subscription to events failed.
        case conntrack = 3
        /// A packet filter's program failed.
        case rules = 4
        /// Accounting could not be switched on, or back.
        case accounting = 5
        /// The deadline passed.
        case deadline = 6
        /// What the client sent was not understood.
        case client = 7
        /// The table is empty; the text says why that may be.
        case emptyTable = 8
    }

    package var topic: Topic
    /// For the user, in one line: what failed, why, and what helps. At most `StreamFormat.longestText` bytes are sent.
    package var text: String

    package init(topic: Topic, text: String) {
        self.topic = topic
        self.text = text
    }
}

extension Notice {
    func append(to payload: inout [UInt8]) {
        payload.appendField(1, topic.rawValue)
        payload.appendField(2, text: text)
    }

    init(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) {
        var topic: Topic?
        var text = ""
        var fields = fields
        while let field = try fields.next(bytes) {
            switch field.number {
            case 1: topic = try field.choice()
            case 2: text = try field.text(bytes)
            default: break
            }
        }
        guard let topic else { throw .undecodable("NOTICE: it has no topic") }
        self.init(topic: topic, text: text)
    }
}
