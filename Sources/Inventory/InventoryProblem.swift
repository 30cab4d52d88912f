/// Something in an inventory file that could not be used, or not as it stands.
package struct InventoryProblem: Hashable, Sendable {
    package enum Severity: String, Hashable, Sendable {
        /// Nothing in the file could be used.
        case error
        /// A part of the file could not be used.
        case warning
        /// Nothing is wrong, but the user may want to know.
        case note
    }

    package let severity: Severity
    package let file: String
    /// Counted from 1; nil when the problem has no one place.
    package let line: Int?
    /// Bytes from the beginning of the file.
    package let offset: Int?
    package let message: String

    package init(severity: Severity, file: String, line: Int? = nil, offset: Int? = nil, message: String) {
        self.severity = severity
        self.file = file
        self.line = line
        self.offset = offset
        self.message = message
    }
}

extension InventoryProblem: CustomStringConvertible {
    /// "pods.json: line 12, byte 340: …".
    package var description: String {
        var text = file.isEmpty ? "" : "\(file): "
        if let line { text += "line \(line)" }
        if let offset { text += (line == nil ? "" : ", ") + "byte \(offset)" }
        return text + (line == nil && offset == nil ? "" : ": ") + message
    }
}
