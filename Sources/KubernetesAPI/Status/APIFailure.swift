/// The API server did not do what it was asked. Its description is what kubectl would print.
package struct APIFailure: Error, Hashable, Sendable {
    package enum Origin: Hashable, Sendable {
        /// The API server said so, with a Status.
        case server
        /// The answer has no Status; ours is made of the HTTP status, as kubectl makes it.
        case httpStatus
        /// Something between us and the API server answered with a page for people, with this title.
        case page(title: String)
        /// The pod, service or node behind a proxy request answered.
        case backend
    }

    package let code: Int
    package let status: Status
    package let origin: Origin
    /// What was asked; nil where it was no resource.
    package let asked: ResourceAttributes?
    /// After how many seconds the server wants to be asked again; nil where it did not say.
    package let retryAfterSeconds: Int?

    /// - Parameters:
    ///   - asked: what the request was about.
    ///   - status: what the body says, where somebody else read it, as from protobuf. JSON is read here.
    package init(_ response: APIResponse, asked: ResourceAttributes?, status: Status? = nil) {
        let told = status ?? Status(json: response.body)
        code = response.code
        self.asked = asked
        if let told, told.outcome == .failure {
            self.status = told
            origin = .server
        } else {
            self.status = Status(synthesisedFrom: response, asked: asked)
            if asked?.subresource == "proxy" {
                origin = .backend
            } else if response.isHTML {
                origin = .page(title: HTMLPage.title(response.body))
            } else {
                origin = .httpStatus
            }
        }
        retryAfterSeconds = response.retryAfterSeconds ?? self.status.retryAfterSeconds
    }

    /// Takes a Status that came otherwise than as an answer, as the event of a watch or the last word of an exec.
    package init(_ status: Status, asked: ResourceAttributes?) {
        code = status.code
        self.status = status
        origin = .server
        self.asked = asked
        retryAfterSeconds = status.retryAfterSeconds
    }

    /// Whether it may work the next time; only where the server says when to ask again, as client-go does.
    package var isWorthRetrying: Bool {
        (code == 429 || code >= 500) && retryAfterSeconds != nil
    }

    /// Whether the credentials were not taken, so that a credential helper can be asked for new ones.
    package var isUnauthorized: Bool { code == 401 || status.reason == "Unauthorized" }

    /// Whether the object is not there.
    package var isNotFound: Bool { status.reason == "NotFound" && status.details?.name.isEmpty == false }

    /// Whether the server does not know the resource, or its group, at all.
    package var isUnknownResource: Bool { code == 404 && !isNotFound && origin != .backend }

    /// Whether the list has to be begun anew.
    package var isExpired: Bool { code == 410 || status.reason == "Expired" || status.reason == "Gone" }
}
