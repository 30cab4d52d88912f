import TestSupport
import Testing

@Suite("The metrics of the recorded cluster", .serialized)
struct MetricsTests {
    private static let shop = "shop/frontend→shop/backend"

    @Test(
        "every output format, by workload",
        arguments: [
            ("table", "table.txt"), ("wide", "wide.txt"), ("csv", "csv.csv"), ("yaml", "yaml.yaml"),
            ("json", "json.json"), ("ndjson", "ndjson.ndjson"), ("prometheus", "prometheus.prom"),
        ]
    )
    func formats(_ format: String, _ file: String) async throws {
        let result = try await RecordedCluster.metrics("-o", format)
        #expect(result.status == .exited(0))
        expectGolden(result.outputText, at: "Tests/CommandTests/Goldens/metrics-\(file)")
    }

    @Test("the top level of JSON is just the pairs, each with the fields of the contract")
    func json() async throws {
        let result = try await RecordedCluster.metrics("-o", "json")
        let metrics = try #require(try JSONValue(parsing: result.output).object)
        #expect(metrics.count == 7)
        let shop = try #require(metrics[Self.shop])
        #expect(shop["connection_count"] == 239)
        #expect(shop["protocol"] == "TCP")
        #expect(shop["ports"]?.array == [8080])
        #expect(shop["direction"] == "bidirectional")
        // Dumps without events and without a window tell neither error_rate nor is_active.
        let fields: Set = [
            "bytes_per_sec", "packets_per_sec", "connection_count", "protocol", "ports", "direction",
        ]
        #expect(shop.object.map { Set($0.keys) } == fields)
        for pair in metrics.values { #expect(fields.isSuperset(of: try #require(pair.object).keys)) }
    }

    @Test(
        "all connections of the flows are counted, by each grouping",
        arguments: ["pod", "service", "namespace", "node"])
    func groupings(_ grouping: String) async throws {
        let result = try await RecordedCluster.metrics("-o", "ndjson", "--group-by", grouping)
        let metrics = try result.outputLines.map { try JSONValue(parsing: $0) }
        #expect(metrics.compactMap { $0["connection_count"]?.integer }.reduce(0, +) == 257)
        #expect(metrics.compactMap { $0["total_bytes_received"]?.integer }.reduce(0, +) == 14_559_747)
    }

    @Test("the lines of NDJSON say what JSON says and more, and name the ends")
    func ndjson() async throws {
        let metrics = try #require(
            try JSONValue(parsing: await RecordedCluster.metrics("-o", "json").output).object)
        let lines = try await RecordedCluster.metrics("-o", "ndjson").outputLines.map { try JSONValue(parsing: $0) }
        #expect(lines.count == 8)
        for line in lines.dropLast() {
            var fields = try #require(line.object)
            let key = try #require(fields.removeValue(forKey: "key")?.string)
            let source = try #require(fields.removeValue(forKey: "source")?.string)
            let destination = try #require(fields.removeValue(forKey: "destination")?.string)
            #expect(key == "\(source)→\(destination)")
            #expect(fields["total_bytes_received"] != nil || fields["bytes_per_sec"] == nil)
            let told = try #require(metrics[key]?.object)
            #expect(fields.filter { told[$0.key] != nil } == told)
        }
        #expect(lines.last?["kind"] == "Coverage")
        #expect(lines.last?["pairs"] == 7)
    }

    @Test("standard error tells the coverage where the output does not hold it")
    func coverage() async throws {
        for format in ["table", "wide", "csv", "json", "yaml"] {
            let lines = try await RecordedCluster.metrics("-o", format).errorLines
            #expect(lines.count == 1)
            #expect(lines.first?.hasPrefix("2 of 2 nodes, ") == true)
        }
        for format in ["ndjson", "prometheus"] {
            #expect(try await RecordedCluster.metrics("-o", format).errorLines == [])
        }
        let top = try await RecordedCluster.metrics("--top", "2", "--no-headers")
        #expect(top.outputLines.count == 2)
        #expect(top.errorLines.last == "not listed: 5 pairs beyond --top 2")
    }

    @Test(
        "pairs are sorted by what is asked for, unknown values last",
        arguments: [
            ("bytes", [239, 7, 7]), ("-rate", [239, 7, 7]), ("packets", [239, 7, 7]), ("connections", [239, 7, 7]),
            ("-connections", [1, 1, 1]), ("errors", [239, 7, 7]), ("source", [1, 1, 7]), ("-source", [239, 7, 1]),
            ("destination", [1, 1, 1]), ("-destination", [239, 7, 7]),
        ])
    func sorting(_ key: String, _ expected: [Int]) async throws {
        let lines = try await RecordedCluster.metrics("-o", "ndjson", "--sort-by", key).outputLines
        #expect(try lines.prefix(3).map { try JSONValue(parsing: $0)["connection_count"]?.integer } == expected)
    }

