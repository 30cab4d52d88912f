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
    /// For the user, in one line: what failed, why, and what helps.
    package var text: String

    package init(topic: Topic, text: String) {
        self.topic = topic
        self.text = text
    }
}
