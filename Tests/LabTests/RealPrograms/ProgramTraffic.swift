import TestSupport

/// All programs, side by side, over both families.
enum ProgramTraffic {
    /// What the programs said of their own traffic.
    struct Record: Sendable {
        var downloads: [LabFamily: RealClients.Transfers] = [:]
        var kept: [LabFamily: RealClients.Transfers] = [:]
    }

    /// Sets the rules that drop, by iptables on the server and by nftables on the router, and that count what is sent.
    static func prepare(_ lab: NetworkLab) async throws {
        for program in ["iptables-nft", "ip6tables-nft"] {
            let rule = ["-A", "INPUT", "-p", "tcp", "--dport", String(RealClients.droppedByServer), "-j", "DROP"]
            _ = try await lab.runSuccessfully(on: "server-1", program, rule)
        }
        let guardRules = """
            table inet guard {
                chain forward {
                    type filter hook forward priority filter;
                    tcp dport \(RealClients.droppedByRouter) counter drop
                }
            }
            """
        _ = try await lab.runSuccessfully(on: NetworkLab.router, "nft", ["-f", "-"], input: Array(guardRules.utf8))
        // Counts what client-0 sends, whatever becomes of it.
        let sent = [RealClients.droppedByServer, RealClients.droppedByRouter].flatMap { port in
            ["ipv4", "ipv6"].map { "meta nfproto \($0) tcp dport \(port) counter" }
        }
        let sentRules = """
            table inet sent {
                chain output {
                    type filter hook output priority filter;
                    \(sent.joined(separator: "\n"))
                }
            }
            """
        _ = try await lab.runSuccessfully(on: "client-0", "nft", ["-f", "-"], input: Array(sentRules.utf8))
        for host in ["client-0", "client-1", "server-0", "server-1"] {
            // On a busy machine an answer can be late, and a tail loss probe would send a segment again, so that its
            // bytes were counted twice.
            let probes = "echo 0 > /proc/sys/net/ipv4/tcp_early_retrans"
            _ = try await lab.runSuccessfully(on: host, "sh", ["-c", probes])
        }
    }

    static func make(_ lab: NetworkLab, _ directory: String) async throws -> Record {
        try await withThrowingTaskGroup { group in
            for family in LabFamily.allCases {
                let clients = RealClients(lab: lab, directory: directory, family: family)
                group.addTask {
                    Record(downloads: [family: try await clients.downloadEach()])
                }
                group.addTask {
                    Record(kept: [family: try await clients.downloadOverOne()])
                }
                for program in programs(clients) {
                    group.addTask {
                        try await program()
                        return Record()
                    }
                }
            }
            return try await group.reduce(into: Record()) { all, one in
                all.downloads.merge(one.downloads) { $1 }
                all.kept.merge(one.kept) { $1 }
            }
        }
    }

    private static func programs(_ clients: RealClients) -> [@Sendable () async throws -> Void] {
        [
            clients.downloadThroughService, clients.stream, clients.sendDatagrams, clients.askNames,
            clients.scanClosed, clients.scanHalfOpen, clients.scanFiltered, clients.scanFilteredUDP,
            clients.scanClosedUDP, clients.ping, clients.openAndClose, clients.sendOneDatagram,
            { try await clients.dialDropped(RealClients.droppedByServer) },
            { try await clients.dialDropped(RealClients.droppedByRouter) },
            { try await clients.echo("TCP") },
            { try await clients.echo("UDP") },
        ]
    }
}
