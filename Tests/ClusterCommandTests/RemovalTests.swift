import Glibc
import TestSupport
import Testing

@Suite("What a run made is removed, or told")
struct RemovalTests {
    private static let denial = #"[{"resource": "jobs.batch", "message": "no Jobs here"}]"#

    @Test("Where no Job may be created the pods are removed one by one")
    func jobsRefused() async throws {
        try await withSmallCluster { cluster in
            try cluster.server.control("deny", Self.denial)

            let result = try await cluster.flows()

            #expect(result.status == .exited(0))
            #expect(result.pairs == smallClusterPairs)
            let warning = try #require(result.errorLines.first)
            #expect(
                warning.hasPrefix("warning: no Job could be created in the namespace default (jobs.batch \"netviz-"))
            #expect(
                warning.hasSuffix(
                    "\" is forbidden: no Jobs here); if this run is killed, its pods end by themselves within 360 s, and the next run or 'kubectl netviz cleanup' removes them"
                ))
            #expect(try deletedPods(cluster).count == 3)
            #expect(try await cluster.leftovers() == [])
        }
    }

    @Test("A Job that something suspended, whose deadline never passes, is given up for plain pods")
    func jobsSuspended() async throws {
        try await withSmallCluster { cluster in
            try cluster.fault(
                #"{"method": "POST", "path": "/jobs$"}"#,
                #"{"status": 201, "body": {"kind": "Job", "apiVersion": "batch/v1", "metadata": {"name": "x", "uid": "u"}, "spec": {"suspend": true}}}"#
            )

            let result = try await cluster.flows()

            #expect(result.status == .exited(0))
            #expect(result.pairs == smallClusterPairs)
            #expect(
                result.errorLines.first
                    == "warning: Jobs in the namespace default are suspended; if this run is killed, its pods end by themselves within 360 s, and the next run or 'kubectl netviz cleanup' removes them"
            )
            #expect(try deletedPods(cluster).count == 3)
            #expect(try await cluster.leftovers() == [])
        }
    }

    @Test("Pods that cannot be deleted are named, one by one")
    func podsStay() async throws {
        try await withSmallCluster { cluster in
            try cluster.server.control("deny", Self.denial)
            try cluster.fault(
                #"{"method": "DELETE", "path": "/pods/"}"#,
                RunningCluster.status(403, "Forbidden", "admission webhook \"w\" denied the request: stay"))

            let result = try await cluster.flows()

            #expect(result.status == .exited(0))
            #expect(result.pairs == smallClusterPairs)
            let left = try await cluster.leftovers()
            #expect(left.count == 3)
            let told = result.errorLines.filter { $0.hasPrefix("warning: not removed: ") }
            #expect(told.count == 3)
            for (line, pod) in zip(told.sorted(), left.sorted()) {
                #expect(line.hasPrefix("warning: not removed: pod default/\(pod.dropFirst("pods ".count)): "))
                #expect(line.hasSuffix("; it ends by itself, or with 'kubectl netviz cleanup'"))
            }
        }
    }

    @Test("A Job that cannot be deleted is named")
    func jobStays() async throws {
        try await withSmallCluster { cluster in
            try cluster.fault(
                #"{"method": "DELETE", "path": "/jobs/"}"#,
                RunningCluster.status(500, "InternalError", "etcdserver: no \u{1B}[2Jleader"))

            let result = try await cluster.flows()

            #expect(result.status == .exited(0))
            let job = try #require(try await cluster.leftovers().first { $0.hasPrefix("jobs.batch ") })
            #expect(
                result.errorLines.first
                    == "warning: not removed: Job default/\(job.dropFirst("jobs.batch ".count)): etcdserver: no ^[[2Jleader; it ends by itself, or with 'kubectl netviz cleanup'"
            )

            try cluster.server.control("clear-faults")
            let cleanup = try await cluster.netviz(["cleanup", "--live"])
            #expect(cleanup.status == .exited(0))
            #expect(try await cluster.leftovers() == [])
        }
    }

    @Test("Two runs at once do not remove each other's pods")
    func twoRuns() async throws {
        try await withSmallCluster { cluster in
            async let first = cluster.flows()
            async let second = cluster.flows()
            for result in try await [first, second] {
                #expect(result.status == .exited(0))
                #expect(result.pairs == smallClusterPairs)
                #expect(result.errorText.hasPrefix("3 of 3 nodes"))
            }
            #expect(try cluster.nodesOfCreatedPods().count == 6)
            #expect(try cluster.server.log().filter { $0.method == "DELETE" }.count == 2)
            #expect(try await cluster.leftovers() == [])
        }
    }

    @Test(
        "An object whose creation was not answered is not made twice, and is removed with all else",
        arguments: ["/jobs", "/pods"], ["before", "head"])
    func lostAnswer(path: String, cut: String) async throws {
        try await withSmallCluster { cluster in
            // The second request of a pod is that of the second node.
            let nth = path == "/jobs" ? 1 : 2
            try cluster.fault(
                #"{"method": "POST", "path": "\#(path)$", "query": "^fieldManager", "nth": \#(nth)}"#,
                #"{"cut": "\#(cut)", "how": "rst"}"#)

            let result = try await cluster.flows()

            #expect(result.status == .exited(0))
            #expect(result.pairs == smallClusterPairs)
            #expect(result.errorText.hasPrefix("3 of 3 nodes, "), "\(result.errorText)")
            let bodies = try cluster.requests("POST", path).map { $0.body ?? "" }
            #expect(bodies.count == (path == "/jobs" ? 2 : 4))
            #expect(Set(bodies).count == bodies.count - 1)
            #expect(try await cluster.leftovers() == [])
        }
    }

    // MARK: Interruption

    /// A moment of a run: what the server has seen by then.
    struct Moment: Sendable, CustomTestStringConvertible {
        let method: String
        let path: String
        let signal: Int32
        var testDescription: String { "after \(method) …\(path), signal \(signal)" }
    }

    @Test(
        "An interrupted run removes its Job, and with it all pods",
        arguments: [
            Moment(method: "POST", path: "/jobs", signal: SIGINT),
            Moment(method: "POST", path: "/pods", signal: SIGINT),
            Moment(method: "GET", path: "/exec", signal: SIGINT),
            Moment(method: "GET", path: "/exec", signal: SIGTERM),
            Moment(method: "PATCH", path: "", signal: SIGINT),
        ])
    func interruption(_ moment: Moment) async throws {
        try await withSmallCluster { cluster in
            let (_, result) = try await withBackgroundCommand(
                try BuiltExecutable.kubectlNetviz(),
                ["flows", "--window", "60s", "--kubeconfig", cluster.kubeconfig],
                stopSignal: moment.signal,
                stopTimeout: .seconds(20)
            ) { _ in
                try await cluster.awaitRequest(moment.method, moment.path)
            }
            #expect(result.status == .exited(130))
            #expect(result.output.isEmpty)
            #expect(
                result.errorLines.prefix(2) == [
                    "interrupted: removing the collectors (again to leave at once)", "error: interrupted",
                ])
            let deletion = try #require(
                try cluster.server.log().first { $0.method == "DELETE" && $0.path.contains("/jobs/") })
            #expect(deletion.status == 200)
            #expect(try JSONValue(parsing: Array((deletion.body ?? "").utf8))["propagationPolicy"] == "Background")
            #expect(try await cluster.leftovers() == [])
        }
    }

    @Test("A run that is interrupted while pods start does not wait for them", arguments: [SIGINT, SIGHUP])
    func interruptedStart(_ signal: Int32) async throws {
        try await withSmallCluster { cluster in
            try cluster.server.control("kubelet", #"{"scenarios": {"*": "hang"}}"#)
            let (interrupted, result) = try await withBackgroundCommand(
                try BuiltExecutable.kubectlNetviz(),
                ["flows", "--start-timeout", "60s", "--kubeconfig", cluster.kubeconfig],
                stopSignal: signal,
                stopTimeout: .seconds(30)
            ) { _ in
                try await cluster.awaitRequest("POST", "/pods")
                return ContinuousClock.now
            }
            #expect(result.status == .exited(130))
            #expect(ContinuousClock.now - interrupted < .seconds(10))
            #expect(try await cluster.leftovers() == [])
        }
    }

    @Test("A signal that comes twice at one moment, as timeout(1) sends it, is one")
    func timeoutSignal() async throws {
        try await withSmallCluster { cluster in
            let result = try await run(
                "timeout",
                [
                    "--signal", "TERM", "2", try BuiltExecutable.kubectlNetviz(), "flows", "--window", "60s",
                    "--kubeconfig", cluster.kubeconfig,
                ])
            #expect(!result.errorText.contains("left behind"))
            #expect(result.errorText.hasSuffix("error: interrupted\n"))
            #expect(try await cluster.leftovers() == [])
        }
    }

    @Test("A pod whose creation is answered after the interruption is removed, though no Job owns it")
    func creationInFlight() async throws {
        try await withSmallCluster { cluster in
            try cluster.server.control("deny", Self.denial)
            try cluster.fault(
                #"{"method": "POST", "path": "/pods$", "query": "^fieldManager"}"#, #"{"delay": 1}"#)
            let (_, result) = try await withBackgroundCommand(
                try BuiltExecutable.kubectlNetviz(),
                ["flows", "--window", "60s", "--kubeconfig", cluster.kubeconfig],
                stopSignal: SIGINT,
                stopTimeout: .seconds(20)
            ) { _ in
                try await cluster.awaitRequest("POST", "/jobs")
                try await Task.sleep(for: .milliseconds(500))
            }
            #expect(result.status == .exited(130))
            #expect(try await cluster.leftovers() == [])
        }
    }

    @Test("A run whose words nobody reads any more, as with 2>&1 | head, removes its pods all the same")
    func closedPipe() async throws {
        try await withSmallCluster { cluster in
            let result = try await run(
                "bash",
                [
                    "-c", "set -o pipefail; \"$0\" flows --window 500ms --all -v 6 --kubeconfig \"$1\" 2>&1 | head -1",
                    try BuiltExecutable.kubectlNetviz(), cluster.kubeconfig,
                ])
            // The result itself is written to the closed pipe at the end, when nothing is left to be removed.
            #expect(result.status == .exited(141))
            #expect(try deletedJobs(cluster) == 1)
            #expect(try await cluster.leftovers() == [])
        }
    }

    // MARK: Leftovers

    private static let stalePod =
        #"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "netviz-stale", "namespace": "default", "labels": {"netviz.dev/run": "bcdfghjklm"}, "creationTimestamp": "2020-01-01T00:00:00Z"}, "spec": {"activeDeadlineSeconds": 60, "containers": []}, "status": {"phase": "Succeeded"}}"#

    @Test("What an earlier run left is removed by those who may not list Jobs, too", arguments: ["flows", "cleanup"])
    func leftoversWithoutJobs(_ command: String) async throws {
        try await withSmallCluster(objects: [SmallCluster.endpointSlice, Self.stalePod]) { cluster in
            try cluster.server.control("access", #"{"refuse": [{"resource": "jobs.batch"}]}"#)

            let result = command == "flows" ? try await cluster.flows() : try await cluster.netviz([command])

            #expect(result.status == .exited(0))
            #expect(try deletedPods(cluster).contains { $0.path.hasSuffix("/netviz-stale") })
            #expect(try await cluster.leftovers() == [])
        }
    }

    @Test("A run whose API server dies ends, and tells what it could not remove")
    func serverDies() async throws {
        var running: Task<CommandResult, any Error>?
        try await withSmallCluster { cluster in
            running = Task { try await cluster.netviz(["flows", "--window", "2s", "--all"]) }
            try await cluster.awaitRequest("GET", "/exec") { $0.parameters("command").contains("-L") }
        }
        let result = try await #require(running).value
        #expect(result.errorText.contains("warning: not removed: Job default/netviz-"))
        #expect(result.errorText.contains(": connection refused"))
        #expect(result.errorText.contains("; it ends by itself, or with 'kubectl netviz cleanup'"))
        #expect(result.errorText.contains("\n0 of 3 nodes, "))
        #expect(
            result.errorText.hasSuffix("error: no node was observed to the end; what came before that is shown\n"))
        #expect(result.status == .exited(3))
    }

    private func deletedJobs(_ cluster: RunningCluster) throws -> Int {
        try cluster.server.log().count { $0.method == "DELETE" && $0.path.contains("/jobs/") && $0.status == 200 }
    }

    private func deletedPods(_ cluster: RunningCluster) throws -> [FakeAPIServerRequest] {
        try cluster.server.log().filter { $0.method == "DELETE" && $0.path.contains("/pods/") && $0.status == 200 }
    }
}
