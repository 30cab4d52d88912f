import TestSupport
import Testing

extension RecordedTraffic {
    @Suite("A flow says what was done")
    struct FlowFields {
        private static let web = "lab/client-0 -> lab/server-0 TCP/8080 via lab/web:http"

        @Test("the Service that was dialled is named, with its address in the family that was dialled")
        func service() async throws {
            let flows = try await RecordedFlows().items(named: Self.web)
            let dialled = flows.compactMap { $0["service_ip"]?.string }.sorted()
            #expect(dialled == Array(repeating: "10.96.0.10", count: 5) + Array(repeating: "fd00:96::10", count: 4))
            let servers = Set(flows.compactMap { $0["dest_ip"]?.string })
            #expect(servers == ["10.244.3.2", "fd00:244:3::2"])
            let clients = Set(flows.compactMap { $0["source_ip"]?.string })
            #expect(clients == ["10.244.1.2", "fd00:244:1::2"])
            #expect(Set(flows.compactMap { $0["source_port"]?.integer }).count >= 5)
        }

        @Test("the observers of a connection are the nodes of its client and server and the one between")
        func observers() async throws {
            for flow in try await RecordedFlows().items(named: Self.web) {
                let nodes = flow["nodes"]?.array?.compactMap(\.string).sorted()
                #expect(nodes == ["edge", "worker-1", "worker-3"])
            }
        }

        @Test("out of the cluster the translated source is told, and the connection counted once")
        func masqueraded() async throws {
            // Given with the other side's table, which knows the router's address only, and without.
            for hosts in [LabRecording.hosts, LabRecording.hosts.filter { $0 != "external" }] {
                let flows = try await RecordedFlows(of: hosts).items(named: "lab/client-0 -> 172.16.0.2 TCP/8080")
                #expect(flows.count == 3)
                for flow in flows {
                    #expect(flow["source_ip"] == "10.244.1.2")
                    #expect(flow["snat"]?.string?.hasPrefix("172.16.0.1:") == true)
                    #expect(flow["dest_kind"] == "external")
                    #expect(flow["direction"] == "egress")
                }
            }
        }

        @Test("through a NodePort the true client is told, which the server does not know")
        func nodePort() async throws {
            let flows = try await RecordedFlows()
            let ipv4 = flows.items(named: "172.16.0.2 -> lab/server-0 TCP/8080 via lab/web:http")
            #expect(ipv4.count == 3)
            for flow in ipv4 {
                #expect(flow["snat"]?.string?.hasPrefix("10.244.3.1:") == true)
                #expect(flow["dnat"] == "10.240.0.10:30080")
                #expect(flow["source_kind"] == "external")
                #expect(flow["direction"] == "ingress")
            }
            let ipv6 = flows.items(named: "fd00:172::2 -> lab/server-0 TCP/8080 via lab/web:http")
            #expect(ipv6.count == 2)
            #expect(ipv6.allSatisfy { $0["dnat"] == "[fd00:240::10]:30080" })
            #expect(!flows.items.contains { $0["source_ip"] == "10.244.3.1" || $0["source_ip"] == "fd00:244:3::1" })
        }

        @Test("bytes are those of one observer, whoever else counted them, and at least what was carried")
        func bytes() async throws {
            var bytes: [[String: [Int]]] = []
            for hosts in [["client-0"], ["router"], ["server-0"], LabRecording.hosts] {
                let flows = try await RecordedFlows(of: hosts).items.filter {
                    $0["source_pod"] == "lab/client-0" && $0["dest_port"] != 3868
                        && ($0["dest_ip"] == "10.244.3.2" || $0["dest_ip"] == "10.96.0.10")
                        && $0["protocol"] == "TCP"
                }
                #expect(flows.count == 5)
                bytes.append([
                    "sent": flows.compactMap { $0["total_bytes_sent"]?.integer }.sorted(),
                    "received": flows.compactMap { $0["total_bytes_received"]?.integer }.sorted(),
                    "packets": flows.compactMap { $0["total_packets_received"]?.integer }.sorted(),
                ])
            }
            #expect(bytes.allSatisfy { $0 == bytes[0] })
            let received = try #require(bytes[0]["received"])
            #expect(received.count == 5)
            // The page, the HTTP and TCP headers of some 70 packets; at most a packet for every byte sent twice.
            #expect(received.allSatisfy { $0 > LabTraffic.pageSize && $0 < LabTraffic.pageSize * 3 / 2 })
        }

