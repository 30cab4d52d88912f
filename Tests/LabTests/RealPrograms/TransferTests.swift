import TestSupport
import Testing

extension RealPrograms {
    @Suite("What programs transfer is counted to the byte")
    struct Transfers {
        @Test(
            "nginx and curl, a connection a request: all of them, with every header and payload",
            arguments: LabFamily.allCases
        )
        func connectionEach(family: LabFamily) throws {
            let curl = try #require(RealPrograms.recording().traffic.downloads[family])
            #expect(curl.connections == RealClients.downloads)
            let flow = try RealPrograms.flows(.addresses).only([
                "source_ip": .string(family.address(of: "client-0")), "dest_port": .integer(RealServers.oneRequest),
            ])
            #expect(
                flow.fields("dest_ip", "protocol", "connection_count", "counted_connections", "new_connections")
                    == [family.address(of: "server-0"), "TCP", "5", "5", "5"])
            #expect(flow.fields("failed_connections", "outcome", "verdict") == ["0", "closed", "ACCEPT"])
            try expectBytes(of: flow, curl, family)
        }

        @Test("nginx and curl, one connection kept alive: one connection", arguments: LabFamily.allCases)
        func keptAlive(family: LabFamily) throws {
            let curl = try #require(RealPrograms.recording().traffic.kept[family])
            #expect(curl.connections == 1)
            let flow = try RealPrograms.flows(.addresses).only([
                "source_ip": .string(family.address(of: "client-0")), "dest_port": .integer(RealServers.keepAlive),
            ])
            #expect(
                flow.fields("connection_count", "new_connections", "failed_connections", "outcome")
                    == ["1", "1", "0", "closed"])
            try expectBytes(of: flow, curl, family)
        }

        /// Requests and responses as curl counts them, and the headers of as many packets as were counted.
        private func expectBytes(of flow: JSONValue, _ curl: RealClients.Transfers, _ family: LabFamily) throws {
            let sent = try flow.number("packets_sent"), received = try flow.number("packets_received")
            #expect(
                try flow.number("bytes_sent")
                    == family.tcpBytes(payload: curl.requests, packets: sent, connections: curl.connections))
            #expect(
                try flow.number("bytes_received")
                    == family.tcpBytes(payload: curl.responses, packets: received, connections: curl.connections))
            // A handshake, an answer and a good-bye at least; at most a packet and an acknowledgement for each segment.
            let segments = curl.responses / 1200
            #expect((4 * curl.connections...2 * segments).contains(sent))
            #expect((4 * curl.connections...2 * segments).contains(received))
            #expect(flow.fields("total_bytes_sent") == flow.fields("bytes_sent"))
            #expect(flow.fields("total_bytes_received") == flow.fields("bytes_received"))
        }

        @Test(
            "iperf3 over TCP: the data's connection, told from the control's by the client's port",
            arguments: LabFamily.allCases)
        func stream(family: LabFamily) throws {
            let flows = try RealPrograms.flows(.connections).items([
                "source_ip": .string(family.address(of: "client-0")),
                "dest_port": .integer(RealServers.iperfTCP(family)),
            ])
            #expect(flows.count == 2)
            let port = JSONValue.integer(RealClients.iperfTCP(family))
            let data = try #require(flows.first { $0["source_port"] == port })
            let control = try #require(flows.first { $0["source_port"] != port })
            // Each begins with the 37 bytes that tell which test it belongs to.
            #expect(
                try data.number("bytes_sent")
                    == family.tcpBytes(payload: RealClients.streamed + 37, packets: data.number("packets_sent")))
            // Nothing but acknowledgements came back, with room for the blocks of what is out of order.
            let acknowledgements = try data.number("packets_received")
            #expect(
                (acknowledgements * (family.header + 20)...acknowledgements * (family.header + 60))
                    .contains(try data.number("bytes_received")))
            #expect((1000..<4000).contains(try control.number("bytes_sent")))
            for flow in flows {
                #expect(
                    flow.fields("outcome", "verdict", "new_connections", "failed_connections")
                        == ["closed", "ACCEPT", "1", "0"])
            }
        }

        @Test("iperf3 over UDP: each datagram, and the greeting of each side", arguments: LabFamily.allCases)
        func datagrams(family: LabFamily) throws {
            let flow = try RealPrograms.flows(.connections).only([
                "source_ip": .string(family.address(of: "client-0")),
                "source_port": .integer(RealClients.iperfUDP(family)),
            ])
            #expect(
                flow.fields("protocol", "dest_port") == ["UDP", String(RealServers.iperfUDP(family))])
            let header = family.header + 8
            let sent = RealClients.datagrams * (RealClients.datagramSize + header) + 4 + header
            #expect(
                flow.fields("packets_sent", "bytes_sent", "packets_received", "bytes_received")
                    == [String(RealClients.datagrams + 1), String(sent), "1", String(4 + header)])
            #expect(flow.fields("outcome", "verdict", "state") == ["opened", "ACCEPT", "-"])
            let seconds = try #require(
                RealPrograms.flows(.connections).coverage["nodes"]?[0]?["window_seconds"]?.double)
            let rate = try #require(flow["bytes_per_sec"]?.double)
            #expect(abs(rate * seconds - Double(sent + 4 + header)) < 20)
        }

        @Test("dnsperf: each socket is a connection, each question and answer counted", arguments: LabFamily.allCases)
        func names(family: LabFamily) throws {
            let flow = try RealPrograms.flows(.addresses).only([
                "source_ip": .string(family.address(of: "client-0")), "dest_port": .integer(RealServers.dns),
            ])
            let count = RealClients.queries, header = family.header + 8
            // RFC 1035: a header of 12 bytes, the name in 18, type and class in 4; an address as the answer in 16.
            #expect(
                flow.fields("packets_sent", "bytes_sent", "packets_received", "bytes_received")
                    == [
                        String(count), String(count * (34 + header)), String(count), String(count * (50 + header)),
                    ])
            #expect(
                flow.fields("connection_count", "new_connections", "failed_connections", "verdict", "outcome")
                    == [String(RealClients.resolvers), String(RealClients.resolvers), "0", "ACCEPT", "opened"])
        }

        @Test("socat: what is sent back", arguments: LabFamily.allCases)
        func echo(family: LabFamily) throws {
            let flows = try RealPrograms.flows(.connections).items([
                "source_ip": .string(family.address(of: "client-1")), "dest_port": .integer(RealServers.echo),
            ])
            let tcp = try #require(flows.first { $0["protocol"] == "TCP" })
            let udp = try #require(flows.first { $0["protocol"] == "UDP" })
            #expect(flows.count == 2)
            let packets = try tcp.number("packets_sent"), received = try tcp.number("packets_received")
            #expect(try tcp.number("bytes_sent") == family.tcpBytes(payload: RealClients.echoed, packets: packets))
            #expect(try tcp.number("bytes_received") == family.tcpBytes(payload: RealClients.echoed, packets: received))
            #expect(tcp.fields("outcome", "verdict") == ["closed", "ACCEPT"])
            let size = String(RealClients.echoed + family.header + 8)
            #expect(
                udp.fields("packets_sent", "bytes_sent", "packets_received", "bytes_received")
                    == ["1", size, "1", size])
            #expect(udp.fields("outcome", "verdict") == ["opened", "ACCEPT"])
        }

        @Test("nc and a listener that closes at once: headers only", arguments: LabFamily.allCases)
        func closedAtOnce(family: LabFamily) throws {
            let flow = try RealPrograms.flows(.connections).only([
                "source_ip": .string(family.address(of: "client-0")),
                "dest_port": .integer(RealServers.closing(family)),
            ])
            let sent = try flow.number("packets_sent"), received = try flow.number("packets_received")
            #expect((3...5).contains(sent) && (2...4).contains(received))
            #expect(try flow.number("bytes_sent") == family.tcpBytes(payload: 0, packets: sent))
            #expect(try flow.number("bytes_received") == family.tcpBytes(payload: 0, packets: received))
            #expect(
                flow.fields("outcome", "verdict", "state", "new_connections", "failed_connections")
                    == ["closed", "ACCEPT", "TIME_WAIT", "1", "0"])
        }

        @Test(
            "ping: 84 bytes a packet over IPv4, 104 over IPv6, and nothing that it does not have",
            arguments: LabFamily.allCases)
        func ping(family: LabFamily) throws {
            let flow = try RealPrograms.flows(.connections).only([
                "protocol": family == .ipv4 ? "ICMP" : "ICMPv6",
                "source_ip": .string(family.address(of: "client-0")),
            ])
            let bytes = RealClients.pings * (family == .ipv4 ? 84 : 104)
            #expect(
                flow.fields("packets_sent", "bytes_sent", "packets_received", "bytes_received")
                    == ["3", String(bytes), "3", String(bytes)])
            #expect(
                flow.fields("outcome", "verdict", "new_connections", "failed_connections")
                    == ["opened", "ACCEPT", "1", "0"])
            #expect(
                Set(try #require(flow.object).keys) == [
                    "source_ip", "source_kind", "dest_ip", "dest_kind", "protocol",
                    "bytes_sent", "packets_sent", "bytes_received", "packets_received",
                    "total_bytes_sent", "total_packets_sent", "total_bytes_received", "total_packets_received",
                    "bytes_per_sec", "packets_per_sec", "duration_seconds", "timestamp", "verdict", "outcome",
                    "connection_count", "counted_connections", "new_connections", "failed_connections", "nodes",
                ])
        }
    }
}
