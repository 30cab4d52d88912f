extension NetworkLab {
    /// Makes the namespaces, links, addresses, routes and rules.
    func build() async throws {
        let names = [Self.router] + topology.hosts.map(\.name)
        try await ip([], names.map { "netns add \(namespace(of: $0))" })

        try await settings(of: Self.router, accounting: topology.routerAccounting, forwarding: true)
        try await ip(["-n", namespace(of: Self.router)], ["link set lo up"])
        for host in topology.hosts {
            try await settings(of: host.name, accounting: host.accounting, forwarding: false)
            try await connect(host)
            try await rules(LabRules.host(host), of: host.name)
        }
        try await rules(LabRules.router(topology), of: Self.router)
        try await awaitLinks()
        try await clearConntrackTables()
    }

    /// Reaches every host's gateway once over each family: a link takes up to a second to come up, and who answers is
    /// then known, so that nothing a test sends waits or is lost.
    private func awaitLinks() async throws {
        try await withThrowingTaskGroup { group in
            for host in topology.hosts {
                for gateway in [host.gatewayIPv4, host.gatewayIPv6] {
                    group.addTask {
                        let pings = ["-n", "-q", "-c", "1", "-W", "5", gateway]
                        _ = try await runSuccessfully(on: host.name, "ping", pings)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func clearConntrackTables() async throws {
        for host in [Self.router] + topology.hosts.map(\.name) {
            _ = try await runSuccessfully(on: host, "conntrack", ["-F"])
        }
    }

    private func connect(_ host: LabHost) async throws {
        let interface = "to-\(host.name)"
        try await ip(
            ["-n", namespace(of: host.name)],
            [
                "link set lo up",
                "link add eth0 type veth peer name \(interface) netns \(namespace(of: Self.router))",
                "addr add \(host.ipv4)/24 dev eth0",
                "addr add \(host.ipv6)/64 dev eth0 nodad",
                "link set eth0 up",
            ]
        )
        try await ip(
            ["-n", namespace(of: Self.router)],
            [
                "addr add \(host.gatewayIPv4)/24 dev \(interface)",
                "addr add \(host.gatewayIPv6)/64 dev \(interface) nodad",
                "link set \(interface) up",
            ]
        )
        try await ip(
            ["-n", namespace(of: host.name)],
            ["route add 0.0.0.0/0 via \(host.gatewayIPv4)", "route add ::/0 via \(host.gatewayIPv6)"]
        )
    }

    private func settings(of host: String, accounting: Bool, forwarding: Bool) async throws {
        let values = [
            ("netfilter/nf_conntrack_acct", accounting ? 1 : 0),
            ("netfilter/nf_conntrack_timestamp", 1),
            // What duplicate address detection would hold back for a second is used at once.
            ("ipv6/conf/default/accept_dad", 0),
            ("ipv4/ip_forward", forwarding ? 1 : 0),
            ("ipv6/conf/all/forwarding", forwarding ? 1 : 0),
        ]
        let script = values.map { "echo \($0.1) > /proc/sys/net/\($0.0)\n" }.joined()
        _ = try await runSuccessfully(on: host, "sh", ["-e"], input: Array(script.utf8))
    }

    private func rules(_ rules: String, of host: String) async throws {
        _ = try await runSuccessfully(on: host, "nft", ["-f", "-"], input: Array(rules.utf8))
    }

    /// Runs lines of ip(8) in one process.
    private func ip(_ options: [String], _ lines: [String]) async throws {
        let batch = lines.joined(separator: "\n") + "\n"
        _ = try await TestSupport.runSuccessfully(
            "ip",
            options + ["-batch", "-"],
            input: Array(batch.utf8),
            environment: .lab
        )
    }
}
