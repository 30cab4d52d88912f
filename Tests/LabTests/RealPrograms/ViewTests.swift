import TestSupport
import Testing

extension RealPrograms {
    /// IPv4 and IPv6 together, since names are of both.
    @Suite("The same traffic with names, and in other forms")
    struct Views {
        private static let families = LabFamily.allCases.count

        @Test("by workload: the Service that curl dialled, its workloads and its namespaces")
        func workloads() throws {
            let flow = try RealPrograms.flows(.workloads).only(["service": "lab/web:http"])
            #expect(
                flow.fields("source_workload", "source_workload_kind", "source_namespace", "source_kind", "source_pod")
                    == ["lab/client", "StatefulSet", "lab", "pod", "-"])
            #expect(
                flow.fields("dest_workload", "dest_workload_kind", "dest_namespace", "dest_kind", "dest_ip")
                    == ["lab/server", "StatefulSet", "lab", "pod", "-"])
            let count = String(Self.families * RealClients.throughService)
            #expect(
                flow.fields("dest_port", "connection_count", "new_connections", "failed_connections", "direction")
                    == ["8080", count, count, "0", "bidirectional"])
            // What was dialled without the Service is told apart from it: nmap's two half-open connections.
            let direct = try RealPrograms.flows(.workloads).items(["dest_port": 8080]).filter { $0["service"] == nil }
            #expect(direct.map { $0.fields("connection_count", "direction") } == [["2", "egress"]])
        }

        @Test("by pod: which of the workloads' pods, on which nodes")
        func pods() throws {
            let flow = try RealPrograms.flows(.pods).only(["service": "lab/dns:dns"])
            #expect(
                flow.fields("source_pod", "source_node", "dest_pod", "dest_node", "dest_port", "protocol")
                    == ["lab/client-0", "worker-1", "lab/server-1", "worker-4", "5353", "UDP"])
            #expect(flow.fields("connection_count") == [String(Self.families * RealClients.resolvers)])
            let scan = try RealPrograms.flows(.pods).only(["dest_port": 9200])
            #expect(
                scan.fields("source_pod", "dest_pod", "connection_count", "failed_connections", "outcome")
                    == ["lab/client-1", "lab/server-0", "2", "2", "refused"])
        }

        @Test("by service: the Service in place of the workload behind it")
        func services() throws {
            let flow = try RealPrograms.flows(.services).only(["service": "lab/dns:dns"])
            #expect(
                flow.fields("source_workload", "dest_service", "dest_kind", "dest_workload", "connection_count")
                    == ["lab/client", "lab/dns", "service", "-", String(Self.families * RealClients.resolvers)])
        }

        @Test("by node: no port, no workload, and every connection")
        func nodes() throws {
            let flows = try RealPrograms.flows(.nodes)
            let flow = try flows.only(["source_node": "worker-1", "dest_node": "worker-3", "protocol": "UDP"])
            #expect(
                flow.fields("connection_count", "packets_sent", "packets_received", "source_kind", "dest_kind")
                    == ["2", "402", "2", "node", "node"])
            #expect(flow.fields("dest_port", "source_workload", "dest_namespace", "service") == ["-", "-", "-", "-"])
            let refused = try flows.only(["source_node": "worker-2", "dest_node": "worker-3", "protocol": "TCP"])
            #expect(
                refused.fields("connection_count", "failed_connections", "outcome", "verdict") == [
                    "12", "10", "-", "-",
                ])
        }

        @Test(
            "a grouping loses nothing",
            arguments: [ProgramRecording.Question.addresses, .workloads, .pods, .services, .nodes]
        )
        func sums(question: ProgramRecording.Question) throws {
            let all = try RealPrograms.flows(.connections).items
            let grouped = try RealPrograms.flows(question).items
            for field in [
                "connection_count", "failed_connections", "new_connections", "bytes_sent", "bytes_received",
                "packets_sent", "packets_received",
            ] {
                let sum = try all.reduce(0) { try $0 + $1.number(field) }
                #expect(try grouped.reduce(0) { try $0 + $1.number(field) } == sum, "\(field)")
            }
        }

        @Test("--outcome refused: those, and no others")
        func refused() throws {
            let flows = try RealPrograms.flows(.refused)
            let ports = try flows.items.map { try $0.number("dest_port") }.sorted()
            #expect(ports == RealClients.closed.flatMap { [$0, $0] })
            #expect(flows.items.allSatisfy { $0["outcome"] == "refused" && $0["verdict"] == "REFUSED" })
        }

        @Test("--sort-by rate --top 4: what curl's kept connections brought, then iperf3's datagrams")
        func largestRates() throws {
            let flows = try RealPrograms.flows(.largestRates)
            let ports = flows.items.compactMap { $0["dest_port"]?.integer }
            #expect(ports.prefix(2) == [RealServers.keepAlive, RealServers.keepAlive])
            // IPv6 has the larger headers.
            #expect(ports.dropFirst(2) == [RealServers.iperfUDP(.ipv6), RealServers.iperfUDP(.ipv4)])
            let rates = flows.items.compactMap { $0["bytes_per_sec"]?.double }
            #expect(rates.count == 4 && rates == rates.sorted(by: >))
            #expect(flows.coverage["flows_listed"] == 4)
            #expect(flows.coverage["flows"] == .integer(try RealPrograms.flows(.connections).items.count))
        }

        @Test("-o wide: a line a flow, with the window's columns")
        func wide() throws {
            let result = try RealPrograms.recording().result(.wide)
            let lines = result.outputText.split(separator: "\n")
            let header = try #require(lines.first)
            #expect(header.hasPrefix("SOURCE       DESTINATION   SERVICE        PORT   PROTO "))
            #expect(header.hasSuffix("OUTCOME      TOTAL SENT   TOTAL RECEIVED"))
            let web = lines.filter { $0.contains(" lab/web:http ") }.map { $0.split(separator: " ") }
            #expect(web.count == 1)
            #expect(web.first?.prefix(7) == ["lab/client", "lab/server", "lab/web:http", "8080", "TCP", "6", "6"])
            #expect(web.first?.contains("closed") == true)
            #expect(result.errorText.contains("1 of 6 nodes, 9.0 s window"))
        }

        @Test("-o csv: the same numbers as JSON, empty where something is not known")
        func csv() throws {
            let lines = try RealPrograms.recording().result(.csv).outputText.split(separator: "\n")
            let names = try #require(lines.first).split(separator: ",").map(String.init)
            let rows = lines.dropFirst().map { line in
                let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                return Dictionary(uniqueKeysWithValues: zip(names, cells))
            }
            let json = try RealPrograms.flows(.workloads)
            #expect(rows.count == json.items.count)
            for row in rows {
                let port = row["dest_port"].flatMap(Int.init)
                let flow = try #require(
                    json.items.first {
                        $0["dest_port"]?.integer == port && $0["protocol"]?.string == row["protocol"]
                            && $0["service"]?.string ?? "" == row["service"]
                    })
                for field in [
                    "source_workload", "source_node", "source_ip", "bytes_sent", "packets_sent", "bytes_received",
                    "packets_received", "total_bytes_sent", "connection_count", "counted_connections",
                    "new_connections", "failed_connections", "direction", "verdict", "outcome", "state", "service_ip",
                    "snat", "dnat",
                ] {
                    let value = flow.fields(field)[0]
                    #expect(row[field] == (value == "-" ? "" : value), "\(field) of port \(port ?? 0)")
                }
            }
        }

        @Test("every connection that was made is told, and none besides")
        func counts() throws {
            let flows = try RealPrograms.flows(.connections)
            // curl 5, 1 and 3; iperf3 2 and 2; dnsperf 4; nmap 5, 1, 1, 1 and 1; ping; nc 1, 1 and 1; socat 1 and 1.
            #expect(flows.items.count == Self.families * 32)
            #expect(flows.items.allSatisfy { $0["connection_count"] == 1 && $0["counted_connections"] == 1 })
            let node = try #require(flows.coverage["nodes"]?[0])
            for field in ["event_overruns", "undecodable", "untracked", "ended_without_counters", "counters_went_down"]
            {
                #expect(node[field] == 0, "\(field)")
            }
            #expect(flows.coverage["refused_connections_observable"] == true)
        }
    }
}
