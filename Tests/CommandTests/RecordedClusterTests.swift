import TestSupport
import Testing

@Suite("The recorded cluster of two nodes", .serialized)
struct RecordedClusterTests {
    /// Every way to give what the two nodes saw.
    static let inputs: [[String]] = [
        RecordedCluster.tables(.list),
        RecordedCluster.tables(.procFile),
        RecordedCluster.tables(.list) + RecordedCluster.tables(.procFile),
    ]

    private func flows(_ input: [String], by grouping: String) async throws -> FlowList {
        try FlowList(
            await netviz(["flows"] + input + RecordedCluster.inventory + ["-o", "json", "--group-by", grouping])
        )
    }

    @Test("239 connections from the frontends to the backends, each counted once", arguments: inputs)
    func frontendsToBackends(_ input: [String]) async throws {
        let flows = try await flows(input, by: "workload")
        let shop = flows.items(["source_workload": "shop/frontend", "dest_workload": "shop/backend"])
        #expect(shop.map { $0["service"]?.string } == ["shop/backend:http", nil])
        #expect(shop.map { $0["connection_count"]?.integer } == [237, 2])
        #expect(shop.allSatisfy { $0["dest_port"] == 8080 && $0["protocol"] == "TCP" && $0["verdict"] == "ACCEPT" })
        #expect(shop[0]["service_ip"] == "10.96.61.76")
        #expect(flows.connections == 257)
    }

    @Test("141 of them carry counters, and the larger of two nodes' numbers is taken", arguments: inputs)
    func counters(_ input: [String]) async throws {
        let flows = try await flows(input, by: "workload")
        #expect(flows.sum("counted_connections") == 141)
        #expect(flows.sum("total_bytes_received") == 14_559_747)
        #expect(flows.sum("total_bytes_sent") == 103_639)
    }

    @Test("the two not dialled through the service were seen by the server's node only", arguments: inputs)
    func serverSideOnly(_ input: [String]) async throws {
        let flows = try await flows(input, by: "connection")
        let direct = flows.items(["dest_workload": "shop/backend"]).filter { $0["service"] == nil }
        #expect(direct.count == 2)
        for flow in direct {
            #expect(flow["nodes"]?.array?.map(\.string) == [flow["dest_node"]?.string])
            #expect(flow["source_node"] != flow["dest_node"])
            #expect(flow["dnat"] == nil)
        }
    }

    @Test("the nodes' own connections go to the API server, whichever packet was seen first", arguments: inputs)
    func apiServer(_ input: [String]) async throws {
        let flows = try await flows(input, by: "connection")
        let api = flows.items(["dest_service": "default/kubernetes"])
        #expect(api.count == 14)
        for flow in api {
            #expect(flow["source_kind"] == "node")
            #expect(flow["dest_kind"] == "service")
            #expect(flow["dest_ip"] == "10.99.0.1")
            #expect(flow["dest_port"] == 6443)
            #expect(flow["direction"] == "egress")
        }
        #expect(api.count { $0["source_node"] == "tbn1" } == 7)
        #expect(api.count { $0["source_node"] == "tbn2" } == 7)
        let turned = api.filter { $0["turned_round"] == true }.compactMap { $0["source_port"]?.integer }
        #expect(turned.sorted() == [33284, 36928])
    }

    @Test("an address without meaning beyond its node is not joined with that of another node", arguments: inputs)
    func multicastJoins(_ input: [String]) async throws {
        let flows = try await flows(input, by: "connection")
        let joins = flows.items(["source_ip": "0.0.0.0", "dest_ip": "224.0.0.22", "protocol": "IGMP"])
        #expect(joins.count == 2)
        #expect(Set(joins.map { $0["nodes"]?.array }) == [["tbn1"], ["tbn2"]])
        #expect(joins.allSatisfy { $0["verdict"] == "UNKNOWN" && $0["source_port"] == nil && $0["dest_port"] == nil })
    }

    @Test("counters that were not kept are absent, not zero")
    func absentCounters() async throws {
        for flow in try await FlowList(recorded: ["--group-by", "connection"]).items
        where flow["counted_connections"] == 0 {
            #expect(flow["total_bytes_sent"] == nil)
            #expect(flow["total_bytes_received"] == nil)
            #expect(flow["bytes_per_sec"] == nil)
        }
    }

