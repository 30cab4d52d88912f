import TestSupport
import Testing

/// What the API server answers to the execs of one node, and what is said of that.
struct ExecRefusalCase: Sendable, CustomTestStringConvertible {
    let name: String
    /// What the fake API server does; `POD` stands for nothing special in it.
    let action: String
    /// What follows "was lost: " in the node's reason, up to the end of the sentence; `POD` stands for the pod's name.
    /// Nil where the run is whole all the same.
    let reason: String?
    /// Of the node's execs these.
    var nth = ""

    var testDescription: String { name }
}

@Suite("Execs that are refused")
struct ExecRefusalTests {
    private static let pod = "; See what became of the pod: kubectl get pod -n default POD"

    static let cases = [
        ExecRefusalCase(
            name: "400 for a container that is not the pod's",
            action: RunningCluster.status(400, "BadRequest", "container collector is not valid for pod p"),
            reason: "the container collector of the pod default/POD is not there or does not run" + pod),
        ExecRefusalCase(
            name: "400 for a pod without a node",
            action: RunningCluster.status(400, "BadRequest", "pod p does not have a host assigned"),
            reason: "the pod default/POD has no node yet; See why: kubectl describe pod -n default POD"),
        ExecRefusalCase(
            name: "400 from a server that saw no upgrade",
            action: RunningCluster.status(400, "BadRequest", "Upgrade request required"),
            reason:
                "the server saw no request for an upgrade: something before it does not let WebSocket connections through; Let the proxy or load balancer before the API server pass 'Connection: Upgrade' on, or reach the API server without it."
        ),
        ExecRefusalCase(
            name: "403 by a role",
            action: RunningCluster.status(
                403, "Forbidden",
                "pods \"p\" is forbidden: User \"eve\" cannot get resource \"pods/exec\" in API group \"\" in the namespace \"default\""
            ),
            reason:
                #"Error from server (Forbidden): pods "p" is forbidden: User "eve" cannot get resource "pods/exec" in API group "" in the namespace "default"; Ask for a Role in the namespace default with this rule: - apiGroups: [""] resources: ["pods/exec"] verbs: ["get", "create"]"#
        ),
        ExecRefusalCase(
            name: "403 by a webhook",
            action: RunningCluster.status(
                403, "Forbidden",
                "pods \"p\" is forbidden: admission webhook \"exec.example.com\" denied the request: not \u{1B}[2Jhere"),
            reason:
                #"Error from server (Forbidden): pods "p" is forbidden: admission webhook "exec.example.com" denied the request: not ^[[2Jhere; Ask those who run the cluster for an exemption, or choose a namespace that has one with --collector-namespace."#
        ),
        ExecRefusalCase(
            name: "403 without a word, once", action: #"{"status": 403, "body": ""}"#, reason: nil,
            nth: #", "nth": 1"#),
        ExecRefusalCase(
            name: "404 for the pod", action: RunningCluster.status(404, "NotFound", "pods \"p\" not found"),
            reason: "there is no pod default/POD" + pod),
        ExecRefusalCase(
            name: "404 of the kubelet, in plain text", action: #"{"status": 404, "body": "pod does not exist"}"#,
            reason: "there is no pod default/POD" + pod),
        ExecRefusalCase(
            name: "405", action: #"{"status": 405, "body": "bad method", "headers": {"Connection": "close"}}"#,
            reason: #"Error from server: bad method"#),
        ExecRefusalCase(
            name: "429 once, with Retry-After",
            action: #"{"status": 429, "body": "too many", "headers": {"Retry-After": "1"}}"#, reason: nil,
            nth: #", "nth": 1"#),
        ExecRefusalCase(
            name: "429 with a Retry-After that nobody waits for",
            action: #"{"status": 429, "body": "too many", "headers": {"Retry-After": "3600"}}"#,
            reason:
                #"Error from server (TooManyRequests): the server has received too many requests and has asked us to try again later (get pods POD); Try again later."#
        ),
        ExecRefusalCase(
            name: "500 of the kubelet for a container, in plain text",
            action: #"{"status": 500, "body": "container not found (\"collector\")"}"#,
            reason: "the container collector of the pod default/POD is not there or does not run" + pod),
        ExecRefusalCase(
            name: "500 as a Status",
            action: RunningCluster.status(500, "InternalError", "Internal error occurred: etcd \u{1B}]0;x is gone"),
            reason: #"Error from server (InternalError): Internal error occurred: etcd ^[]0;x is gone"#),
        ExecRefusalCase(
            name: "502 of the konnectivity server",
            action: #"{"status": 502, "body": "error dialing backend: No agent available"}"#,
            reason:
                "the API server cannot reach the kubelet of the node n2: error dialing backend: No agent available; Let the control plane reach the node's port 10250 (firewall, security group, konnectivity agent); kubectl logs and exec fail on this node too."
        ),
        ExecRefusalCase(
            name: "503 of a load balancer, as a page",
            action:
                #"{"status": 503, "body": "<html><head><title>503 \u001b[2JService Unavailable</title></head></html>", "content_type": "text/html"}"#,
            reason:
                #"a page for people came instead of the API server's answer (HTTP status 503): '503 ^[[2JService Unavailable'; Something between here and the API server cannot reach it, or the server's address in the kubeconfig is that of something else."#
        ),
        ExecRefusalCase(
            name: "200 with a page to log in",
            action:
                #"{"status": 200, "body": "<html><head><title>Sign on</title></head></html>", "content_type": "text/html"}"#,
            reason:
                #"a page for people came instead of the API server's answer (HTTP status 200): 'Sign on'; Something between here and the API server wants you to log in, or the server's address in the kubeconfig is that of something else."#
        ),
        ExecRefusalCase(
            name: "302 to a page to log in",
            action: #"{"status": 302, "body": "", "headers": {"Location": "https://login.example/"}}"#,
            reason:
                #"Error from server: the server responded with the status code 302 but did not return more information (get pods POD); Something between here and the API server wants you to log in, or the server's address in the kubeconfig is that of something else."#
        ),
    ]

    @Test("cost their node, with the reason in the server's words and what helps, or are asked again", arguments: cases)
    func refusal(_ refusal: ExecRefusalCase) async throws {
        try await withSmallCluster { cluster in
            try cluster.fault(#"{"path": "/exec$", "node": "n2", "query": "-L"\#(refusal.nth)}"#, refusal.action)

            let result = try await cluster.flows()

            #expect(result.status == .exited(0))
            #expect(result.pairs == smallClusterPairs)
            let coverage = (result.errorLines.last ?? "").replacing(
                /netviz-[a-z0-9]+-[a-z0-9]+|netviz-[a-z0-9]{4,}/, with: "POD")
            if let reason = refusal.reason {
                #expect(
                    coverage.hasPrefix(
                        "2 of 3 nodes, 0.5 s window; n2: the connection to 'conntrack -L -o extended,id' was lost: \(reason); 0 entries came; n1, n3: read"
                    ), "\(coverage)")
            } else {
                #expect(coverage.hasPrefix("3 of 3 nodes, 0.5 s window"), "\(coverage)")
            }
            #expect(try await cluster.leftovers() == [])
        }
    }
}

/// What the API server answers when nodes are listed, and what becomes of the run.
struct ListRefusalCase: Sendable, CustomTestStringConvertible {
    let name: String
    let action: String
    /// Lines of standard error; the first follows `error: `.
    let told: [String]

    var testDescription: String { name }
}

@Suite("Lists that are refused")
struct ListRefusalTests {
    private static let login =
        "Something between here and the API server wants you to log in, or the server's address in the kubeconfig is that of something else."

    static let cases = [
        ListRefusalCase(
            name: "400", action: #"{"recorded": "errors/400-label-selector.http"}"#,
            told: [
                "Error from server (BadRequest): unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"
            ]),
        ListRefusalCase(
            name: "403 by a role", action: #"{"recorded": "errors/403-list-nodes.http"}"#,
            told: [
                #"Error from server (Forbidden): nodes is forbidden: User "system:serviceaccount:nv-test:exec-none" cannot list resource "nodes" in API group "" at the cluster scope"#,
                "Ask for a ClusterRole with this rule:", #"    - apiGroups: [""]"#, #"      resources: ["nodes"]"#,
                #"      verbs: ["list"]"#,
            ]),
        ListRefusalCase(
            name: "404 of something that is no API server",
            action: #"{"status": 404, "body": "404 page \u001b[2Jnot found"}"#,
            told: ["Error from server (NotFound): the server could not find the requested resource (get nodes)"]),
        ListRefusalCase(
            name: "406", action: #"{"recorded": "errors/406.http"}"#,
            told: [
                "Error from server (NotAcceptable): 406: Not Acceptable",
                "Available representations: application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch",
            ]),
        ListRefusalCase(
            name: "500 with an escape",
            action: RunningCluster.status(500, "InternalError", "Internal error occurred: etcd \u{1B}[2J is gone"),
            told: ["Error from server (InternalError): Internal error occurred: etcd ^[[2J is gone"]),
        ListRefusalCase(
            name: "503 of a load balancer, as a page",
            action:
                #"{"status": 503, "body": "<html><title>503 Service Unavailable</title></html>", "content_type": "text/html"}"#,
            told: [
                "Error from server (ServiceUnavailable): the server is currently unable to handle the request (get nodes)",
                "A page for people came instead of the API server's answer: '503 Service Unavailable'. Something between here and the API server cannot reach it, or the server's address in the kubeconfig is that of something else.",
            ]),
        ListRefusalCase(
            name: "504", action: #"{"recorded": "errors/504-rv-too-large.http"}"#,
            told: ["Error from server (Timeout): Timeout: Too large resource version: 999999999, current: 1144"]),
        ListRefusalCase(
            name: "200 with a page to log in",
            action:
                #"{"status": 200, "body": "<html><title>Sign \u001b[2Jon</title></html>", "content_type": "text/html"}"#,
            told: [
                "Error from server: the server responded with the status code 200 but did not return more information (get nodes)",
                "A page for people came instead of the API server's answer: 'Sign ^[[2Jon'. " + login,
            ]),
        ListRefusalCase(
            name: "302 to a page to log in",
            action: #"{"status": 302, "body": "", "headers": {"Location": "https://login.example/"}}"#,
            told: [
                "Error from server: the server responded with the status code 302 but did not return more information (get nodes)",
                login,
            ]),
        ListRefusalCase(
            name: "200 with something else than a list",
            action: #"{"status": 200, "body": "hello \u001b[2J", "content_type": "text/plain"}"#,
            told: [
                "SERVER: the list of nodes is of the type 'text/plain'; something other than an API server may have answered"
            ]),
    ]

    @Test("end the run with the server's words and what helps, and nothing is made", arguments: cases)
    func refusal(_ refusal: ListRefusalCase) async throws {
        try await withSmallCluster { cluster in
            try cluster.fault(#"{"method": "GET", "path": "^/api/v1/nodes$"}"#, refusal.action)

            let result = try await cluster.flows()

            #expect(result.status == .exited(5))
            #expect(result.output.isEmpty)
            let lines = result.errorLines.map { $0.replacing("127.0.0.1:\(cluster.server.port)", with: "SERVER") }
            #expect(lines == ["error: " + refusal.told[0]] + refusal.told.dropFirst())
            #expect(try cluster.requests("POST", "/pods").isEmpty)
            #expect(try cluster.requests("POST", "/jobs").isEmpty)
        }
    }
}
