import CollectorClient
import CollectorProtocol
import FlowGraph
import Glibc
import Inventory
import NetvizCommands
import TestSupport
import Testing

@Suite("Collectors on two nodes whose clocks are three seconds apart")
struct TwoClocksTests {
    private static let second: Int64 = 1_000_000_000

    private static let hosts = [
        LabHost(
            "client", ipv4: "10.244.1.2", ipv6: "fd00:244:1::2", gatewayIPv4: "10.244.1.1", gatewayIPv6: "fd00:244:1::1"
        ),
        LabHost(
            "server", ipv4: "10.244.2.2", ipv6: "fd00:244:2::2", gatewayIPv4: "10.244.2.1", gatewayIPv6: "fd00:244:2::1"
        ),
    ]

    private func withLab<Value>(
        _ topology: LabTopology,
        _ body: (NetworkLab) async throws -> Value
    ) async throws -> Value {
        try await LabGate.shared.pass { try await withNetworkLab(topology, body) }
    }

    @Sendable
    private static func now() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * second + Int64(time.tv_nsec)
    }

    /// Both nodes watched for four seconds while `inside` runs.
    private func watch(
        _ lab: NetworkLab,
        ahead: Int64,
        inside: @escaping @Sendable () async throws -> Void
    ) async throws -> (reports: [CollectorFleet.Report], flows: [Flow], starts: [Start]) {
        let names = Self.hosts.map(\.name)
        let pipes = [
            ShiftedPipe(try CollectorProcess(on: names[0], of: lab, ["session"]), ahead: 0),
            ShiftedPipe(try CollectorProcess(on: names[1], of: lab, ["session"]), ahead: ahead),
        ]
        let tables = CollectedTables()
        for name in names {
            _ = await tables.begin(CollectedTables.Source(name: name, isNode: true, mode: .collector))
        }
        let plan = CollectorFleet.Plan(window: 4 * Self.second, wantsRules: false, slack: .seconds(20))
        let fleet = CollectorFleet(plan, clock: Self.now) { position, delivery in
            switch delivery {
            case .received(let reception): await tables.take(reception, from: position)
            case .over(let report): await tables.end(report, of: position)
            }
        }
        async let running = fleet.run(pipes)
        for name in names { try await lab.waitUntilConntrackIsWatched(on: name) }
        try await inside()
        let reports = await running
        var starts: [Start] = []
        for pipe in pipes {
            starts.append(try #require(await pipe.started))
            try await pipe.end()
        }
        let table = await tables.finish().table
        let set = FlowSet(
            ResolvedConnections(table, inventory: .empty),
            by: .connection,
            filter: FlowFilter(),
            includesAll: true
        )
        return (reports, set.positions(by: .standard).map { set[$0] }, starts)
    }

    @Test("see one connection: it is told once, by both, and the windows coincide")
    func oneConnection() async throws {
        let topology = LabTopology(hosts: Self.hosts)
        let server = LabServer(
            on: "server", "socat", ["TCP-LISTEN:7000,fork,reuseaddr", "EXEC:cat"],
            readyWhen: .listening(.tcp, 7000))
        let (reports, flows, starts) = try await withLab(topology) { lab in
            try await lab.withServers([server]) {
                try await watch(lab, ahead: 3 * Self.second) {
                    for port in [40001, 40002] {
                        let connection = "echo hello | socat -t1 - TCP:10.244.2.2:7000,sourceport=\(port)"
                        _ = try await lab.runSuccessfully(on: "client", "sh", ["-c", connection])
                    }
                }
            }
        }
        #expect(reports.allSatisfy { $0.failure == nil })
        let offsets = try reports.map { try #require($0.clockOffset) }
        #expect(abs(offsets[0].nanoseconds) <= offsets[0].uncertainty + 1)
        #expect(abs(offsets[1].nanoseconds - 3 * Self.second) <= offsets[1].uncertainty + 1)
        #expect(offsets.allSatisfy { $0.uncertainty < 100_000_000 })

        // On one clock, as far as the offsets are known, both began at the moment that all were asked for.
        let ends = try reports.map { try #require($0.end) }
        let begins = zip(ends, offsets).map { $0.began - $1.nanoseconds }
        #expect(abs(begins[0] - begins[1]) < offsets[0].uncertainty + offsets[1].uncertainty + 50_000_000)
        #expect(ends.allSatisfy { (4 * Self.second..<Self.second * 45 / 10).contains($0.window) })
        let difference = abs(starts[0].beginAt - starts[1].beginAt)
        #expect(difference <= offsets[0].uncertainty + offsets[1].uncertainty + 2)

        #expect(flows.compactMap(\.sourcePort).sorted() == [40001, 40002])
        for flow in flows {
            #expect(flow.observers == ["client", "server"])
            #expect(flow.connections == 1)
            #expect(flow.newConnections == 1)
            #expect(flow.outcome == .closed)
        }
    }

    @Test("see two connections with the same ports one after the other: they are two")
    func portUsedAgain() async throws {
        let topology = LabTopology(hosts: Self.hosts)
        let (reports, flows, _) = try await withLab(topology) { lab in
            try await watch(lab, ahead: 3 * Self.second) {
                // Refused at once, so that the same port is free again.
                for _ in 0..<2 {
                    let connection = "echo | socat -t1 - TCP:10.244.2.2:7001,sourceport=40003,reuseaddr || true"
                    _ = try await lab.runSuccessfully(on: "client", "sh", ["-c", connection])
                    try await Task.sleep(for: .milliseconds(300))
                }
            }
        }
        #expect(reports.allSatisfy { $0.failure == nil })
        #expect(flows.map(\.connections).reduce(0, +) == 2)
        #expect(flows.compactMap(\.newConnections).reduce(0, +) == 2)
        #expect(flows.allSatisfy { $0.observers == ["client", "server"] && $0.outcome == .refused })
    }
}