    @Test("with events the error rate is told")
    func events() async throws {
        func event(_ kind: String, _ port: Int, _ rest: String) -> String {
            """
            [\(kind)] tcp 6 \(rest)src=10.0.0.1 dst=10.0.0.2 sport=\(port) dport=80 \
            \(kind == "UPDATE" ? "" : "[UNREPLIED] ")src=10.0.0.2 dst=10.0.0.1 sport=80 dport=\(port)

            """
        }
        let lines =
            (1...4).map { event("NEW", $0, "120 SYN_SENT ") }
            + (1...3).map { event("UPDATE", $0, "60 SYN_RECV ") } + [event("DESTROY", 4, "10 CLOSE ")]
        let result = try await netviz(["metrics", "--from", "n1=-", "-o", "json"], input: Array(lines.joined().utf8))
        let pair = try JSONValue(parsing: result.output)["10.0.0.1→10.0.0.2"]
        #expect(pair?["error_rate"]?.double == 0.25)
        #expect(pair?["is_active"] == nil)
    }

    @Test("nothing found: an empty object, and words on standard error")
    func nothing() async throws {
        let result = try await RecordedCluster.metrics("-o", "json", "-n", "elsewhere")
        #expect(result.status == .exited(0))
        #expect(result.outputText == "{}\n")
        #expect(result.errorLines.first == "No flows found.")
        let unseen = try await netviz(["metrics", "--from", "-", "-o", "prometheus"])
        #expect(unseen.status == .exited(3))
        #expect(unseen.outputText.contains("netviz_nodes_covered 0\n"))
    }

    @Test("coverage gates metrics as it gates flows")
    func gate() async throws {
        let result = try await netviz(
            ["metrics"] + RecordedCluster.tables(of: ["tbn1"]) + RecordedCluster.inventory + ["--min-coverage", "90%"])
        #expect(result.status == .exited(3))
        #expect(result.errorLines.last?.contains("1 of 2 nodes were observed (50%)") == true)
    }

    @Test(
        "what metrics cannot do is refused with what they can",
        arguments: [
            (["-o", "promtheus"], "allowed formats are: csv,json,ndjson,prometheus,table,wide,yaml"),
            (["--group-by", "connection"], "it is one of pod, workload, service, namespace, node, zone"),
            (["--sort-by", "duration"], "it is one of bytes, rate, packets, connections, errors, source, destination"),
        ])
    func refused(_ flags: [String], _ message: String) async throws {
        let result = try await netviz(["metrics", "--from", "-"] + flags)
        #expect(result.status == .exited(2))
        #expect(result.errorText.contains(message))
    }
}

@Suite("The text for Prometheus, read by promtool", .serialized)
struct PrometheusTests {
    private func expectAccepted(_ text: [UInt8]) async throws {
        let check = try await run("promtool", ["check", "metrics"], input: text)
        #expect(check.status == .exited(0))
        #expect(check.errorText == "")
        #expect(check.outputText == "")
    }

    @Test("is taken without a complaint, by each grouping", arguments: ["pod", "workload", "service", "node", "zone"])
    func accepted(_ grouping: String) async throws {
        let result = try await RecordedCluster.metrics("-o", "prometheus", "--group-by", grouping)
        #expect(result.outputText.contains("netviz_flow_connections{source=\""))
        try await expectAccepted(result.output)
    }

    @Test("is taken with whatever stands in names")
    func hostileNames() async throws {
        let names = [
            #"q\"uo\"te"#, #"back\\slash\\"#, #"new\nline"#, "grün-日本", #"esc\u001b[31m"#, #"\u202e\u0000\r\t"#,
            "{a=\\\"b\\\"} 1",
            #"\ud800"#,
        ]
        let pods = names.enumerated().map { number, name in
            """
            {"kind":"Pod","metadata":{"namespace":"n","name":"\(name)"},"spec":{"nodeName":"a"},\
            "status":{"podIP":"10.1.0.\(number + 1)","podIPs":[{"ip":"10.1.0.\(number + 1)"}]}}
            """
        }
        let lines = names.indices.map { number in
            """
            tcp 6 100 ESTABLISHED src=10.1.0.1 dst=10.1.0.\(number + 1) sport=\(5000 + number) dport=80 \
            src=10.1.0.\(number + 1) dst=10.1.0.1 sport=80 dport=\(5000 + number) [ASSURED] mark=0 use=1

            """
        }
        try await withTemporaryDirectory { folder in
            let objects = "{\"kind\":\"List\",\"items\":[\(pods.joined(separator: ","))]}"
            try writeFile(Array(objects.utf8), to: "\(folder)/objects.json")
            let result = try await netviz(
                ["metrics", "--from", "a=-", "--inventory", "\(folder)/objects.json", "-o", "prometheus"],
                input: Array(lines.joined().utf8)
            )
            #expect(result.status == .exited(0), "\(result.errorText)")
            let series = result.outputLines.filter { $0.hasPrefix("netviz_flow_connections{") }
            #expect(Set(series).count == names.count)
            #expect(!result.output.contains(0x1B) && !result.output.contains(0x0D))
            try await expectAccepted(result.output)
        }
    }

    @Test("begins each metric once, with its help and type")
    func helpAndType() async throws {
        let lines = try await RecordedCluster.metrics("-o", "prometheus").outputLines
        for kind in ["HELP", "TYPE"] {
            let told = lines.filter { $0.hasPrefix("# \(kind) ") }.compactMap {
                $0.split(separator: " ").dropFirst(2).first
            }
            #expect(Set(told).count == told.count)
            let metrics = Set(lines.filter { !$0.hasPrefix("#") }.map { $0.prefix { $0 != "{" && $0 != " " } })
            #expect(Set(told) == metrics)
        }
    }
}
