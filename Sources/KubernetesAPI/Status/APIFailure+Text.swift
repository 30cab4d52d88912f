import TerminalText

extension APIFailure: CustomStringConvertible {
    /// What kubectl prints (`checkErr` of kubectl/pkg/cmd/util), made safe for a terminal. It may have several lines.
    package var description: String {
        if status.reason == "Invalid" { return PrintableText.escapedLines(invalid) }
        let message = PrintableText.escapedLines(shownMessage)
        if status.reason == "Unauthorized" { return "error: You must be logged in to the server (\(message))" }
        if status.reason.isEmpty { return "Error from server: \(message)" }
        return "Error from server (\(PrintableText.escaped(status.reason))): \(message)"
    }

    /// The message with the name of the user as it is, not as it would be written in a page.
    private var shownMessage: String {
        guard status.reason == "Forbidden", let refusal = AccessRefusal(status.message) else { return status.message }
        let escapes = [refusal.user] + { if case .path(let path) = refusal.subject { [path] } else { [] } }()
        guard escapes.contains(where: { $0.contains { "<>&\"'".contains($0) } }) else { return status.message }
        return MarkupEscapes.resolved(status.message)
    }

    private var invalid: String {
        guard let details = status.details else {
            return "The request is invalid" + (status.message.isEmpty ? "" : ": \(status.message)")
        }
        var text = "The request is invalid"
        if !details.kind.isEmpty || !details.name.isEmpty {
            text = "The \(details.kind) \"\(details.name)\" is invalid"
        } else if !status.message.isEmpty, status.causes.isEmpty {
            text += ": \(status.message)"
        }
        var lines: [String] = []
        for line in status.causes.map({ "\($0.field): \($0.message)" }) where !lines.contains(line) {
            lines.append(line)
        }
        return switch lines.count {
        case 0: text
        case 1: "\(text): \(lines[0])"
        default: "\(text): \n" + lines.map { "* \($0)" }.joined(separator: "\n")
        }
    }
}
