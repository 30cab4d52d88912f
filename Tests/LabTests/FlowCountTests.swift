import TestSupport
import Testing

extension RecordedTraffic {
    @Suite("The flows are the connections that were made")
    struct FlowCounts {
        /// Everything that `LabTraffic` makes and that a table can show.
        static let made: [String: Int] = [
            "lab/client-0 -> lab/server-0 TCP/8080 via lab/web:http": 9,
            "lab/client-1 -> lab/server-0 TCP/8080 via lab/web:http": 5,
            "lab/client-0 -> lab/server-1 UDP/5353 via lab/dns:dns": 8,
            "lab/client-0 -> lab/server-1 TCP/8080": 2,
            "lab/client-1 -> lab/server-1 TCP/9000": 2,
            "lab/client-0 -> 172.16.0.2 TCP/8080": 3,
            "172.16.0.2 -> lab/server-0 TCP/8080 via lab/web:http": 3,
            "fd00:172::2 -> lab/server-0 TCP/8080 via lab/web:http": 2,
            "lab/client-0 -> lab/server-0 ICMP": 1,
            "lab/client-1 -> lab/server-1 ICMPv6": 1,
            "lab/client-0 -> lab/server-0 SCTP/3868": 1,
            "lab/client-0 -> lab/server-1 UDP/9999": 1,
            "lab/client-1 -> lab/server-1 TCP/9998": 1,
        ]

        @Test("all nodes together count every connection once, and none besides")
        func everyNode() async throws {
            let flows = try await RecordedFlows()
            #expect(flows.differences(from: Self.made) == [])
            #expect(flows.items.allSatisfy { $0["connection_count"] == 1 })
        }

        @Test("the table's other forms, given as well, add nothing")
        func everyForm() async throws {
            let flows = try await RecordedFlows(of: LabRecording.hosts, [.list, .ipv6, .proc])
            #expect(flows.differences(from: Self.made) == [])
        }

        @Test("the kernel's own file alone gives the same as conntrack(8)")
        func procOnly() async throws {
            let flows = try await RecordedFlows(of: LabRecording.hosts, [.proc])
            #expect(flows.differences(from: Self.made) == [])
        }

        @Test("the router alone, which translates, gives the same")
        func routerOnly() async throws {
            let flows = try await RecordedFlows(of: ["router"])
            #expect(flows.differences(from: Self.made) == [])
        }

        /// What events show besides: the refused dials, over IPv4 and IPv6.
        private static let madeAndRefused = made.merging(["lab/client-1 -> lab/server-0 TCP/9997": 2]) { $1 }

        @Test("events of one node show every connection once, the refused ones too")
        func eventsOfOneNode() async throws {
            let flows = try await RecordedFlows(of: ["router"], [.events])
            #expect(flows.differences(from: Self.madeAndRefused) == [])
        }

        @Test("events of several nodes count no connection again")
        func eventsOfSeveralNodes() async throws {
            let flows = try await RecordedFlows(of: ["router", "client-1", "server-0"], [.events])
            #expect(flows.differences(from: Self.madeAndRefused) == [])
        }

        @Test(
            "events and tables together count no connection again, in whichever order they are given",
            arguments: [[LabRecording.Form.list, .events], [.events, .list]]
        )
        func eventsAndTables(forms: [LabRecording.Form]) async throws {
            let flows = try await RecordedFlows(of: LabRecording.hosts, forms)
            #expect(flows.differences(from: Self.madeAndRefused) == [])
        }

        @Test("workloads have the connections of their pods, by Service, port and protocol")
        func workloads() async throws {
            let flows = try await RecordedFlows(groupedBy: "workload")
            let web = flows.items.filter {
                $0["source_workload"] == "lab/client" && $0["service"] == "lab/web:http"
            }
            #expect(web.count == 1)
            #expect(web.first?["dest_workload"] == "lab/server")
            #expect(web.first?["dest_workload_kind"] == "StatefulSet")
            #expect(web.first?["connection_count"] == 14)
            let total = flows.items.reduce(0) { $0 + ($1["connection_count"]?.integer ?? 0) }
            #expect(total == Self.made.values.reduce(0, +))
        }

        @Test("a grouping loses no connection", arguments: ["pod", "workload", "service", "namespace", "node"])
        func groupings(grouping: String) async throws {
            let flows = try await RecordedFlows(groupedBy: grouping)
            let total = flows.items.reduce(0) { $0 + ($1["connection_count"]?.integer ?? 0) }
            #expect(total == Self.made.values.reduce(0, +))
        }

        @Test("coverage names the nodes whose tables are missing")
        func coverage() async throws {
            let whole = try await RecordedFlows()
            #expect(whole.coverage["nodes_total"] == 5)
            #expect(whole.coverage["nodes_covered"] == 5)
            let part = try await RecordedFlows(of: ["router", "server-0"])
            #expect(part.coverage["nodes_total"] == 5)
            #expect(part.coverage["nodes_covered"] == 2)
            let skipped = part.coverage["nodes_skipped"]?.array?.compactMap { $0["node"]?.string }
            #expect(skipped == ["worker-1", "worker-2", "worker-4"])
        }
    }
}
