import TestSupport
import Testing

extension RealCluster {
    @Suite("What cannot be")
    struct RefusalTests {
        let cluster: ClusterUnderTest
        let plugin: Plugin

        init() throws {
            cluster = try ClusterUnderTest()
            plugin = Plugin(cluster: cluster)
        }

        @Test("without pods/exec is one clear message, and no pod is created")
        func reader() async throws {
            let state = try #require(cluster.state)
            let result = try await plugin.run(["flows"], kubeconfig: state + "/users/reader.kubeconfig")
            #expect(result.status == .exited(5))
            #expect(result.outputText == "")
            #expect(
                result.errorText == """
                    error: permissions are missing, and no pod was created:
                      create pods in the namespace default
                      delete pods in the namespace default
                      get pods/exec in the namespace default
                      create pods/exec in the namespace default
                    Ask whoever administrates the cluster for the roles in plugin/rbac, or see all of them with 'kubectl netviz doctor --collector-namespace default'.

                    """
            )
            #expect(try await plugin.remains(includingDeleted: true) == [])
        }

        @Test("with the roles of plugin/rbac is all that is needed")
        func roles() async throws {
            let folder = Repository.path("plugin/rbac")
            let files = ["collector-namespace", "cluster-reader", "bindings"].flatMap { ["-f", "\(folder)/\($0).yaml"] }
            try await cluster.kubectl(["apply"] + files)
            let result = try await plugin.run(
                ["flows", "--window", "1s", "--as", "somebody", "--as-group", "netviz-users", "-o", "json"])
            try await cluster.kubectl(["delete", "--wait=false"] + files)
            #expect(result.status == .exited(0), "\(result.errorText)")
            #expect(result.errorText == "")
            #expect(try !Plugin.items(result).isEmpty)
        }

        @Test("an image that no node has is named with the reason, and nothing is left")
        func image() async throws {
            let result = try await plugin.run([
                "flows", "--collector-image", "localhost/nosuch:1", "--image-pull-policy", "Never",
            ])
            #expect(result.status == .exited(3))
            #expect(
                result.errorText.contains("the image localhost/nosuch:1 cannot be used (ErrImageNeverPull)"),
                "\(result.errorText)"
            )
            #expect(result.errorText.hasSuffix("error: nothing was observed on any node\n"))
            #expect(try await plugin.remains(after: .seconds(15)) == [])
        }

        @Test("a kubelet that stops midway leaves the others' result, and exit code 3 where all are wanted")
        func stoppedKubelet() async throws {
            let nodes = try #require(cluster.nodesThatWereMade)
            let kubelet = try await runSuccessfully("pgrep", ["-f", "kubelet.*--hostname-override=\(nodes[1])"])
            let number = try #require(kubelet.split(separator: "\n").first.map(String.init))
            async let running = plugin.run(
                ["flows", "--window", "6s", "--min-coverage", "100%", "-o", "json", "--all"], timeout: .seconds(150))
            let haveStarted = try await plugin.collectors(2)
            try await Task.sleep(for: .seconds(2))
            _ = try await runSuccessfully("kill", ["-STOP", number])
            let result: CommandResult
            do {
                result = try await running
            } catch {
                _ = try await runSuccessfully("kill", ["-CONT", number])
                throw error
            }
            _ = try await runSuccessfully("kill", ["-CONT", number])
            #expect(haveStarted)
            #expect(result.status == .exited(3), "\(result.errorText)")
            let document = try JSONValue(parsing: result.output)
            #expect(document["coverage"]?["nodes_covered"]?.integer == 1, "\(result.errorText)")
            #expect(document["items"]?.array?.isEmpty == false)
            #expect(try await plugin.remains(after: .seconds(60)) == [])
        }
    }
}
