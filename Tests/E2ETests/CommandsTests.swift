import TestSupport
import Testing

extension RealCluster {
    @Suite("As a plugin of kubectl", .enabled(if: ClusterUnderTest.isOurs))
    struct CommandsTests {
        @Test("doctor finds that a run works, in words")
        func doctorTable() async throws {
            let lab = try Lab()

            let result = try await lab.netviz(["doctor"])

            #expect(result.status == .exited(0))
            let lines = result.outputText.split(separator: "\n")
            #expect(lines.contains { $0.hasPrefix("permissions  ok") })
            #expect(lines.contains("nodes        ok       2 of 2 nodes can be looked at"))
            #expect(lines.contains { $0.hasPrefix("image        ok       localhost/kube-proxy:v") })
            #expect(try await lab.remains().isEmpty)
        }

        @Test("doctor finds that a run works, in JSON")
        func doctorJSON() async throws {
            let lab = try Lab()

            let result = try await lab.netviz(["doctor", "-o", "json"])

            let document = try JSONValue(parsing: result.output)
            #expect(document["works"] == true)
            let subjects = document["checks"]?.array?.compactMap { $0["subject"]?.string }
            #expect(
                subjects == [
                    "kubeconfig", "server", "identity", "namespace", "permissions", "nodes", "image", "admission",
                ])
        }

        @Test("doctor finds what the user nobody lacks, and leaves with 5")
        func doctorOfNobody() async throws {
            let lab = try Lab()

            let result = try await lab.netviz(["doctor", "-o", "json"], as: .named("nobody"))

            #expect(result.status == .exited(5))
            let document = try JSONValue(parsing: result.output)
            #expect(document["works"] == false)
            let failed = document["checks"]?.array?.filter { $0["verdict"] == "failed" }.compactMap { $0["subject"] }
            #expect(failed?.contains("permissions") == true)
        }

        @Test("metrics measures pairs over the window")
        func metrics() async throws {
            let lab = try Lab()
            let shop = try await Shop(lab)

            let (result, _) = try await lab.netviz(["metrics", "--namespace", "shop", "--window", "5s", "-o", "json"]) {
                try await lab.windowsBegan()
                _ = try await shop.exchange(["page $BACKEND_SERVICE_HOST:80 23001"], in: shop.frontends[0])
            }

            #expect(result.status == .exited(0))
            let pair = try #require(JSONValue(parsing: result.output)["shop/frontend→shop/backend"])
            #expect(pair["is_active"] == true)
            #expect(pair["error_rate"]?.double == 0)
            #expect(pair["protocol"] == "TCP")
            #expect(pair["ports"]?.array?.contains(8080) == true)
        }

        @Test("drops reads the nodes' rules")
        func drops() async throws {
            let lab = try Lab()

            let result = try await lab.netviz(["drops", "--window", "1s", "--all", "-o", "json"])

            #expect(result.status == .exited(0), "\(result.errorText)")
            let document = try JSONValue(parsing: result.output)
            #expect(document["items"]?.array?.contains { $0["writer"] == "kube-proxy" } == true)
        }

        @Test("--record and --from print the same bytes", arguments: ["flows", "metrics", "drops"])
        func replay(_ command: String) async throws {
            let lab = try Lab()
            try await withTemporaryDirectory { folder in
                let bundle = "\(folder)/run.bundle"
                let live = try await lab.netviz([command, "--window", "2s", "-o", "json", "--record", bundle])
                let replayed = try await lab.netviz([command, "--from", bundle, "-o", "json"])

                #expect(live.status == .exited(0), "\(live.errorText)")
                #expect(live.output.count > 100)
                #expect(replayed.outputText == live.outputText)
                #expect(replayed.errorText == live.errorText)
            }
        }

        @Test("two runs at once with different windows do not disturb each other")
        func concurrentRuns() async throws {
            let lab = try Lab()
            let shop = try await Shop(lab)
            let flows = [
                "flows", "--from-workload", "shop/frontend", "--group-by", "connection", "-o", "json", "--window",
            ]

            async let short = lab.netviz(flows + ["5s"])
            let (long, _) = try await lab.netviz(flows + ["10s"]) {
                try await lab.windowsBegan(2)
                _ = try await shop.exchange(["page $BACKEND_SERVICE_HOST:80 24001"], in: shop.frontends[0])
                // The other one has ended when this comes.
                try await eventually("the short window ended", within: .seconds(10)) {
                    try await lab.listeners(on: lab.nodes[0]).count > 1 ? "both listen" : nil
                }
                _ = try await shop.exchange(["page $BACKEND_SERVICE_HOST:80 24002"], in: shop.frontends[0])
            }

            let (first, second) = (try Flows(await short), try Flows(long))
            #expect(first.covered == [lab.nodes[0]: true, lab.nodes[1]: true])
            #expect(second.covered == first.covered)
            #expect(first.from(port: 24001).count == 1)
            #expect(first.from(port: 24002).isEmpty)
            #expect(second.from(port: 24001).count == 1)
            #expect(second.from(port: 24002).count == 1)
            try await lab.expectNothingIsLeft(within: .seconds(15))
        }
    }
}
