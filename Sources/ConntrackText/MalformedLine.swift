/// A line that was not read, and why.
package struct MalformedLine: Hashable, Sendable {
    /// The line's number in its input, counted from 1.
    package let line: Int
    package let reason: ConntrackTextError

    package init(line: Int, reason: ConntrackTextError) {
        self.line = line
        self.reason = reason
    }
}

extension MalformedLine: CustomStringConvertible {
    /// `line 7, column 43: "sport=99999" is not a port (0-65535)`
    package var description: String { "line \(line), \(reason)" }
}
