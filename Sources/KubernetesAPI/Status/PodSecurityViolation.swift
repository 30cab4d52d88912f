/// What Pod Security admission has against a pod (`violates PodSecurity "baseline:latest": …`).
package struct PodSecurityViolation: Hashable, Sendable {
    package struct Reason: Hashable, Sendable {
        /// As `host namespaces`.
        package let check: String
        /// As `hostNetwork=true`; empty where none is told.
        package let detail: String

        package init(check: String, detail: String) {
            self.check = check
            self.detail = detail
        }
    }

    /// `baseline` or `restricted`.
    package let level: String
    /// `latest` or `v1.NN`.
    package let version: String
    package let reasons: [Reason]

    package init(level: String, version: String, reasons: [Reason]) {
        self.level = level
        self.version = version
        self.reasons = reasons
    }

    /// Finds it in the message of a Forbidden or in the text of a warning.
    package init?(_ message: String) {
        var rest = message[...]
        guard rest.take(until: "violate PodSecurity ") != nil || rest.take(until: "violates PodSecurity ") != nil,
            let policy = QuotedText.take(from: &rest), rest.take(": ")
        else { return nil }
        let parts = policy.split(separator: ":", maxSplits: 1)
        self.init(
            level: parts.first.map(String.init) ?? "",
            version: parts.count > 1 ? String(parts[1]) : "",
            reasons: Self.reasons(rest)
        )
    }

    /// `host namespaces (hostNetwork=true), privileged (container "c" must not …)`, in which commas also stand within
    /// the parentheses and the quotes.
    private static func reasons(_ text: Substring) -> [Reason] {
        var reasons: [Reason] = []
        var check = ""
        var detail = ""
        var depth = 0
        var isQuoted = false
        func end() {
            if !check.isEmpty || !detail.isEmpty {
                reasons.append(Reason(check: trimmed(check), detail: detail))
            }
            check = ""
            detail = ""
        }
        for character in text {
            if character == "\"" { isQuoted.toggle() }
            switch character {
            case "(" where !isQuoted:
                if depth > 0 { detail.append(character) }
                depth += 1
            case ")" where !isQuoted && depth > 0:
                depth -= 1
                if depth > 0 { detail.append(character) }
            case "," where !isQuoted && depth == 0: end()
            default:
                if depth > 0 { detail.append(character) } else { check.append(character) }
            }
        }
        end()
        return reasons
    }

    private static func trimmed(_ text: String) -> String {
        text.split(separator: " ").joined(separator: " ")
    }
}
