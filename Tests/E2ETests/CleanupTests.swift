import Glibc
import TestSupport
import Testing

extension RealCluster {
    @Suite("Nothing is left of a run", .enabled(if: ClusterUnderTest.isOurs))
    struct CleanupTests {
        private static let run = ["flows", "--window", "20s"]

        @Test("that is interrupted before there is a window", arguments: [SIGINT, SIGTERM, SIGHUP])
        func interruptedInStart(_ signal: Int32) async throws {
            let lab = try Lab()
            try #require(try await lab.remains().isEmpty)

            let (result, took) = try await lab.netviz(Self.run, signal: signal) { _ in
                try await eventually("something was made", within: .seconds(10)) {
                    try await lab.remains().isEmpty ? "nothing was made" : nil
                }
            }

            #expect(result.status == .exited(130))
            #expect(result.output.isEmpty)
            #expect(took < .seconds(5))
            try await lab.expectNothingIsLeft(within: .seconds(10))
        }

        @Test("that is interrupted before it has asked for anything", arguments: [SIGINT, SIGTERM])
        func interruptedAtOnce(_ signal: Int32) async throws {
            let lab = try Lab()
            let server = try await apiServer()

            try send(19, to: server)  // SIGSTOP: nothing is answered
            defer { try? send(18, to: server) }
            let (result, took) = try await lab.netviz(Self.run, signal: signal) { _ in
                try await Task.sleep(for: .milliseconds(500))
            }

            #expect(result.status == .exited(130))
            #expect(took < .seconds(2))
        }

        @Test("that is interrupted within its window", arguments: [SIGINT, SIGTERM, SIGHUP])
        func interruptedInWindow(_ signal: Int32) async throws {
            let lab = try Lab()

            let (result, took) = try await lab.netviz(Self.run, signal: signal) { _ in try await lab.windowsBegan() }

            #expect(result.status == .exited(130))
            #expect(result.errorText.contains("interrupted: removing the collectors (again to leave at once)"))
            #expect(took < .seconds(5))
            try await lab.expectNothingIsLeft(within: .seconds(10))
        }

        @Test("that is interrupted as it ends", arguments: [SIGINT, SIGTERM, SIGHUP])
        func interruptedAtTheEnd(_ signal: Int32) async throws {
            let lab = try Lab()

            let (result, _) = try await lab.netviz(["flows", "--window", "2s"], signal: signal) { _ in
                try await lab.windowsBegan()
                while try await !lab.listeners(on: lab.nodes[0]).isEmpty {
                    try await Task.sleep(for: .milliseconds(20))
                }
            }

            // When the signal comes, all may be removed already: then it does to the process what signals do.
            let ways: [CommandStatus] = [.exited(130), .exited(0), .signaled(signal)]
            #expect(ways.contains(result.status), "\(result.status)")
            try await lab.expectNothingIsLeft(within: .seconds(10))
        }

        @Test("whose removal hangs, after a second SIGINT that names what remains and how to remove it")
        func secondInterrupt() async throws {
            let lab = try Lab()
            let server = try await apiServer()

            let (result, took) = try await lab.netviz(Self.run, signal: SIGINT) { command in
                try await lab.windowsBegan()
                try send(19, to: server)
                try send(SIGINT, to: command.processID)
                try await Task.sleep(for: .seconds(1))
            }
            try send(18, to: server)

            #expect(result.status == .exited(130))
            #expect(took < .seconds(1))
            let text = result.errorText
            #expect(text.contains("left behind: objects with the label netviz.dev/run="), "\(text)")
            #expect(text.contains("'kubectl netviz cleanup --live' removes them"))
            let cleanup = try await lab.netviz(["cleanup", "--live"])
            #expect(cleanup.status == .exited(0), "\(cleanup.errorText)")
            try await lab.expectNothingIsLeft(within: .seconds(15))
        }

