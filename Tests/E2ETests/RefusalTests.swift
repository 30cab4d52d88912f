import TestSupport
import Testing

extension RealCluster {
    @Suite("What does not work is said, and leaves nothing", .enabled(if: ClusterUnderTest.isOurs))
    struct RefusalTests {
        @Test("a user without pods/exec hears all that is missing at once, and no pod is made")
        func reader() async throws {
            let lab = try Lab()

            let result = try await lab.netviz(["flows"], as: .named("reader"))

            #expect(result.status == .exited(5))
            #expect(result.output.isEmpty)
            #expect(
                result.errorText.hasPrefix(
                    """
                    error: permissions are missing, and no pod was created:
                      create pods in the namespace default
                      delete pods in the namespace default
                      get pods/exec in the namespace default
                      create pods/exec in the namespace default

                    """), "\(result.errorText)")
            #expect(try await lab.remains().isEmpty)
        }

        @Test("no pod is made for a user who may not exec, watched all the while")
        func watchedReader() async throws {
            let lab = try Lab()
            let watch = [
                "--kubeconfig", lab.cluster.kubeconfig, "get", "pods", "--all-namespaces", "--selector",
                "netviz.dev/run", "--watch", "--output", "name",
            ]

            let (_, watched) = try await withBackgroundCommand("kubectl", watch) { _ in
                try await Task.sleep(for: .seconds(1))
                _ = try await lab.netviz(["flows"], as: .named("reader"))
                try await Task.sleep(for: .milliseconds(500))
            }

            #expect(watched.outputText == "")
        }

        @Test("an image that is not there is named with the reason")
        func missingImage() async throws {
            let lab = try Lab()

            let result = try await lab.netviz([
                "flows", "--collector-image", "localhost/nosuch:1", "--image-pull-policy", "Never",
            ])

            #expect(result.status == .exited(3))
            #expect(result.errorText.contains("the image localhost/nosuch:1 cannot be used (ErrImageNeverPull)"))
            #expect(result.errorText.hasSuffix("error: nothing was observed on any node\n"))
            try await lab.expectNothingIsLeft(within: .seconds(15))
        }

        @Test("events that break off midway are told; the tables still show both nodes' connections")
        func listenerKilled() async throws {
            let lab = try Lab()

            let (result, _) = try await lab.netviz(["flows", "--window", "5s", "--min-coverage", "100%", "-o", "json"])
            {
                try await lab.windowsBegan()
                for listener in try await lab.listeners(on: lab.nodes[1]) { try send(9, to: listener) }
            }

            #expect(result.status == .exited(0), "\(result.errorText)")
            #expect(
                result.errorText.contains(
                    "warning: \(lab.nodes[1]): the events of 'conntrack -E' broke off (it ended with status 137)"))
            let flows = try Flows(result)
            #expect(flows.covered == [lab.nodes[0]: true, lab.nodes[1]: true])
            let nodes = flows.document["coverage"]?["nodes"]?.array ?? []
            #expect(nodes.map { $0["refused_connections_observable"] } == [true, false])
            try await lab.expectNothingIsLeft(within: .seconds(15))
        }

        @Test("a kubelet or a runtime that hangs midway takes its node away", arguments: ["kubelet", "containerd"])
        func hangingNode(_ program: String) async throws {
            let lab = try Lab()
            let victim = try await lab.process(program, on: lab.nodes[1])

            let (result, _) = try await lab.netviz(
                ["flows", "--window", "5s", "--min-coverage", "100%", "-o", "json"], timeout: .seconds(100)
            ) {
                try await lab.windowsBegan()
                try send(19, to: victim)  // SIGSTOP
            }
            try send(18, to: victim)  // SIGCONT

            try expectFirstNodeOnly(result, of: lab)
            try await lab.expectNothingIsLeft(within: .seconds(60))
        }

        private func expectFirstNodeOnly(_ result: CommandResult, of lab: Lab) throws {
            #expect(result.status == .exited(3), "\(result.errorText)")
            let flows = try Flows(result)
            #expect(flows.covered == [lab.nodes[0]: true, lab.nodes[1]: false])
            #expect(flows.items.contains { $0["nodes"]?.array?.contains(.string(lab.nodes[0])) == true })
        }
    }
}
