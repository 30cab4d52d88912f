package import HTTPTransport
package import JSONText
package import KubernetesAPI

/// One request to the API server, by what is wanted of it.
package struct APICall: Sendable {
    package var method: HTTPMethod
    /// From the root of the API, percent-encoded: `/api/v1/nodes`.
    package var path: String
    /// Names and values, not encoded.
    package var query: [(String, String)]
    /// Media types that are understood, the best first.
    package var accept: String
    package var body: [UInt8]?
    package var contentType: String
    package var deadlines: HTTPDeadlines
    /// Whether it has a connection of its own: what is read for long, or slowly, would hold up others on a shared one.
    package var isStream: Bool
    /// Whether a server that asks for it is asked again.
    package var isRetried: Bool
    /// What is done to which resource, for messages; nil where it is none.
    package var asked: ResourceAttributes?
    /// Whether it does no harm when the server does it twice, so that it is sent again where nobody knows if it was
    /// received. What the method says, unless set.
    package var isIdempotent: Bool?

    package init(
        _ method: HTTPMethod,
        _ path: String,
        query: [(String, String)] = [],
        accept: String = "application/json",
        body: JSONTree? = nil,
        contentType: String = "application/json",
        deadlines: HTTPDeadlines = APICall.usualDeadlines,
        isStream: Bool = false,
        isRetried: Bool = true,
        asked: ResourceAttributes? = nil,
        isIdempotent: Bool? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.accept = accept
        self.body = body?.bytes
        self.contentType = contentType
        self.deadlines = deadlines
        self.isStream = isStream
        self.isRetried = isRetried
        self.asked = asked
        self.isIdempotent = isIdempotent
    }

    /// API servers give up after 60 seconds themselves.
    package static let usualDeadlines = HTTPDeadlines(head: .seconds(65), idle: .seconds(60))
}

/// Why the API server did not do what it was asked.
package enum ClusterError: Error, Sendable {
    /// No answer.
    indirect case transport(HTTPError)
    /// An answer that says no. Large and rare, it is kept out of the frames of all tasks that wait for an answer.
    indirect case refused(APIFailure)
    /// There is no credential to ask with, in words and with what helps.
    case credentials(String, remedy: String?)
    /// The answer is not what it should be.
    case unreadable(String)

    /// Whether the task was cancelled, which nobody needs to be told.
    package var isCancellation: Bool {
        if case .transport(let error) = self, error.reason == .cancelled { true } else { false }
    }

    /// The status of the answer; nil where there was none.
    package var status: Int? {
        if case .refused(let failure) = self { failure.code } else { nil }
    }
}
