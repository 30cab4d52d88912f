import TestSupport
import Testing

@Suite("A rule that was hit is the evidence for the connections that it explains", .serialized)
struct DropEvidenceTests {
    /// The port that the server drops, for one client and for all.
    private static let rules = """
        *filter
        :INPUT ACCEPT [0:0]
        :FORWARD ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        -A INPUT -s 10.244.1.2/32 -p tcp -m tcp --dport 9110 -m comment --comment "nobody may" -j DROP
        -A INPUT -s 10.244.1.2/32 -p tcp -m tcp --dport 9112 -j DROP
        COMMIT

        """

    /// Watches client and server at the same time, each with a recording, while the client dials a port that the server
    /// drops and an address that nobody has.
    private func record(_ lab: DropLab, to folder: String) async throws {
        let netviz = try BuiltExecutable.kubectlNetviz()
        func watch(_ host: String) async throws -> CommandResult {
            let flags = ["flows", "--local", "--window", "8s", "--record", "\(folder)/\(host).bundle", "-o", "json"]
            return try await lab.lab.run(on: host, netviz, flags, timeout: .seconds(60))
        }
        async let server = watch(DropLab.server)
        async let client = watch(DropLab.client)
        try await lab.lab.waitUntilConntrackIsWatched(on: DropLab.server)
        try await lab.lab.waitUntilConntrackIsWatched(on: DropLab.client)
        let dial = """
            curl --silent --connect-timeout 3 http://10.244.2.2:9110 &
            curl --silent --connect-timeout 3 http://10.244.2.99:9110 &
            wait
            """
        _ = try await lab.lab.run(on: DropLab.client, "sh", ["-c", dial])
        #expect(try await client.status == .exited(0))
        // What is dropped before it is let in never enters the server's table.
        #expect(try await server.status == .exited(3))
    }

    /// The server is a node; the client is a pod of another.
    private static let inventory = """
        {"kind": "List", "items": [
        {"kind": "Pod", "metadata": {"namespace": "lab", "name": "client"},
         "spec": {"nodeName": "client"}, "status": {"podIP": "10.244.1.2", "podIPs": [{"ip": "10.244.1.2"}]}},
        {"kind": "Node", "metadata": {"name": "server"},
         "status": {"addresses": [{"type": "InternalIP", "address": "10.244.2.2"}]}}]}
        """

    @Test("the verdict is DROP with the rule, in flows, metrics and drops; what no rule explains stays NO_REPLY")
    func dropped() async throws {
        try await withTemporaryDirectory { folder in
            try await DropLab.with([(program: ["iptables-nft-restore"], rules: Self.rules)]) {
                try await record($0, to: folder)
            }
            let netviz = try BuiltExecutable.kubectlNetviz()
            try writeFile(Self.inventory.utf8, to: "\(folder)/pods.json")
            let input = [
                "--from", "client=\(folder)/client.bundle", "server=\(folder)/server.bundle",
                "--inventory", "\(folder)/pods.json", "-o", "json",
            ]
            func answer(_ arguments: [String]) async throws -> JSONValue {
                let result = try await run(netviz, arguments + input)
                #expect(result.status == .exited(0), "\(result.errorText)")
                return try JSONValue(parsing: result.output)
            }

            let flows = try await answer(["flows", "--group-by", "connection"])
            let dials = try #require(flows["items"]?.array).filter { $0["dest_port"]?.integer == 9110 }
            let dropped = try #require(dials.first { $0["dest_ip"]?.string == "10.244.2.2" })
            #expect(dropped["verdict"]?.string == "DROP")
            #expect(dropped["outcome"]?.string == "unanswered")
            #expect(
                dropped["drop_reason"]?.string
                    == "nobody may (filter/INPUT on server)")
            let lost = try #require(dials.first { $0["dest_ip"]?.string == "10.244.2.99" })
            #expect(lost["verdict"]?.string == "NO_REPLY")
            #expect(lost["drop_reason"] == nil)

            let drops = try await answer(["drops", "--all"])
            let items = try #require(drops["items"]?.array)
            let rule = try #require(items.first { $0["rule"]?.string?.contains("9110") ?? false })
            let explained = try #require(rule["explains"]?.array)
            try #require(explained.count == 1)
            #expect(explained[0]["source"]?.string == "lab/client")
            #expect(explained[0]["dest"]?.string == "node:server")
            #expect(explained[0]["dest_port"]?.integer == 9110)
            #expect(explained[0]["connection_count"]?.integer == 1)
            // The SYN and its repetitions after one and about three seconds.
            let packets = try #require(rule["packets"]?.integer)
            #expect((2...3).contains(packets))
            let unhit = try #require(items.first { $0["rule"]?.string?.contains("9112") ?? false })
            #expect(unhit["explains"]?.array?.isEmpty == true)
            #expect(unhit["packets"]?.integer == 0)

            let metrics = try await answer(["metrics"])
            #expect(metrics["lab/client→node:server"]?["error_rate"]?.double == 1)
        }
    }
}
