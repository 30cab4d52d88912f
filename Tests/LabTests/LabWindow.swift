import TestSupport
import Testing

/// A client and a server joined by a router whose collector watches what a program on the client does.
struct LabWindow {
    let lab: NetworkLab
    private let folder: String

    static let client = "client"
    static let server = "server"

    /// Builds the lab with its server and runs `body`.
    static func with<Value>(
        accounting: Bool = true,
        eventsMode: Int = 2,
        _ body: (LabWindow) async throws -> Value
    ) async throws -> Value {
        try await withNetworkLab(topology(accounting: accounting)) { lab in
            let mode = "echo \(eventsMode) > /proc/sys/net/netfilter/nf_conntrack_events"
            _ = try await lab.runSuccessfully(on: NetworkLab.router, "sh", ["-c", mode])
            let echo = [Repository.path("Tests/LabTests/Programs/echo.py"), "7000"]
            let server = LabServer(on: server, "python3", echo, readyWhen: .listening(.tcp, 7000))
            return try await withTemporaryDirectory { folder in
                try await lab.withServers([server]) { try await body(LabWindow(lab: lab, folder: folder)) }
            }
        }
    }

    private static func topology(accounting: Bool) -> LabTopology {
        LabTopology(
            hosts: [
                LabHost(
                    client,
                    ipv4: "10.244.1.2",
                    ipv6: "fd00:244:1::2",
                    gatewayIPv4: "10.244.1.1",
                    gatewayIPv6: "fd00:244:1::1"
                ),
                LabHost(
                    server,
                    ipv4: "10.244.2.2",
                    ipv6: "fd00:244:2::2",
                    gatewayIPv4: "10.244.2.1",
                    gatewayIPv6: "fd00:244:2::1",
                    drops: ["udp dport 9999", "tcp dport 9998"]
                ),
            ],
            routerAccounting: accounting
        )
    }

    /// The flows of what window-client.py does.
    ///
    /// - Parameter inside: done beside the client, when the window has begun.
    func flows(
        _ flags: [String] = [],
        window: String = "6s",
        inside: () async throws -> Void = {}
    ) async throws -> LocalFlows {
        let result = try await watch(
            ["flows", "--group-by", "connection", "--all", "-o", "json"] + flags,
            of: "window-client.py",
            window: window,
            inside: inside
        )
        return try LocalFlows(result)
    }

    /// The same of `kubectl netviz flows` with any flags, of the client's usual program, and all that came of it.
    func watch(
        _ flags: [String],
        window: String = "6s",
        inside: () async throws -> Void = {}
    ) async throws -> CommandResult {
        try await watch(["flows"] + flags, of: "window-client.py", window: window, inside: inside)
    }

    /// Lets a program make the connections before the window, watches the router with `kubectl netviz … --local`, and lets
    /// the program make what is inside.
    ///
    /// - Parameters:
    ///   - arguments: the command of netviz and its flags.
    ///   - program: in Tests/LabTests/Programs; it is given the folder in which it says `ready` and waits for `go`, and
    ///     the server's two addresses.
    ///   - inside: done beside the program, when the window has begun.
    func watch(
        _ arguments: [String],
        of program: String,
        window: String,
        inside: () async throws -> Void = {}
    ) async throws -> CommandResult {
        let client = LabServer(
            on: Self.client,
            "python3",
            [Repository.path("Tests/LabTests/Programs/" + program), folder, "10.244.2.2", "fd00:244:2::2"],
            readyWhen: .file("\(folder)/ready")
        )
        return try await lab.withServers([client]) {
            // Without accounting only timeouts, whole seconds, tell that a packet passed.
            try await Task.sleep(for: .seconds(2))
            let netviz = try BuiltExecutable.kubectlNetviz()
            async let watched = lab.run(
                on: NetworkLab.router,
                netviz,
                arguments + ["--local", "--window", window],
                timeout: .seconds(60)
            )
            try await lab.waitUntilConntrackIsWatched(on: NetworkLab.router)
            // The first dump of so small a table takes no longer.
            try await Task.sleep(for: .milliseconds(300))
            _ = try await lab.runSuccessfully(on: Self.client, "touch", ["\(folder)/go"])
            try await inside()
            return try await watched
        }
    }
}

/// What `kubectl netviz flows --local -o json` said.
struct LocalFlows {
    let node: JSONValue
    let coverage: JSONValue
    private let items: [JSONValue]

    init(_ result: CommandResult) throws {
        #expect(result.status == .exited(0), "\(result.errorText)")
        let document = try JSONValue(parsing: result.output)
        coverage = try #require(document["coverage"])
        node = try #require(coverage["nodes"]?[0])
        items = try #require(document["items"]?.array)
    }

    /// The only flow from a port of the client; nil when there is none.
    subscript(port: Int) -> JSONValue? {
        let found = items.filter { $0["source_port"]?.integer == port }
        #expect(found.count <= 1, "port \(port): \(found.count) flows")
        return found.first
    }

    /// Fields of the flow from a port, "-" for what is absent.
    func fields(_ port: Int, _ names: String...) -> [String] {
        guard let flow = self[port] else { return ["no flow"] }
        return names.map { name in
            flow[name].map { $0.string ?? $0.integer.map(String.init) ?? "\($0)" } ?? "-"
        }
    }
}
