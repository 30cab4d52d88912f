/// A pod, or whatever else was to be created, was refused by what looks at it before it is stored, though a role allows
/// it.
package enum AdmissionRefusal: Hashable, Sendable {
    case podSecurity(PodSecurityViolation, namespace: String)
    /// An admission webhook, with its own words.
    case webhook(name: String, message: String)
    /// The webhook cannot take part in a dry run; the real request might be let through.
    case dryRun(webhook: String)
    /// A webhook that must be asked did not answer.
    case webhookFailed(name: String, message: String)
    /// A ValidatingAdmissionPolicy.
    case policy(name: String, binding: String, message: String)
    /// GKE Autopilot never lets a pod near its node.
    case gkeAutopilot(message: String)
    /// OpenShift found no SecurityContextConstraints that let the pod through.
    case securityContextConstraints(message: String, namespace: String)
    /// A ResourceQuota is used up, or wants limits to be told.
    case quota(name: String, message: String)
    /// A quota lets pods of this priority class into other namespaces only.
    case priorityClass(message: String)
    case limitRange(message: String)
    case namespaceTerminating(namespace: String)
    case namespaceMissing(namespace: String)
    /// A namespace is so new that its service account is not there yet.
    case serviceAccountMissing(name: String)

    /// Whether the same request may be taken some seconds later.
    package var isTransient: Bool {
        if case .serviceAccountMissing = self { true } else { false }
    }
}

extension AdmissionRefusal {
    /// - Parameter namespace: in which something was to be created.
    /// - Returns: nil where something else than admission refused.
    package init?(_ status: Status, namespace: String) {
        guard status.outcome == .failure, !Self.isAuthorization(status) else { return nil }
        let message = status.message
        if let violation = PodSecurityViolation(message) {
            self = .podSecurity(violation, namespace: namespace)
        } else if let webhook = Self.webhook(message) {
            self = webhook
        } else if let policy = Self.policy(message) {
            self = policy
        } else if Self.isAutopilot(message) {
            self = .gkeAutopilot(message: message)
        } else if message.contains("unable to validate against any security context constraint") {
            self = .securityContextConstraints(message: Self.cause(message), namespace: namespace)
        } else if let quota = Self.quota(message) {
            self = quota
        } else if message.contains(" usage per ") || message.contains(" limit to request ratio per ") {
            self = .limitRange(message: Self.cause(message))
        } else if status.causes.contains(where: { $0.reason == "NamespaceTerminating" })
            || message.contains("because it is being terminated")
        {
            self = .namespaceTerminating(namespace: namespace)
        } else if status.reason == "NotFound", status.details?.kind == "namespaces" {
            self = .namespaceMissing(namespace: status.details?.name ?? namespace)
        } else if let account = Self.serviceAccount(message) {
            self = .serviceAccountMissing(name: account)
        } else {
            return nil
        }
    }

    private static func isAuthorization(_ status: Status) -> Bool { AccessRefusal(status.message) != nil }

    private static func isAutopilot(_ text: String) -> Bool {
        text.contains("GKE Warden") || text.contains("autogke-") || text.contains("warden-validating")
            || text.contains("gkepolicy")
    }

    private static func webhook(_ message: String) -> AdmissionRefusal? {
        var rest = message[...]
        if rest.take(until: "failed calling webhook ") != nil, let name = QuotedText.take(from: &rest) {
            _ = rest.take(": ")
            return .webhookFailed(name: name, message: String(rest))
        }
        rest = message[...]
        guard rest.take(until: "admission webhook ") != nil, let name = QuotedText.take(from: &rest) else { return nil }
        if rest.take(" does not support dry run") { return .dryRun(webhook: name) }
        guard rest.take(" denied the request") else { return nil }
        let text = rest.take(": ") ? String(rest) : ""
        if isAutopilot(name) || isAutopilot(text) { return .gkeAutopilot(message: text) }
        return .webhook(name: name, message: text)
    }

    private static func policy(_ message: String) -> AdmissionRefusal? {
        var rest = message[...]
        guard rest.take(until: "ValidatingAdmissionPolicy '") != nil, let name = rest.take(until: "' with binding '"),
            let binding = rest.take(until: "' denied request")
        else { return nil }
        _ = rest.take(": ")
        return .policy(name: String(name), binding: String(binding), message: String(rest))
    }

    private static func quota(_ message: String) -> AdmissionRefusal? {
        if message.contains("insufficient quota to match these scopes") {
            return .priorityClass(message: cause(message))
        }
        for mark in ["exceeded quota: ", "failed quota: "] {
            var rest = message[...]
            guard rest.take(until: mark) != nil else { continue }
            let name = String(rest.prefix { $0 != "," && $0 != ":" })
            return .quota(name: name, message: mark + String(rest))
        }
        return nil
    }

    private static func serviceAccount(_ message: String) -> String? {
        var rest = message[...]
        guard rest.take(until: "error looking up service account ") != nil, let name = rest.take(until: ": ") else {
            return nil
        }
        return String(name)
    }

    /// What stands behind `pods "x" is forbidden: `.
    private static func cause(_ message: String) -> String {
        var rest = message[...]
        return rest.take(until: " is forbidden: ") == nil ? message : String(rest)
    }
}
