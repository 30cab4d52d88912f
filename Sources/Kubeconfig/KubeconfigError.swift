/// Why there is no connection to be had from a configuration, or no credential. No credential ever shows in it.
package struct KubeconfigError: Error, Sendable, Hashable {
    /// What kind of failure it is.
    package enum Code: Sendable, Hashable {
        /// There is no configuration at all.
        case missing
        /// A file cannot be read, or does not hold what it must.
        case file
        /// The configuration says something that cannot be, or names what is not there.
        case invalid
        /// A credential cannot be had.
        case credential
        /// The task that asked was cancelled.
        case cancelled
    }

    package let code: Code
    /// What is wrong, at least one, in kubectl's words where it has some. Without control characters but line feeds.
    package let messages: [String]
    /// What to do about it, of one or several lines.
    package let remedy: String?

    init(_ code: Code, _ messages: [String], remedy: String? = nil) {
        self.code = code
        self.messages = messages.map(ShownText.lines)
        self.remedy = remedy.map(ShownText.lines)
    }
}

extension KubeconfigError: CustomStringConvertible {
    /// One message as it is; several as kubectl lists them.
    package var description: String {
        guard messages.count > 1 else { return messages.first ?? "" }
        return (["Error in configuration:"] + messages.map { "* " + $0 }).joined(separator: "\n")
    }
}
