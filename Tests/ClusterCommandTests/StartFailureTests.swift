import TestSupport
import Testing

/// What becomes of a pod on one node, as it was recorded, and what is said of it.
struct StartFailure: Sendable, CustomTestStringConvertible {
    /// Of the fake API server's kubelet.
    let scenario: String
    let reason: String
    var testDescription: String { scenario }
}

@Suite("Collectors that do not start")
struct StartFailureTests {
    static let failures = [
        StartFailure(
            scenario: "never-pull",
            reason:
                "the image proxy:1 cannot be used (ErrImageNeverPull): Container image \"proxy:1\" is not present with pull policy of Never; The image proxy:1 is not on the node; name one that is there, or allow pulling it with --image-pull-policy IfNotPresent."
        ),
        StartFailure(
            scenario: "pull-bad-registry",
            reason: "the image proxy:1 cannot be used (ImagePullBackOff): Back-off pulling image \"proxy:1\": "),
        StartFailure(
            scenario: "invalid-image-name",
            reason: "the image proxy:1 cannot be used (InvalidImageName): Failed to apply default image tag \"proxy:1\""
        ),
        StartFailure(
            scenario: "bad-command",
            reason: "the program is not in the image proxy:1: failed to create containerd task: "),
        StartFailure(
            scenario: "config-error",
            reason: "its container cannot be created (CreateContainerConfigError): configmap \"nocm\" not found; n1, n3"
        ),
        StartFailure(
            scenario: "too-much-cpu",
            reason: "the kubelet refused the pod (OutOfcpu): Pod was rejected: Node didn't have enough resource: cpu"),
        StartFailure(
            scenario: "os-windows",
            reason:
                "the kubelet refused the pod (PodOSNotSupported): Pod was rejected: Failed to admit pod as the OS field doesn't match node OS; n1"
        ),
        StartFailure(
            scenario: "no-such-node", reason: "the pod was evicted: PodGC: node no longer exists; n1, n3: read"),
        StartFailure(scenario: "unschedulable", reason: "the pod cannot be scheduled (Unschedulable): 0/2 nodes"),
        StartFailure(scenario: "hang", reason: "the pod did not run within "),
    ]

    @Test("cost their node, with the reason, and no other", arguments: failures)
    func oneNode(_ failure: StartFailure) async throws {
        try await withSmallCluster { cluster in
            try cluster.server.control("kubelet", #"{"scenarios": {"n2": "\#(failure.scenario)"}}"#)

            let result = try await cluster.flows(["--start-timeout", "8s"])

            #expect(result.status == .exited(0))
            #expect(result.pairs == smallClusterPairs)
            #expect(
                result.errorLines.joined(separator: "\n").hasPrefix(
                    "2 of 3 nodes, 0.5 s window; n2: the collector did not start: \(failure.reason)"))
            #expect(try cluster.nodesOfCreatedPods().sorted() == ["n1", "n2", "n3"])
            #expect(try await cluster.leftovers() == [])
        }
    }

    @Test("on the first node, for an image that all share, are not tried on others")
    func canary() async throws {
        try await withSmallCluster { cluster in
            try cluster.server.control("kubelet", #"{"scenarios": {"*": "never-pull"}}"#)

            let result = try await cluster.flows()

            let reason =
                "the image proxy:1 cannot be used (ErrImageNeverPull): Container image \"proxy:1\" is not present with pull policy of Never"
            #expect(result.status == .exited(3))
            #expect(result.output.isEmpty)
            #expect(
                result.errorLines == [
                    "0 of 3 nodes, no window: totals over each connection's life; n2, n3: the collector did not start, as on n1: \(reason); n1: the collector did not start: \(reason); The image proxy:1 is not on the node; name one that is there, or allow pulling it with --image-pull-policy IfNotPresent.",
                    "error: nothing was observed on any node",
                ])
            #expect(try cluster.nodesOfCreatedPods() == ["n1"])
            #expect(try await cluster.leftovers() == [])
        }
    }

    @Test("for want of conntrack wait by sleep instead, and the table is read by cat")
    func withoutConntrack() async throws {
        try await withSmallCluster { cluster in
            try cluster.fault(
                #"{"path": "/exec$", "query": "command=conntrack"}"#,
                #"{"exec_status": "{\"metadata\":{},\"status\":\"Failure\",\"message\":\"Internal error occurred: error executing command in container: failed to exec in container: failed to start exec \\\"x\\\": OCI runtime exec failed: exec failed: unable to start container process: exec: \\\"conntrack\\\": executable file not found in $PATH: unknown\",\"reason\":\"InternalError\",\"code\":500}"}"#
            )
            let tables = SmallCluster.tables.map { table in
                let text = table.lines.map { $0.replacing(#/ id=[0-9]+/#, with: "") }.joined().replacing(
                    "\n", with: "\\n")
                return
                    #"{"node": "\#(table.node)", "argv": ["cat", "/proc/net/nf_conntrack"], "stdout": "\#(text)"}"#
            }
            try cluster.server.control("programs", "[\(tables.joined(separator: ", "))]")
            try cluster.server.control("kubelet", #"{"scenarios": {"n1": "bad-command"}}"#)
            // The first pod's program is not there; the second's is.
            try cluster.fault(
                #"{"method": "POST", "path": "/pods$", "query": "^fieldManager", "nth": 2}"#, #"{"delay": 2}"#)
            async let running = cluster.flows()
            try await cluster.awaitRequest("DELETE", "")
            try cluster.server.control("kubelet", #"{"clear": true}"#)
            let result = try await running

            #expect(result.status == .exited(0))
            #expect(result.pairs == smallClusterPairs)
            #expect(result.errorText.contains("3 of 3 nodes"))
            let commands = try cluster.requests("POST", "/pods").compactMap { request in
                try JSONValue(parsing: Array((request.body ?? "").utf8))["spec"]?["containers"]?[0]?["command"]
            }
            #expect(commands == [["conntrack", "-E", "expect"]] + Array(repeating: ["sleep", "86400"], count: 3))
            #expect(try await cluster.leftovers() == [])
        }
    }
}
