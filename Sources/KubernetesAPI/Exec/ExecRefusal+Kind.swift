extension ExecRefusal.Kind {
    /// - Parameter text: what the server said.
    init(_ failure: APIFailure, text: String, request: ExecRequest) {
        if case .page(let title) = failure.origin {
            self = .page(title: title)
        } else if let kind = Self.onNode(text) {
            self = kind
        } else {
            self = Self.ofCode(failure, text: text, request: request)
        }
    }

    private static func ofCode(_ failure: APIFailure, text: String, request: ExecRequest) -> Self {
        switch failure.code {
        case 401: .unauthorized
        case 403: forbidden(failure.status)
        case 404: notFound(failure.status, text: text, request: request)
        case 400: badRequest(text)
        case 429: .throttled(retryAfterSeconds: failure.retryAfterSeconds)
        default: .other
        }
    }

    /// What the API server, the kubelet and the runtime say of the node, whether as an HTTP status or as the Status of a
    /// session.
    private static func onNode(_ text: String) -> Self? {
        var rest = text[...]
        if rest.take(until: "container not found (") != nil {
            return .containerNotFound(QuotedText.take(from: &rest) ?? "")
        }
        if text.contains("error dialing backend") { return .nodeUnreachable }
        if text.contains("failed to exec in container") || text.contains("OCI runtime exec failed"),
            text.contains("executable file not found") || text.contains("no such file or directory")
                || text.contains("permission denied")
        {
            return .commandNotFound
        }
        return text.contains("pod does not exist") ? .podNotFound : nil
    }

    private static func forbidden(_ status: Status) -> Self {
        if let refusal = AccessRefusal(status.message) { return .missingRole(refusal) }
        return status.message.hasSuffix(" is forbidden: ") ? .missingCreate : .forbidden
    }

    private static func notFound(_ status: Status, text: String, request: ExecRequest) -> Self {
        guard status.reason == "NotFound", let name = status.details?.name, !name.isEmpty, name != request.pod else {
            return .podNotFound
        }
        // The server says that a pod of this name is missing, and it is the node's.
        return status.details?.kind == "pods" ? .nodeNotFound(name) : .other
    }

    private static func badRequest(_ text: String) -> Self {
        var rest = text[...]
        if text.contains("Upgrade request required") { return .upgradeLost }
        if text.contains("does not have a host assigned") { return .podNotScheduled }
        if text.contains("a container name must be specified") { return .containerNotNamed }
        if rest.take("container "), let name = rest.take(until: " is not valid for pod ") {
            return .containerNotFound(String(name))
        }
        return .other
    }
}