        @Test("that was killed at any moment, two minutes later")
        func killedAtRandom() async throws {
            let lab = try Lab()
            let seed = UInt64.random(in: 0...UInt64.max)
            var random = SplitMix(seed: seed)
            let moments = (0..<10).map { _ in Double.random(in: 0.1...12, using: &random) }
            print("killed after \(moments) s, of the seed \(seed)")

            for moment in moments {
                let (result, _) = try await lab.netviz(Self.run, signal: SIGKILL) { _ in
                    try await Task.sleep(for: .seconds(moment))
                }
                #expect(result.status == .signaled(SIGKILL), "seed \(seed)")
            }

            try await lab.expectNothingIsLeft(within: .seconds(130), includesGoing: true)
        }

        @Test("that was planted, once its time is over; and of a live one with --live")
        func cleanup() async throws {
            let lab = try Lab()
            try await lab.cluster.kubectl("apply", "--filename", "-", input: Self.planted)
            try await eventually("the pod ended", within: .seconds(20)) {
                let phase = try await lab.cluster.kubectl(
                    "get", "pod", "netviz-finished", "--namespace", "default", "--output", "jsonpath={.status.phase}")
                return phase == "Succeeded" ? nil : phase
            }
            try await eventually("the old Job's deadline passed", within: .seconds(20)) {
                let type = try await lab.cluster.kubectl(
                    "get", "job", "netviz-old", "--namespace", "default", "--output",
                    "jsonpath={.status.conditions[0].type}")
                return type == "Failed" ? nil : type
            }

            let first = try await lab.netviz(["cleanup"])

            #expect(first.status == .exited(0), "\(first.errorText)")
            #expect(
                first.outputText.split(separator: "\n").sorted() == [
                    "job default/netviz-old removed", "pod default/netviz-finished removed",
                ])
            #expect(
                first.errorText.split(separator: "\n").sorted() == [
                    "left: job default/netviz-live: its run may be under way (--live removes it, too)",
                    "left: pod default/netviz-running: its run may be under way (--live removes it, too)",
                ])

            let second = try await lab.netviz(["cleanup", "--live"])

            #expect(
                second.outputText.split(separator: "\n").sorted() == [
                    "job default/netviz-live removed", "pod default/netviz-running removed",
                ])
            #expect(second.errorText == "")
            try await lab.expectNothingIsLeft(within: .seconds(15))
            #expect(try await lab.netviz(["cleanup"]).outputText == "Nothing to remove.\n")
        }

        /// A pod that ended, one that runs, a Job whose deadline passes at once and one whose does not.
        private static let planted = """
            {"apiVersion": "v1", "kind": "List", "items": [
              \(pod("netviz-finished", #"["true"]"#)), \(pod("netviz-running", #"["sleep", "600"]"#)),
              \(job("netviz-old", deadline: 1)), \(job("netviz-live", deadline: 600))
            ]}
            """

        private static func pod(_ name: String, _ command: String) -> String {
            """
            {"apiVersion": "v1", "kind": "Pod",
             "metadata": {"name": "\(name)", "namespace": "default", "labels": {"netviz.dev/run": "planted"}},
             "spec": {"restartPolicy": "Never", "terminationGracePeriodSeconds": 1, "containers": [
               {"name": "collector", "image": "localhost/traffic:1", "imagePullPolicy": "Never", "command": \(command)}]}}
            """
        }

        private static func job(_ name: String, deadline: Int) -> String {
            """
            {"apiVersion": "batch/v1", "kind": "Job",
             "metadata": {"name": "\(name)", "namespace": "default", "labels": {"netviz.dev/run": "planted"}},
             "spec": {"parallelism": 1, "activeDeadlineSeconds": \(deadline), "template": {"spec": {
               "restartPolicy": "Never", "schedulerName": "nobody", "containers": [
                 {"name": "anchor", "image": "kubectl-netviz.invalid/never"}]}}}}
            """
        }

        /// The API server's process, which answers nobody while it is stopped.
        private func apiServer() async throws -> Int32 {
            let prefix = try ClusterUnderTest.required("NETVIZ_E2E_PREFIX")
            for process in try await Lab().processes(on: "\(prefix)-control")
            where process.commandLine.contains("kube-apiserver ") { return process.number }
            throw Unexpected("no API server runs")
        }
    }
}
