import TestSupport
import Testing

@Suite("What was not observed decides the exit code", .serialized)
struct CoverageTests {
    private func flows(_ flags: String..., of nodes: [String]) async throws -> CommandResult {
        try await netviz(["flows"] + RecordedCluster.tables(of: nodes) + RecordedCluster.inventory + flags)
    }

    @Test(
        "a minimum that is met, with and without the sign",
        arguments: [("100%", ["tbn1", "tbn2"]), ("100", ["tbn1", "tbn2"]), ("50%", ["tbn2"]), ("0", ["tbn2"])]
    )
    func met(_ minimum: String, _ nodes: [String]) async throws {
        let result = try await flows("--min-coverage", minimum, of: nodes)
        #expect(result.status == .exited(0))
        #expect(result.outputText.contains("shop/backend"))
    }

    @Test("a minimum that is missed ends with 3, after the result", arguments: ["51%", "50.1", "90%", "100%"])
    func missed(_ minimum: String) async throws {
        let result = try await flows("--min-coverage=\(minimum)", "-o", "csv", of: ["tbn1"])
        #expect(result.status == .exited(3))
        #expect(result.outputLines.count == 6)
        #expect(result.errorLines.last == "error: 1 of 2 nodes were observed (50%), less than --min-coverage asks")
    }

    @Test("a node of the cluster of which nothing was given is named, and counts as not observed")
    func skippedNode() async throws {
        let result = try await flows(of: ["tbn1"])
        #expect(result.status == .exited(0))
        #expect(result.errorLines.last?.hasPrefix("1 of 2 nodes, ") == true)
        #expect(result.errorLines.last?.contains("; tbn2: nothing was given for it; ") == true)
        let coverage = try FlowList(await flows("-ojson", of: ["tbn1"])).coverage
        #expect(coverage["nodes_covered"] == 1)
        #expect(coverage["nodes_skipped"] == [["node": "tbn2", "reason": "nothing was given for it"]])
    }

    @Test(
        "when nothing is observable on any node the code is 3 in any case, not an empty success",
        arguments: ["table", "csv", "json", "yaml", "ndjson"]
    )
    func nothingObserved(_ format: String) async throws {
        let files = ["--from", "tbn1=/dev/null", "tbn2=/dev/null", "--inventory", RecordedCluster.path("nodes.json")]
        let result = try await netviz(["flows"] + files + ["-o", format])
        #expect(result.status == .exited(3))
        #expect(result.errorText.contains("error: nothing was observed on any node\n"))
        // Where the coverage is part of the output it is not said twice.
        #expect(result.errorText.hasPrefix("0 of 2 nodes") == ["table", "csv"].contains(format))
        #expect(
            result.errorLines.last == "A table without entries is mostly a capture that failed: conntrack needs root.")
        #expect(!result.errorText.contains("No flows found."))
    }

    @Test("one empty table beside another: the node is named")
    func oneEmpty() async throws {
        let arguments = ["flows", "--from", "tbn2=/dev/null", "-ojson"] + RecordedCluster.tables(of: ["tbn1"])
        let coverage = try FlowList(await netviz(arguments)).coverage
        #expect(coverage["nodes_total"] == 2)
        #expect(coverage["nodes_covered"] == 1)
        #expect(coverage["nodes_skipped"] == [["node": "tbn2", "reason": "no entry in what was given for it"]])
    }

    @Test("probes and tunnels are counted, and listed only with --all")
    func all() async throws {
        let inventory = """
            {"kind":"List","items":[
            {"kind":"Node","metadata":{"name":"tbn1"},"status":{"addresses":[{"type":"InternalIP","address":"10.99.0.11"}]}},
            {"kind":"Node","metadata":{"name":"tbn2"},"status":{"addresses":[{"type":"InternalIP","address":"10.99.0.12"}]}},
            {"kind":"Pod","metadata":{"namespace":"shop","name":"web"},"spec":{"nodeName":"tbn1",
            "containers":[{"name":"c","readinessProbe":{"tcpSocket":{"port":8081}}}]},
            "status":{"podIP":"10.244.1.2","podIPs":[{"ip":"10.244.1.2"}]}}
            ]}
            """
        let table = """
            tcp 6 9 TIME_WAIT src=10.99.0.11 dst=10.244.1.2 sport=40000 dport=8081 src=10.244.1.2 dst=10.99.0.11 sport=8081 dport=40000
            udp 17 9 src=10.99.0.11 dst=10.99.0.12 sport=50000 dport=4789 [UNREPLIED] src=10.99.0.12 dst=10.99.0.11 sport=4789 dport=50000
            tcp 6 9 TIME_WAIT src=10.99.0.12 dst=10.244.1.2 sport=40000 dport=80 src=10.244.1.2 dst=10.99.0.12 sport=80 dport=40000

            """
        try await withTemporaryDirectory { directory in
            try writeFile(inventory.utf8, to: directory + "/inventory")
            try writeFile(table.utf8, to: directory + "/table")
            let files = ["flows", "--from", "tbn1=table", "--inventory", "inventory"]
            let some = try await netviz(files + ["--no-headers"], in: directory)
            #expect(some.cells.map { [$0[0], $0[1]] } == [["node:tbn2", "shop/web"]])
            #expect(
                some.errorLines.last
                    == "not listed: 1 kubelet probe and 1 connection that carry others (--all lists them)"
            )
            let listed = try await netviz(files + ["--no-headers", "--all"], in: directory)
            #expect(Set(listed.cells.map { $0[1] }) == ["shop/web", "node:tbn2"])
            #expect(listed.outputLines.count == 3)
            let coverage = try FlowList(await netviz(files + ["-ojson"], in: directory)).coverage
            #expect(coverage["probes_not_listed"] == 1)
            #expect(coverage["carriers_not_listed"] == 1)
        }
    }

    @Test("events show new and refused connections, and the coverage says that they were observable")
    func events() async throws {
        let events = """
            [NEW] tcp 6 120 SYN_SENT src=10.0.0.1 dst=10.0.0.2 sport=40000 dport=80 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=80 dport=40000
            [UPDATE] tcp 6 10 CLOSE src=10.0.0.1 dst=10.0.0.2 sport=40000 dport=80 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=80 dport=40000
            [DESTROY] tcp 6 CLOSE src=10.0.0.1 dst=10.0.0.2 sport=40000 dport=80 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=80 dport=40000

            """
        let result = try await netviz(["flows", "--from", "-", "-ojson"], input: Array(events.utf8))
        let flows = try FlowList(result)
        #expect(flows.coverage["refused_connections_observable"] == true)
        #expect(flows.coverage["nodes"]?[0]?["events"] == true)
        #expect(flows.items.first?["new_connections"] == 1)
        #expect(flows.items.first?["failed_connections"] == 1)
        #expect(flows.items.first?["verdict"] == "REFUSED")
        let failed = try await netviz(["flows", "--from", "-", "--verdict", "refused"], input: Array(events.utf8))
        #expect(failed.cells.last?.last == "1")
    }
}
