/// A line that the user was told in the run that was recorded.
package struct BundleWarning: Hashable, Sendable {
    /// What it is about, which decides when it is told. The raw values are in files and never change.
    package enum Subject: UInt8, CaseIterable, Sendable {
        /// Told while the tables were read.
        case tables = 1
        /// Told after the tables were read.
        case inventory = 2
    }

    package var subject: Subject
    /// Without newline; at most `BundleFormat.longestLine` bytes are written.
    package var line: String

    package init(_ subject: Subject, _ line: String) {
        self.subject = subject
        self.line = line
    }
}

extension BundleWarning {
    func append(to payload: inout [UInt8]) {
        payload.appendField(1, subject.rawValue)
        payload.appendField(2, text: line, atMost: BundleFormat.longestLine)
    }

    init(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) {
        var subject: Subject?
        var line = ""
        var fields = fields
        while let field = try fields.next(bytes) {
            switch field.number {
            case 1: subject = try field.choice()
            case 2: line = try field.text(bytes)
            default: break
            }
        }
        guard let subject else { throw .undecodable("WARNING: it does not say what it is about") }
        self.init(subject, line)
    }
}
