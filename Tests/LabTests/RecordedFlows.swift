import TestSupport
import Testing

/// What `kubectl netviz flows -o json` says of the recorded files.
struct RecordedFlows {
    let coverage: JSONValue
    let items: [JSONValue]

    /// Runs the plugin on files of the recording.
    /// - Parameters:
    ///   - hosts: those whose files are given, with the names of their nodes; `external` is no node.
    ///   - forms: the files of each host; a host without a file of a form gives none.
    init(
        of hosts: [String] = LabRecording.hosts,
        _ forms: [LabRecording.Form] = [.list],
        groupedBy grouping: String = "connection"
    ) async throws {
        let recording = try RecordedTraffic.recording()
        let files = hosts.flatMap { host in
            forms.map { recording.path(of: host, $0) }.filter(fileExists).map { file in
                LabCluster.nodes[host].map { "\($0)=\(file)" } ?? file
            }
        }
        let result = try await run(
            try BuiltExecutable.kubectlNetviz(),
            ["flows"] + files.flatMap { ["--from", $0] }
                + ["--inventory", Repository.path("Tests/LabTests/Fixtures/inventory.json")]
                + ["-o", "json", "--group-by", grouping]
        )
        #expect(result.status == .exited(0), "\(result.errorText)")
        let document = try JSONValue(parsing: result.output)
        #expect(document["apiVersion"] == "netviz.dev/v1")
        #expect(document["kind"] == "FlowList")
        coverage = try #require(document["coverage"])
        items = try #require(document["items"]?.array)
    }

    /// How many connections every pair has, keyed as ``name(of:)`` says.
    var connectionCounts: [String: Int] {
        Dictionary(items.map { (Self.name(of: $0), $0["connection_count"]?.integer ?? 0) }, uniquingKeysWith: +)
    }

    /// Where the counts are not as expected, a line each: `NAME: 4, expected 2`.
    func differences(from expected: [String: Int]) -> [String] {
        let counts = connectionCounts
        return Set(counts.keys).union(expected.keys).sorted().compactMap { name in
            let (found, wanted) = (counts[name] ?? 0, expected[name] ?? 0)
            return found == wanted ? nil : "\(name): \(found), expected \(wanted)"
        }
    }

    /// The flows of one name.
    func items(named name: String) -> [JSONValue] { items.filter { Self.name(of: $0) == name } }

    /// `SOURCE -> DEST PROTOCOL[/PORT][ via SERVICE]`: pods by name, what is no pod by address.
    static func name(of item: JSONValue) -> String {
        let source = item["source_pod"]?.string ?? item["source_ip"]?.string ?? "?"
        let destination = item["dest_pod"]?.string ?? item["dest_ip"]?.string ?? "?"
        let port = item["dest_port"]?.integer.map { "/\($0)" } ?? ""
        let service = item["service"]?.string.map { " via \($0)" } ?? ""
        return "\(source) -> \(destination) \(item["protocol"]?.string ?? "?")\(port)\(service)"
    }
}
