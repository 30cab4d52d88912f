extension Status {
    /// So much of a body is taken into a message, as client-go does.
    private static let longestText = 2048

    /// Makes a Status where the server sent none, in the words of client-go (`NewGenericServerResponse`).
    package init(synthesisedFrom response: APIResponse, asked: ResourceAttributes?) {
        let text = Self.text(of: response)
        var (reason, message) = Self.words(code: response.code, text: text, verb: asked?.verb)
        if let asked, !asked.resource.isEmpty {
            let resource = asked.group.isEmpty ? asked.resource : "\(asked.resource).\(asked.group)"
            let name = asked.name.isEmpty ? "" : " \(asked.name)"
            message += " (\(Self.method(of: asked.verb)) \(resource)\(name))"
        }
        if reason == "Forbidden", message.isEmpty { reason = "" }
        self.init(
            code: response.code,
            reason: reason,
            message: message,
            details: asked.map { Details(name: $0.name, group: $0.group, kind: $0.resource) },
            causes: [Cause(reason: "UnexpectedServerResponse", message: text)],
            retryAfterSeconds: response.retryAfterSeconds
        )
    }

    private static func words(code: Int, text: String, verb: String?) -> (reason: String, message: String) {
        switch code {
        case 400: ("BadRequest", "the server rejected our request for an unknown reason")
        case 401: ("Unauthorized", "the server has asked for the client to provide credentials")
        case 403: ("Forbidden", text)
        case 404: ("NotFound", "the server could not find the requested resource")
        case 405: ("MethodNotAllowed", "the server does not allow this method on the requested resource")
        case 406:
            (
                "NotAcceptable",
                text == unknown
                    ? "the server was unable to respond with a content type that the client supports" : text
            )
        case 409: (verb == "create" ? "AlreadyExists" : "Conflict", "the server reported a conflict")
        case 415: ("UnsupportedMediaType", text)
        case 422: ("Invalid", "the server rejected our request due to an error in our request")
        case 429: ("TooManyRequests", "the server has received too many requests and has asked us to try again later")
        case 503: ("ServiceUnavailable", unavailable)
        case 504:
            (
                "Timeout",
                "the server was unable to return a response in the time allotted, but may still be processing the request"
            )
        case 500...:
            (
                "InternalError",
                "an error on the server (\"\(quotable(text))\") has prevented the request from succeeding"
            )
        default:
            ("", "the server responded with the status code \(code) but did not return more information")
        }
    }

    private static let unknown = "unknown"
    static let unavailable = "the server is currently unable to handle the request"

    /// What the body says, where it is text for people.
    private static func text(of response: APIResponse) -> String {
        // Nobody reads a page on a terminal.
        if response.isHTML { return "the page '\(HTMLPage.title(response.body))'" }
        guard response.mediaType.isEmpty || response.mediaType.hasPrefix("text/") else { return unknown }
        let text = String(decoding: response.body.prefix(longestText), as: UTF8.self)
        let trimmed = text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()
        return trimmed.isEmpty ? unknown : String(trimmed)
    }

    private static func quotable(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    /// The HTTP method of a verb, in small letters.
    private static func method(of verb: String) -> String {
        switch verb {
        case "get", "list", "watch": "get"
        case "create": "post"
        case "update": "put"
        case "delete", "deletecollection": "delete"
        default: verb
        }
    }
}