    @Test("the order of files and objects changes no flow")
    func order() async throws {
        let files = RecordedCluster.inventory.dropFirst()
        let flags = ["-o", "json", "--group-by", "connection"]
        let reversed = try FlowList(
            await netviz(
                ["flows", "--inventory"] + files.reversed() + RecordedCluster.tables(of: ["tbn2", "tbn1"]) + flags
            )
        )
        let items = try await FlowList(recorded: ["--group-by", "connection"]).items
        #expect(items.count == 257)
        #expect(Set(reversed.items) == Set(items))
    }

    @Test("without an inventory addresses stand for themselves")
    func withoutInventory() async throws {
        let flows = try FlowList(await netviz(["flows"] + RecordedCluster.tables() + ["-o", "json"]))
        let backend = flows.items(["dest_ip": "10.244.2.3"]).filter { $0["dest_port"] == 8080 }
        #expect(backend.compactMap { $0["connection_count"]?.integer }.reduce(0, +) == 121)
        #expect(backend.allSatisfy { $0["dest_kind"] == "unknown" && $0["dest_pod"] == nil && $0["service"] == nil })
    }
}

@Suite("What the recorded cluster looks like in print", .serialized)
struct RecordedClusterGoldenTests {
    @Test(
        "every output format, by workload",
        arguments: [
            ("table", "table.txt"), ("wide", "wide.txt"), ("csv", "csv.csv"), ("yaml", "yaml.yaml"),
            ("json", "json.json"), ("ndjson", "ndjson.ndjson"),
        ]
    )
    func formats(_ format: String, _ file: String) async throws {
        let result = try await RecordedCluster.flows("-o", format)
        #expect(result.status == .exited(0))
        expectGolden(result.outputText, at: "Tests/CommandTests/Goldens/workloads-\(file)")
    }

    @Test("the table by each grouping", arguments: ["pod", "service", "namespace", "node", "zone"])
    func groupings(_ grouping: String) async throws {
        let result = try await RecordedCluster.flows("--group-by", grouping)
        #expect(result.status == .exited(0))
        expectGolden(result.outputText, at: "Tests/CommandTests/Goldens/table-by-\(grouping).txt")
    }

    @Test("JSON and YAML say the same, and so do the lines of NDJSON")
    func sameFields() async throws {
        let list = try await FlowList(recorded: [])
        let lines = try await RecordedCluster.flows("-o", "ndjson").outputLines.map { try JSONValue(parsing: $0) }
        #expect(Array(lines.dropLast()) == list.items)
        var coverage = try #require(lines.last?.object)
        #expect(coverage.removeValue(forKey: "kind") == "Coverage")
        #expect(coverage.removeValue(forKey: "apiVersion") == "netviz.dev/v1")
        #expect(JSONValue.object(coverage) == list.coverage)
    }

    @Test("YAML lists the same flows as JSON")
    func yaml() async throws {
        let yaml = try await RecordedCluster.flows("-o", "yaml").outputText
        let json = try await FlowList(recorded: [])
        // Every item begins with a dash at the margin; its lists are indented.
        let items = try #require(yaml.split(separator: "\nitems:\n").last)
        #expect(items.split(separator: "\n").count { $0.hasPrefix("- ") } == json.items.count)
        for item in json.items {
            let received = item["total_bytes_received"]?.integer.map { "  total_bytes_received: \($0)\n" }
            #expect(items.contains(received ?? "  dest_kind: "))
        }
    }

    @Test("standard error tells the coverage in one line where the output does not hold it")
    func coverageLine() async throws {
        let expected = """
            2 of 2 nodes, no window: totals over each connection's life; tbn1, tbn2: bytes counted for 218 of 388 \
            entries; refused connections not observable without events
            """
        for format in ["table", "wide", "csv"] {
            #expect(try await RecordedCluster.flows("-o", format).errorLines == [expected])
        }
        for format in ["json", "yaml", "ndjson"] {
            #expect(try await RecordedCluster.flows("-o", format).errorLines == [])
        }
    }
}
