import KubernetesAPI
import Testing
import WebSocket

@Suite("An exec that is refused")
struct ExecRefusalTests {
    private let request = ExecRequest(
        namespace: "netviz", pod: "p", container: "agent", node: "node-1", command: ["/netviz-collector"], stdin: true)

    private func refusal(_ code: Int, _ body: String, type: String = "application/json", after: String = "")
        -> ExecRefusal
    {
        let head = HTTPHead(
            code: code, reason: "", headers: [.init("content-type", type), .init("Retry-After", after)])
        return ExecRefusal(HTTPAnswer(head: head, body: Array(body.utf8), isComplete: true), to: request)
    }

    private func status(_ code: Int, _ reason: String, _ message: String) -> String {
        let message = message.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return #"{"kind":"Status","status":"Failure","message":"\#(message)","reason":"\#(reason)","code":\#(code)}"#
    }

    @Test("because the control plane does not reach the kubelet names the node")
    func unreachable() {
        let text = "error dialing backend: dial tcp 10.0.0.5:10250: i/o timeout"
        for refusal in [refusal(500, status(500, "InternalError", text)), refusal(502, text, type: "text/plain")] {
            #expect(refusal.kind == .nodeUnreachable)
            #expect(
                refusal.description
                    == "the API server cannot reach the kubelet of the node node-1: error dialing backend: dial tcp 10.0.0.5:10250: i/o timeout"
            )
            #expect(refusal.remedy?.contains("port 10250") == true)
        }
    }

    @Test("with an empty 403 did not know the sub-protocol, and is worth another try with v4")
    func emptyForbidden() {
        #expect(refusal(403, "", type: "").isWorthRetryingWithV4)
        #expect(!refusal(403, status(403, "Forbidden", "no")).isWorthRetryingWithV4)
        #expect(refusal(403, status(403, "Forbidden", "no")).kind == .forbidden)
    }

    @Test("by a webhook says so")
    func webhook() {
        let text = #"pods "p" is forbidden: admission webhook "exec.example.com" denied the request: not in production"#
        let refused = refusal(403, status(403, "Forbidden", text))
        #expect(refused.kind == .forbidden)
        #expect(refused.description == "Error from server (Forbidden): \(text)")
        #expect(refused.remedy?.hasPrefix("Ask those who run the cluster for an exemption") == true)
    }

    @Test("because there is too much to do tells when to come again")
    func throttled() {
        #expect(refusal(429, "slow down", type: "text/plain", after: "3").kind == .throttled(retryAfterSeconds: 3))
        #expect(refusal(429, "", type: "").kind == .throttled(retryAfterSeconds: nil))
    }

    @Test("by a login page shows its title, not the page")
    func page() {
        let refused = refusal(200, "<html><title>Single sign-on</title><body>x", type: "text/html")
        #expect(refused.kind == .page(title: "Single sign-on"))
        #expect(!refused.description.contains("<"))
        #expect(refused.remedy?.contains("log in") == true)
    }

    @Test(
        "for the pod's sake is told whether the API server, the kubelet or the runtime says so",
        arguments: [
            (404, "pods \"p\" not found", "NotFound", ExecRefusal.Kind.podNotFound),
            (404, "pod does not exist", "", .podNotFound),
            (500, "container not found (\"agent\")", "", .containerNotFound("agent")),
            (
                500, "Internal error occurred: unable to upgrade connection: container not found (\"agent\")",
                "InternalError", .containerNotFound("agent")
            ),
            (400, "container agent is not valid for pod p", "BadRequest", .containerNotFound("agent")),
            (400, "pod p does not have a host assigned", "BadRequest", .podNotScheduled),
            (
                400, "a container name must be specified for pod p, choose one of: [a b]", "BadRequest",
                .containerNotNamed
            ),
            (400, "Upgrade request required", "BadRequest", .upgradeLost),
            (
                500,
                "error executing command in container: failed to exec in container: OCI runtime exec failed: exec: \"x\": executable file not found in $PATH",
                "InternalError", .commandNotFound
            ), (500, "something else", "InternalError", .other),
        ])
    func pod(code: Int, text: String, reason: String, kind: ExecRefusal.Kind) {
        let body = reason.isEmpty ? text : status(code, reason, text)
        #expect(refusal(code, body, type: reason.isEmpty ? "text/plain" : "application/json").kind == kind)
    }

    @Test("prints hostile text safely")
    func hostile() {
        #expect(refusal(500, "\u{1B}[2J\nx", type: "text/plain").description == "Error from server: ^[[2J^Jx")
    }
}
