package import WebSocket

/// Why the cluster did not run a command, or did not run it to its end: the answer to the request for the upgrade, or the
/// Status of a session that was open. Which of the two tells of a missing container depends on the server's version.
package struct ExecRefusal: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The credentials were not taken; a credential helper can be asked for new ones, once.
        case unauthorized
        /// A role lacks `get` on `pods/exec`, which kubectl can do without.
        case missingRole(AccessRefusal)
        /// A role lacks `create` on `pods/exec`, which servers ask for since 1.35 and then say nothing more.
        case missingCreate
        /// A webhook or policy refused it, or something else that is no role.
        case forbidden
        /// The server does not know the sub-protocols; an older one knows v4.
        case unknownProtocol
        /// Something between here and the API server took the request's `Upgrade` away.
        case upgradeLost
        case podNotFound
        /// The pod is there, and the node that it names is not.
        case nodeNotFound(String)
        case podNotScheduled
        /// It is not in the pod, or it does not run (any more).
        case containerNotFound(String)
        /// The pod has several containers, and none was named.
        case containerNotNamed
        /// The container has no such program, or it cannot be run.
        case commandNotFound
        /// The API server cannot reach the node's kubelet.
        case nodeUnreachable
        case throttled(retryAfterSeconds: Int?)
        /// A page for people came; its title.
        case page(title: String)
        /// Anything else, which ``ExecRefusal/failure`` tells.
        case other
    }

    package let kind: Kind
    package let request: ExecRequest
    /// In the words of the server.
    package let failure: APIFailure

    /// The answer to the request for the upgrade.
    package init(_ answer: HTTPAnswer, to request: ExecRequest) {
        let response = APIResponse(
            code: answer.head.code,
            contentType: answer.head.value(of: "Content-Type") ?? "",
            retryAfter: answer.head.value(of: "Retry-After") ?? "",
            body: answer.body
        )
        // A page is told by its type; an exec's own plain answers have no type at all.
        let failure = APIFailure(response, asked: request.attributes)
        let isEmpty403 = response.code == 403 && response.body.isEmpty
        self.init(
            kind: isEmpty403 ? .unknownProtocol : Kind(failure, text: Self.text(response, failure), request: request),
            request: request,
            failure: failure
        )
    }

    /// The last word of a session that was open.
    init(_ status: Status, to request: ExecRequest) {
        let failure = APIFailure(status, asked: request.attributes)
        self.init(kind: Kind(failure, text: status.message, request: request), request: request, failure: failure)
    }

    private init(kind: Kind, request: ExecRequest, failure: APIFailure) {
        self.kind = kind
        self.request = request
        self.failure = failure
    }

    /// Whether the same request may be taken if it offers v4 alone.
    package var isWorthRetryingWithV4: Bool { kind == .unknownProtocol }

    /// What the server said: its Status, or the plain text of a kubelet.
    private static func text(_ response: APIResponse, _ failure: APIFailure) -> String {
        failure.origin == .server ? failure.status.message : failure.status.causes.first?.message ?? ""
    }
}

extension ExecRequest {
    /// As a role must allow it: with a WebSocket the verb is `get`, because the request is a GET.
    package var attributes: ResourceAttributes {
        ResourceAttributes(verb: "get", resource: "pods", subresource: "exec", namespace: namespace, name: pod)
    }
}
