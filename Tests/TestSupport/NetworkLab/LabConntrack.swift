extension NetworkLab {
    /// The connection tracking table of a host as conntrack(8) prints it over netlink.
    /// - Parameter arguments: added to `conntrack -L`: `["-f", "ipv6"]`, `["-o", "extended"]`.
    package func conntrackTable(of host: String, _ arguments: [String] = []) async throws -> String {
        try await runSuccessfully(on: host, "conntrack", ["-L"] + arguments)
    }

    /// The connection tracking table of a host as `/proc/net/nf_conntrack` gives it.
    package func procConntrackTable(of host: String) async throws -> String {
        try await runSuccessfully(on: host, "cat", ["/proc/net/nf_conntrack"])
    }

    /// Records what `conntrack -E` prints on a host while `body` runs.
    /// - Parameter arguments: added to `conntrack -E`.
    package func withConntrackEvents<Value>(
        on host: String,
        _ arguments: [String] = ["-o", "timestamp"],
        _ body: () async throws -> Value
    ) async throws -> (value: Value, events: String) {
        let recorded = try await withBackgroundCommand(
            "nsenter",
            entering(host, "conntrack", ["-E"] + arguments),
            environment: .lab,
            stopSignal: 2
        ) { _ in
            try await waitUntilConntrackIsWatched(on: host)
            return try await body()
        }
        return (recorded.value, recorded.result.outputText)
    }

    /// Waits until programs of the host listen to the events of connection tracking, one or as many as said.
    package func waitUntilConntrackIsWatched(on host: String, by listeners: Int = 1) async throws {
        guard try await poll({ try await conntrackListeners(host) >= listeners }) else {
            throw LabError.notListening("\(host): nobody listens to conntrack events")
        }
    }

    /// How many netlink sockets of the host are subscribed to events of netfilter.
    private func conntrackListeners(_ host: String) async throws -> Int {
        let netfilterProtocol: Substring = "12"  // NETLINK_NETFILTER, linux/netlink.h
        let sockets = try await runSuccessfully(on: host, "cat", ["/proc/net/netlink"])
        return sockets.split(separator: "\n").count { line in
            let fields = line.split(separator: " ")
            return fields.count > 3 && fields[1] == netfilterProtocol && fields[3] != "00000000"
        }
    }
}
