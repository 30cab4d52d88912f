/// Why the server closes the connection (RFC 6455 section 7.4).
package struct WebSocketClose: Hashable, Sendable {
    /// 1000 is the normal end; 1005 stands for none told.
    package let code: UInt16
    /// What is not UTF-8 is replaced.
    package let reason: String

    package init(code: UInt16, reason: String) {
        self.code = code
        self.reason = reason
    }
}
