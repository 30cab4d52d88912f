import KubernetesAPI
import Testing

@Suite("Failures that have no Status")
struct FailureTextTests {
    private let nodes = ResourceAttributes(verb: "list", resource: "nodes")
    private let job = ResourceAttributes(
        verb: "create", group: "batch", resource: "jobs", namespace: "netviz", name: "anchor")

    private func text(_ code: Int, _ body: String = "", type: String = "text/plain", _ asked: ResourceAttributes?)
        -> String
    {
        APIFailure(APIResponse(code: code, contentType: type, body: Array(body.utf8)), asked: asked).description
    }

    @Test("are told in the words of kubectl")
    func synthesised() {
        #expect(
            text(401, "", nodes)
                == "error: You must be logged in to the server (the server has asked for the client to provide credentials (get nodes))"
        )
        #expect(text(403, "go away\n", nodes) == "Error from server (Forbidden): go away (get nodes)")
        #expect(text(403, "", nodes) == "Error from server (Forbidden): unknown (get nodes)")
        #expect(
            text(404, "404 page not found\n", job)
                == "Error from server (NotFound): the server could not find the requested resource (post jobs.batch anchor)"
        )
        #expect(
            text(409, "", job)
                == "Error from server (AlreadyExists): the server reported a conflict (post jobs.batch anchor)")
        #expect(text(409, "", nodes) == "Error from server (Conflict): the server reported a conflict (get nodes)")
        #expect(
            text(429, "Too many requests, please try again later.", nodes)
                == "Error from server (TooManyRequests): the server has received too many requests and has asked us to try again later (get nodes)"
        )
        #expect(
            text(500, "a \"b\"\nc", nodes)
                == #"Error from server (InternalError): an error on the server ("a \"b\"\nc") has prevented the request from succeeding (get nodes)"#
        )
        #expect(
            text(502, "{}", type: "application/json", nil)
                == #"Error from server (InternalError): an error on the server ("unknown") has prevented the request from succeeding"#
        )
        #expect(
            text(503, "", nodes)
                == "Error from server (ServiceUnavailable): the server is currently unable to handle the request (get nodes)"
        )
        #expect(
            text(418, "", nil)
                == "Error from server: the server responded with the status code 418 but did not return more information"
        )
    }

    @Test("keep at most 2048 bytes of what came, made safe for a terminal")
    func longText() {
        let long = text(403, "\u{1B}[2J" + String(repeating: "x", count: 10_000), nil)
        #expect(long.hasPrefix("Error from server (Forbidden): ^[[2Jxxx"))
        #expect(long.utf8.count == 31 + 2048 + 1)
    }

    @Test(
        "may be a login page, whatever its type says",
        arguments: [
            ("text/html; charset=utf-8", "<html><head><TITLE>\n Sign in &amp; go </title></head>"),
            ("", "  <!DOCTYPE html><title>Sign in &amp; go</title>"),
            ("text/plain", "<HTML><title>Sign in & go</title>"),
        ])
    func loginPage(type: String, body: String) {
        for code in [200, 302, 401, 403] {
            let failure = APIFailure(
                APIResponse(code: code, contentType: type, body: Array(body.utf8)), asked: nodes)
            #expect(failure.origin == .page(title: "Sign in & go"))
            #expect(!failure.description.contains("<"))
            #expect(
                failure.explanation?.meaning
                    == "A page for people came instead of the API server's answer: 'Sign in & go'.")
        }
    }

    @Test("behind a proxy request come of what stands there")
    func backend() throws {
        let recording = try HTTPRecording("proxy/pod-404-from-backend.http")
        let failure = APIFailure(recording.response, asked: recording.asked)
        #expect(failure.origin == .backend)
        #expect(!failure.isUnknownResource)
    }

    @Test("are worth a retry only where the server says when")
    func retry() {
        func failure(_ code: Int, _ after: String) -> APIFailure {
            APIFailure(APIResponse(code: code, retryAfter: after, body: []), asked: nil)
        }
        #expect(failure(429, "1").isWorthRetrying)
        #expect(failure(503, " 5 ").retryAfterSeconds == 5)
        #expect(!failure(503, "").isWorthRetrying)
        #expect(!failure(429, "Wed, 21 Oct 2026 07:28:00 GMT").isWorthRetrying)
        #expect(!failure(429, "-1").isWorthRetrying)
        #expect(!failure(404, "1").isWorthRetrying)
    }

    @Test("that are invalid list the fields once each")
    func invalid() {
        func text(_ causes: [Status.Cause], details: Status.Details?) -> String {
            APIFailure(
                Status(code: 422, reason: "Invalid", message: "m", details: details, causes: causes), asked: nil
            ).description
        }
        let pod = Status.Details(name: "p", kind: "Pod")
        let one = Status.Cause(reason: "FieldValueRequired", message: "Required value", field: "spec.containers")
        let two = Status.Cause(reason: "FieldValueInvalid", message: "Invalid value: 0", field: "spec.x")
        #expect(text([one], details: pod) == #"The Pod "p" is invalid: spec.containers: Required value"#)
        #expect(
            text([one, two, one], details: pod)
                == "The Pod \"p\" is invalid: \n* spec.containers: Required value\n* spec.x: Invalid value: 0")
        #expect(text([], details: pod) == #"The Pod "p" is invalid"#)
        #expect(text([], details: nil) == "The request is invalid: m")
        #expect(text([], details: .init()) == "The request is invalid: m")
    }

    @Test(
        "are not read from what is no Status", arguments: ["", "[]", "{}", #"{"kind":"Pod","status":"Failure"}"#, "{"])
    func noStatus(body: String) {
        #expect(Status(json: Array(body.utf8)) == nil)
    }

    @Test("take hostile numbers for none")
    func numbers() {
        let body =
            #"{"status":"Failure","code":1e300,"details":{"retryAfterSeconds":-9223372036854775808,"causes":[{"reason":7}]}}"#
        let status = Status(json: Array(body.utf8))
        #expect(status?.code == 0)
        #expect(status?.retryAfterSeconds == nil)
        #expect(status?.causes == [Status.Cause(reason: "", message: "")])
    }
}
