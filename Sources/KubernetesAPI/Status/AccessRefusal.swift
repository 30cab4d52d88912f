import TerminalText

/// A role is missing: what an authorizer refused, read from the message of a Forbidden.
package struct AccessRefusal: Hashable, Sendable {
    package enum Subject: Hashable, Sendable {
        case resource(group: String, resource: String, namespace: String?)
        case path(String)
    }

    /// Whom the server took us for.
    package let user: String
    package let verb: String
    package let subject: Subject
    /// What the authorizer adds; empty where it adds nothing.
    package let reason: String

    /// Reads `pods is forbidden: User "U" cannot list resource "pods" in API group "" in the namespace "ns"` and its like.
    ///
    /// - Returns: nil for other messages, as those of admission.
    package init?(_ message: String) {
        var rest = message[...]
        guard rest.take(until: "forbidden: User ") != nil, let user = QuotedText.take(from: &rest),
            rest.take(" cannot "), let verb = rest.take(until: " ")
        else { return nil }
        // Servers escape the name of the user and the path for markup, and nothing else.
        self.user = MarkupEscapes.resolved(user)
        self.verb = String(verb)
        if rest.take("path ") {
            guard let path = QuotedText.take(from: &rest) else { return nil }
            subject = .path(MarkupEscapes.resolved(path))
        } else {
            guard rest.take("resource "), let resource = QuotedText.take(from: &rest), rest.take(" in API group "),
                let group = QuotedText.take(from: &rest)
            else { return nil }
            var namespace: String?
            if rest.take(" in the namespace ") {
                namespace = QuotedText.take(from: &rest)
            } else {
                _ = rest.take(" at the cluster scope")
            }
            subject = .resource(group: group, resource: resource, namespace: namespace)
        }
        reason = rest.take(": ") ? String(rest) : ""
    }

    /// Whether no credentials were sent at all.
    package var isAnonymous: Bool { user == "system:anonymous" }

    /// Whether it was refused to act as somebody else (`--as`).
    package var isImpersonation: Bool { verb.hasPrefix("impersonate") }

    /// The rule that a role must have.
    package var rule: AccessRule {
        // Since 1.36 the verb can also say what is done as the other; the plain one suffices on all servers.
        if verb.hasPrefix("impersonate-on:") {
            return AccessRule(verbs: ["impersonate"], subject: .resource(group: "", resource: "users"), scope: .cluster)
        }
        return switch subject {
        case .path(let path): AccessRule(verbs: [verb], subject: .path(path), scope: .cluster)
        case .resource("", "pods/exec", let namespace?): .exec(in: namespace)
        case .resource(let group, let resource, let namespace):
            AccessRule(
                verbs: [verb],
                subject: .resource(group: group, resource: resource),
                scope: namespace.map { .namespace($0) } ?? .cluster
            )
        }
    }

    /// What it means, in a line.
    package var summary: String {
        let user = PrintableText.escaped(user)
        if isAnonymous { return "The server took no credentials from us." }
        if isImpersonation { return "The user \(user) may not act as somebody else." }
        let object =
            switch subject {
            case .path(let path): PrintableText.escaped(path)
            case .resource(_, let resource, let namespace?):
                PrintableText.escaped("\(resource) in the namespace \(namespace)")
            case .resource(_, let resource, nil): PrintableText.escaped(resource) + " in the whole cluster"
            }
        let line = "The user \(user) may not \(PrintableText.escaped(verb)) \(object)."
        return reason.isEmpty ? line : line + " The authorizer adds: \(PrintableText.escaped(reason))"
    }

    /// What helps.
    package var remedy: String {
        isAnonymous
            ? "See which user the context names, and whether that user has credentials: kubectl config view --minify"
            : rule.remedy
    }
}
