/// An answer that is not the upgrade that was asked for.
package struct HTTPAnswer: Hashable, Sendable {
    package let head: HTTPHead
    /// At most ``UpgradeResponseReader/longestBody`` bytes.
    package let body: [UInt8]
    /// Whether `body` is all of it: not longer than what is kept, and not cut off.
    package let isComplete: Bool

    package init(head: HTTPHead, body: [UInt8], isComplete: Bool) {
        self.head = head
        self.body = body
        self.isComplete = isComplete
    }
}
