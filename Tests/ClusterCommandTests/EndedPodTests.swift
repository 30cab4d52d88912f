import TestSupport
import Testing

/// How a collector's pod ends while its node is read, and what is said of it.
struct EndedPod: Sendable, CustomTestStringConvertible {
    let name: String
    /// What is posted to the fake API server's control, and the members that follow the pod's name there.
    let control: String
    let document: String
    /// What the coverage says of the node.
    let reason: String

    var testDescription: String { name }
}

@Suite("A pod that ends while its node is read")
struct EndedPodTests {
    private static let disruption =
        #"{"type": "DisruptionTarget", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z""#

    static let ends = [
        EndedPod(
            name: "evicted by its kubelet", control: "finish-pod",
            document: #"""
                "exit": 137, "status": {"reason": "Evicted", "message": "The node was low on resource: \u001b[2Jmemory. ", "conditions": [\#(disruption), "reason": "TerminationByKubelet", "message": "The node was low on resource: memory. "}]}
                """#,
            reason: "the collector's pod was evicted: The node was low on resource: ^[[2Jmemory. "),
        EndedPod(
            name: "evicted through the API", control: "delete-pod",
            document: #"""
                "grace": 1, "condition": \#(disruption), "reason": "EvictionByEvictionAPI", "message": "Eviction API: evicting"}
                """#,
            reason: "the collector's pod was evicted: Eviction API: evicting"),
        EndedPod(
            name: "preempted", control: "delete-pod",
            document: #"""
                "grace": 1, "condition": \#(disruption), "reason": "PreemptionByScheduler", "message": "default-scheduler: preempting to accommodate a higher priority pod"}
                """#,
            reason:
                "the collector's pod was evicted: default-scheduler: preempting to accommodate a higher priority pod"),
        EndedPod(
            name: "deleted by somebody", control: "delete-pod", document: #""grace": 1"#,
            reason: "somebody deleted the collector's pod"),
        EndedPod(
            name: "deleted by force", control: "delete-pod", document: #""grace": 0"#,
            reason: "somebody deleted the collector's pod"),
        EndedPod(
            name: "killed for want of memory", control: "finish-pod",
            document: #""exit": 137, "terminated": {"reason": "OOMKilled"}"#,
            reason: "the collector's container was killed for want of memory (OOMKilled)"),
        EndedPod(
            name: "whose deadline passed", control: "finish-pod",
            document:
                #""exit": 137, "status": {"reason": "DeadlineExceeded", "message": "Pod was active on the node longer than the specified deadline"}"#,
            reason: "the deadline of the collector's pod passed"),
        EndedPod(
            name: "whose process ended by itself", control: "finish-pod", document: #""exit": 3"#,
            reason: "the collector's pod ended by itself with exit code 3 (Error)"),
    ]

    @Test("costs its node, with the true reason, and no other", arguments: ends)
    func withinListing(_ end: EndedPod) async throws {
        try await withSmallCluster { cluster in
            try cluster.fault(
                #"{"path": "/exec$", "node": "n2", "query": "-L"}"#, #"{"pause": {"after_bytes": 0, "seconds": 60}}"#)
            async let running = cluster.flows()
            try await cluster.endPod(on: "n2", by: end, when: "-L")
            let result = try await running

            #expect(result.status == .exited(0))
            #expect(result.pairs == smallClusterPairs)
            #expect(
                result.errorText.contains(
                    "; n2: the connection to 'conntrack -L -o extended,id' was lost: \(end.reason); 0 entries came; n1, n3: read"
                ), "\(result.errorText)")
            #expect(!result.errorText.contains("is not there"))
            #expect(try await cluster.leftovers() == [])
        }
    }

    @Test("is told from the reason of a session whose connection breaks together with it")
    func connectionBroken() async throws {
        try await withSmallCluster { cluster in
            try cluster.fault(
                #"{"path": "/exec$", "node": "n2", "query": "-L"}"#,
                #"{"pause": {"after_bytes": 0, "seconds": 60}, "no_status": true}"#)
            async let running = cluster.flows()
            try await cluster.endPod(on: "n2", by: Self.ends[3], when: "-L")
            let result = try await running

            #expect(result.errorText.contains("was lost: somebody deleted the collector's pod; 0 entries came"))
        }
    }

    @Test("between two listings is told when the second one cannot begin", arguments: ends)
    func withinWindow(_ end: EndedPod) async throws {
        try await withSmallCluster { cluster in
            async let running = cluster.netviz(["flows", "--window", "4s", "--all"])
            try await cluster.endPod(on: "n2", by: end, when: "-L")
            let result = try await running

            #expect(result.status == .exited(0))
            #expect(result.pairs == smallClusterPairs)
            #expect(result.errorLines.contains { $0.hasPrefix("2 of 3 nodes, 0.5 s window; n2: ") })
            #expect(result.errorText.contains("was lost: \(end.reason)"), "\(result.errorText)")
            #expect(!result.errorText.contains("is not there"))
        }
    }

    @Test("leaves an exit code that says so when it is the only one")
    func everyNode() async throws {
        try await withSmallCluster { cluster in
            try cluster.fault(
                #"{"path": "/exec$", "query": "-L"}"#, #"{"pause": {"after_bytes": 0, "seconds": 60}}"#)
            async let running = cluster.flows()
            for node in ["n1", "n2", "n3"] { try await cluster.endPod(on: node, by: Self.ends[0], when: "-L") }
            let result = try await running

            #expect(result.status == .exited(3))
            #expect(result.errorText.contains("0 of 3 nodes"))
            #expect(result.errorText.contains("the collector's pod was evicted: The node was low on resource"))
            #expect(try await cluster.leftovers() == [])
        }
    }
}

extension RunningCluster {
    /// Ends the collector's pod of a node as soon as a command was begun in it.
    fileprivate func endPod(on node: String, by end: EndedPod, when argument: String) async throws {
        let pods = try await collectorPods(on: node, when: argument)
        let pod = try #require(pods)
        // The server has written the request down, and begins the session.
        try await Task.sleep(for: .milliseconds(200))
        try server.control(end.control, #"{"namespace": "default", "name": "\#(pod)", \#(end.document)}"#)
    }

    private func collectorPods(on node: String, when argument: String) async throws -> String? {
        var name: String?
        try await awaitRequest("GET", "/exec") { request in
            let pod = String(request.path.split(separator: "/").dropLast().last ?? "")
            guard request.parameters("command").contains(argument), (try? self.node(of: pod)) == node else {
                return false
            }
            name = pod
            return true
        }
        return name
    }

    private func node(of pod: String) throws -> String? {
        try server.state()["pods"]?.array?.first { $0["metadata"]?["name"]?.string == pod }?["spec"]?["nodeName"]?
            .string
    }
}
