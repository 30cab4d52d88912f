import TestSupport
import Testing

@Suite("What a run asks the API server, and what it makes of the answers")
struct ListingTests {
    @Test("A run over three nodes tells what their tables hold, named by the cluster, and leaves nothing there")
    func goodRun() async throws {
        try await withSmallCluster { cluster in
            let result = try await cluster.flows()

            #expect(result.status == .exited(0))
            #expect(
                result.cells.map { Array($0.prefix(7)) } == [
                    ["SOURCE", "DESTINATION", "SERVICE", "PORT", "PROTO", "CONNS", "NEW"],
                    ["shop/api", "shop/db", "-", "5432", "TCP", "1", "0"],
                    ["shop/web", "shop/api", "shop/api:http", "8080", "TCP", "1", "0"],
                ])
            #expect(
                result.errorLines == [
                    "3 of 3 nodes, 0.5 s window; n1, n2, n3: read as conntrack's text without netviz-collector, clock not compared"
                ])
            #expect(try cluster.nodesOfCreatedPods().sorted() == ["n1", "n2", "n3"])
            #expect(try await cluster.leftovers() == [])

            let deletions = try cluster.server.log().filter { $0.method == "DELETE" }
            #expect(deletions.map(\.path.description).allSatisfy { $0.contains("/default/jobs/netviz-") })
            #expect(deletions.count == 1)
            let options = try JSONValue(parsing: Array((deletions.first?.body ?? "").utf8))
            #expect(options["propagationPolicy"] == "Background")
        }
    }

    @Test("The requests say who asks, and never begin a name with which servers print for people")
    func requestFields() async throws {
        try await withSmallCluster { cluster in
            #expect(try await cluster.flows().succeeded)
            for request in try cluster.server.log() {
                #expect(request.header("User-Agent")?.hasPrefix("kubectl-netviz/") == true)
                #expect(request.header("Kubectl-Command") == "kubectl netviz")
            }
            let lists = try cluster.requests("GET", "/api/v1/pods")
            #expect(lists.first?.header("Accept") == "application/vnd.kubernetes.protobuf,application/json")
        }
    }

    @Test("Nodes that take no collector are told with the reason, and get no pod")
    func skippedNodes() async throws {
        let nodes = [
            SmallCluster.node("win", system: "windows"), SmallCluster.node("gone", ready: "Unknown"),
            SmallCluster.node("fargate-1", labels: #", "eks.amazonaws.com/compute-type": "fargate""#),
        ]
        try await withSmallCluster(objects: nodes + [SmallCluster.endpointSlice]) { cluster in
            let result = try await cluster.flows()

            #expect(result.status == .exited(0))
            #expect(result.pairs == smallClusterPairs)
            #expect(
                result.errorLines == [
                    "3 of 6 nodes, 0.5 s window; fargate-1: is an AWS Fargate node, which takes no privileged pod; its connections show where they reach other nodes; gone: is not ready (NodeStatusUnknown); see 'kubectl describe node gone'; win: runs windows, and only Linux has a connection tracking table; its connections show where they reach Linux nodes; n1, n2, n3: read as conntrack's text without netviz-collector, clock not compared"
                ])
            #expect(try cluster.nodesOfCreatedPods().sorted() == ["n1", "n2", "n3"])
        }
    }

    @Test("--node-selector leaves the other nodes alone")
    func nodeSelector() async throws {
        let pool = SmallCluster.node("n4", address: "192.168.0.4", labels: #", "pool": "idle""#)
        try await withSmallCluster(objects: [pool, SmallCluster.endpointSlice]) { cluster in
            let result = try await cluster.flows(["--node-selector", "pool!=idle"])

            #expect(result.status == .exited(0))
            #expect(result.pairs == smallClusterPairs)
            #expect(
                result.errorLines.joined(separator: "\n").hasPrefix(
                    "3 of 4 nodes, 0.5 s window; n4: not selected by --node-selector; "))
            #expect(try cluster.nodesOfCreatedPods().sorted() == ["n1", "n2", "n3"])
        }
    }

    @Test(
        "Services are named by whatever kind of endpoints the server has",
        arguments: [
            ("v1", SmallCluster.endpointSlice, "/apis/discovery.k8s.io/v1/endpointslices"),
            (
                "v1beta1",
                SmallCluster.endpointSlice.replacing("discovery.k8s.io/v1", with: "discovery.k8s.io/v1beta1"),
                "/apis/discovery.k8s.io/v1beta1/endpointslices"
            ), ("none", SmallCluster.endpoints, "/api/v1/endpoints"),
        ])
    func endpoints(version: String, object: String, path: String) async throws {
        try await withSmallCluster(["--endpoints", version], objects: [object]) { cluster in
            let result = try await cluster.flows()

            #expect(result.status == .exited(0))
            #expect(result.cells.dropFirst().map { $0[2] } == ["-", "shop/api:http"])
            #expect(try cluster.requests("GET", path).first?.status == 200)
        }
    }

    @Test("A server that knows no protobuf is asked for JSON")
    func jsonOnly() async throws {
        try await withSmallCluster { cluster in
            try cluster.fault(
                #"{"path": "^/api/v1/(pods|nodes|services)$", "to": 3}"#,
                RunningCluster.status(
                    406, "NotAcceptable", "only the following media types are accepted: application/json"))

            let result = try await cluster.flows()

            #expect(result.status == .exited(0))
            #expect(result.pairs == smallClusterPairs)
            let accepted = try cluster.requests("GET", "/api/v1/pods").prefix(2).map { $0.header("Accept") }
            #expect(accepted == ["application/vnd.kubernetes.protobuf,application/json", "application/json"])
        }
    }

    @Test("--chunk-size lists page by page, and 0 all at once")
    func pages() async throws {
        try await withSmallCluster { cluster in
            let paged = try await cluster.flows(["--chunk-size", "2"])
            #expect(paged.pairs == smallClusterPairs)
            let pages = try cluster.requests("GET", "/api/v1/pods").filter { $0.parameters("watch").isEmpty }
            #expect(pages.count == 3)
            #expect(pages.allSatisfy { $0.parameters("limit") == ["2"] })
            #expect(pages.map { $0.parameters("continue").count } == [0, 1, 1])

            try cluster.server.control("log", #"{"clear": true}"#)
            #expect(try await cluster.flows(["--chunk-size", "0"]).pairs == smallClusterPairs)
            let lists = try cluster.requests("GET", "/api/v1/pods").filter { $0.parameters("watch").isEmpty }
            #expect(lists.map { $0.parameters("limit") } == [[]])
            #expect(lists.map { $0.parameters("resourceVersion") } == [["0"]])
        }
    }

    @Test("A list whose pages the server forgot is begun anew, in one page")
    func expiredPage() async throws {
        try await withSmallCluster { cluster in
            try cluster.fault(
                #"{"path": "^/api/v1/pods$", "query": "continue", "nth": 1}"#,
                RunningCluster.status(410, "Expired", "The provided continue parameter is too old"))

            let result = try await cluster.flows(["--chunk-size", "2"])

            #expect(result.status == .exited(0))
            #expect(result.pairs == smallClusterPairs)
            let lists = try cluster.requests("GET", "/api/v1/pods").filter { $0.parameters("watch").isEmpty }
            #expect(lists.map(\.status) == [200, 410, 200])
            #expect(lists.last?.parameters("limit") == [])
        }
    }

    @Test("A list that breaks off is asked for once more")
    func brokenList() async throws {
        try await withSmallCluster { cluster in
            try cluster.fault(#"{"path": "^/api/v1/pods$", "nth": 1}"#, #"{"cut": "middle"}"#)

            let result = try await cluster.flows()

            #expect(result.status == .exited(0))
            #expect(result.pairs == smallClusterPairs)
            #expect(result.errorLines.count == 1)
        }
    }

    @Test("A list that always breaks off ends the run before anything is made")
    func alwaysBrokenList() async throws {
        try await withSmallCluster { cluster in
            try cluster.fault(#"{"path": "^/api/v1/pods$"}"#, #"{"cut": "middle", "after_bytes": 100}"#)

            let result = try await cluster.flows()

            #expect(result.status == .exited(5))
            #expect(result.output.isEmpty)
            #expect(
                result.errorLines == [
                    "error: Unable to connect to the server: 127.0.0.1:\(cluster.server.port): connection closed by the server before the end, after 100 bytes"
                ])
            #expect(try cluster.requests("POST", "/pods").isEmpty)
        }
    }

    @Test("A server that is busy is asked again when it says")
    func tooManyRequests() async throws {
        try await withSmallCluster { cluster in
            try cluster.fault(
                #"{"path": "^/api/v1/nodes$", "nth": 1}"#,
                #"{"status": 429, "body": "x", "headers": {"Retry-After": "1"}}"#)

            let result = try await cluster.flows()

            #expect(result.status == .exited(0))
            #expect(result.pairs == smallClusterPairs)
            let requests = try cluster.requests("GET", "/api/v1/nodes")
            #expect(requests.prefix(2).map(\.status) == [429, 200])
            #expect(requests[1].time - requests[0].time >= 1)
        }
    }

    @Test("What may not be listed and is not needed costs a warning, not the result")
    func forbiddenServices() async throws {
        try await withSmallCluster { cluster in
            try cluster.server.control(
                "access", #"{"refuse": [{"verb": "list", "resource": "services", "reason": "no"}]}"#)

            let result = try await cluster.flows()

            #expect(result.status == .exited(0))
            #expect(result.cells.dropFirst().map { $0[2] } == ["-", "-"])
            #expect(
                result.errorLines.first?.hasPrefix(
                    "warning: services cannot be listed, so that Services are not named: The user ")
                    == true)
        }
    }

    @Test("What may not be listed and is needed ends the run, with the rule that is missing")
    func forbiddenPods() async throws {
        try await withSmallCluster { cluster in
            try cluster.server.control("access", #"{"refuse": [{"verb": "list", "resource": "pods", "reason": ""}]}"#)

            let result = try await cluster.flows()

            #expect(result.status == .exited(5))
            #expect(result.output.isEmpty)
            #expect(try cluster.requests("POST", "/pods").isEmpty)
        }
    }

    @Test("A page for people in the API server's place is told by its title, without escapes")
    func page() async throws {
        try await withSmallCluster { cluster in
            try cluster.fault(
                #"{"path": "^/api/v1/nodes$"}"#,
                #"{"status": 500, "body": "<html><title>Log \u001b[31min</title>", "content_type": "text/html"}"#)

            let result = try await cluster.flows()

            #expect(result.status == .exited(5))
            #expect(
                result.errorLines == [
                    "error: Error from server (InternalError): an error on the server (\"the page 'Log ^[[31min'\") has prevented the request from succeeding (get nodes)",
                    "A page for people came instead of the API server's answer: 'Log ^[[31min'. Something between here and the API server cannot reach it, or the server's address in the kubeconfig is that of something else.",
                ])
        }
    }
}