        @Test("uploads are bytes sent, also where only the router counts")
        func upload() async throws {
            let flows = try await RecordedFlows().items(named: "lab/client-1 -> lab/server-1 TCP/9000")
            #expect(flows.count == 2)
            for flow in flows {
                let sent = try #require(flow["total_bytes_sent"]?.integer)
                #expect(sent > LabTraffic.uploadSize && sent < LabTraffic.uploadSize * 3 / 2)
                let received = try #require(flow["total_bytes_received"]?.integer)
                #expect(received < LabTraffic.uploadSize / 10)
                #expect(flow["counted_connections"] == 1)
            }
        }

        @Test("what nobody counted is left out, not zero")
        func uncounted() async throws {
            let flows = try await RecordedFlows(of: ["client-1", "server-1"])
            #expect(!flows.items.isEmpty)
            for flow in flows.items {
                #expect(flow["total_bytes_sent"] == nil && flow["total_bytes_received"] == nil)
                #expect(flow["total_packets_sent"] == nil && flow["total_packets_received"] == nil)
                #expect(flow["bytes_per_sec"] == nil)
            }
        }

        @Test("echo requests are counted in packets and have no ports")
        func ping() async throws {
            let flows = try await RecordedFlows()
            let ipv4 = try #require(flows.items(named: "lab/client-0 -> lab/server-0 ICMP").first)
            // 20 bytes of IPv4 header (40 of IPv6), 8 of ICMP, 56 of ping's payload (iputils).
            #expect(ipv4["total_packets_sent"] == 3)
            #expect(ipv4["total_bytes_sent"] == 252)
            #expect(ipv4["total_bytes_received"] == 252)
            #expect(ipv4["source_port"] == nil && ipv4["dest_port"] == nil)
            let ipv6 = try #require(flows.items(named: "lab/client-1 -> lab/server-1 ICMPv6").first)
            #expect(ipv6["total_packets_received"] == 2)
            #expect(ipv6["total_bytes_received"] == 208)
        }

        @Test("an SCTP association has its bytes and its state")
        func sctp() async throws {
            let flow = try #require(
                try await RecordedFlows().items(named: "lab/client-0 -> lab/server-0 SCTP/3868").first
            )
            #expect(flow["state"] == "ESTABLISHED")
            #expect(flow["verdict"] == "ACCEPT")
            #expect(flow["source_port"] == 40001)
            #expect(flow["total_packets_sent"] == 3)
            #expect((flow["total_bytes_sent"]?.integer ?? 0) > LabTraffic.sctpSize)
        }

        @Test("what was answered is accepted, what had no answer to two packets or for three seconds is not")
        func verdicts() async throws {
            let flows = try await RecordedFlows()
            let unanswered = ["lab/client-0 -> lab/server-1 UDP/9999", "lab/client-1 -> lab/server-1 TCP/9998"]
            for flow in flows.items {
                let name = RecordedFlows.name(of: flow)
                #expect(flow["verdict"] == (unanswered.contains(name) ? "NO_REPLY" : "ACCEPT"), "\(name)")
            }
        }

        @Test(
            "a refused dial is told from events, by any of its observers",
            arguments: ["router", "client-1", "server-0"])
        func refused(host: String) async throws {
            let flows = try await RecordedFlows(of: [host], [.events])
            let refused = flows.items(named: "lab/client-1 -> lab/server-0 TCP/9997")
            #expect(refused.count == 2)
            for flow in refused {
                #expect(flow["verdict"] == "REFUSED")
                #expect(flow["outcome"] == "refused")
            }
            #expect(Set(refused.compactMap { $0["dest_ip"]?.string }) == ["10.244.3.2", "fd00:244:3::2"])
            #expect(!flows.items.contains { $0["verdict"] == "REFUSED" && $0["dest_port"] != 9997 })
        }
    }
}
