import TestSupport
import Testing

/// A client behind a router and a server whose packet filter drops what the client sends.
struct DropLab {
    let lab: NetworkLab

    static let client = "client"
    static let server = "server"
    static let clientAddress = "10.244.1.2"
    static let serverAddress = "10.244.2.2"
    static let serverAddressIPv6 = "fd00:244:2::2"

    /// Builds the lab, loads the server's rules with a program that reads them from its input, and runs `body`.
    static func with<Value>(
        _ loads: [(program: [String], rules: String)],
        _ body: (DropLab) async throws -> Value
    ) async throws -> Value {
        try await withNetworkLab(topology) { lab in
            for (program, rules) in loads {
                _ = try await lab.runSuccessfully(
                    on: server, program[0], Array(program.dropFirst()), input: Array(rules.utf8))
            }
            return try await body(DropLab(lab: lab))
        }
    }

    private static let topology = LabTopology(
        hosts: [
            LabHost(
                client,
                ipv4: clientAddress,
                ipv6: "fd00:244:1::2",
                gatewayIPv4: "10.244.1.1",
                gatewayIPv6: "fd00:244:1::1"
            ),
            LabHost(
                server,
                ipv4: serverAddress,
                ipv6: serverAddressIPv6,
                gatewayIPv4: "10.244.2.1",
                gatewayIPv6: "fd00:244:2::1"
            ),
        ]
    )

    /// Sends packets from the client: "udp:9101=7 tcp:9102=3 udp6:9106=6".
    func hit(_ counts: String) async throws {
        let program = Repository.path("Tests/LabTests/Programs/hit-rules.py")
        _ = try await lab.runSuccessfully(
            on: Self.client, "python3", [program, Self.serverAddress, Self.serverAddressIPv6, counts])
    }

    /// Pings the server, which does not answer.
    func ping(_ count: Int) async throws {
        let arguments = ["-n", "-q", "-i", "0.1", "-W", "1", "-c", String(count), Self.serverAddress]
        let result = try await lab.run(on: Self.client, "ping", arguments)
        #expect(result.status == .exited(1), "\(result.errorText)")
    }

    /// What `kubectl netviz drops --local` says of the server, of a window in which `inside` is done.
    func drops(_ flags: [String] = [], inside: () async throws -> Void) async throws -> DropList {
        let netviz = try BuiltExecutable.kubectlNetviz()
        async let watched = lab.run(
            on: Self.server,
            netviz,
            ["drops", "--local", "--window", "3s", "--all", "-o", "json"] + flags,
            timeout: .seconds(60)
        )
        // Rules are read before anybody listens.
        try await lab.waitUntilConntrackIsWatched(on: Self.server)
        try await inside()
        return try await DropList(watched)
    }
}

/// What `kubectl netviz drops -o json` said.
struct DropList {
    let coverage: JSONValue
    let items: [JSONValue]
    let losses: [JSONValue]

    init(_ result: CommandResult) throws {
        #expect(result.status == .exited(0), "\(result.errorText)")
        let document = try JSONValue(parsing: result.output)
        coverage = try #require(document["coverage"])
        items = try #require(document["items"]?.array)
        losses = try #require(document["table_losses"]?.array)
    }

    /// Fields of the only place whose chain, and whose rule or element, are those; "-" for what is absent.
    func fields(chain: String, containing text: String, _ names: String...) -> [String] {
        let found = items.filter { item in
            let rule = item["rule"]?.string ?? item["element"]?.string ?? item["place"]?.string ?? ""
            return item["chain"]?.string == chain && rule.contains(text)
        }
        guard found.count == 1 else { return ["\(found.count) places"] }
        return names.map { name in
            found[0][name].map { $0.string ?? $0.integer.map(String.init) ?? "\($0)" } ?? "-"
        }
    }
}
