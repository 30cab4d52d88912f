import CollectorProtocol
import TestSupport
import Testing

extension RealPrograms {
    @Suite("What programs do not reach is told")
    struct Failures {
        @Test("nmap's scan of closed ports: each refused once, a SYN and a reset", arguments: LabFamily.allCases)
        func closedPorts(family: LabFamily) throws {
            let flows = try RealPrograms.flows(.connections)
            for port in RealClients.closed {
                let flow = try flows.only([
                    "source_ip": .string(family.address(of: "client-1")), "dest_port": .integer(port),
                ])
                #expect(
                    flow.fields("outcome", "verdict", "connection_count", "new_connections", "failed_connections")
                        == ["refused", "REFUSED", "1", "1", "1"])
                #expect(
                    flow.fields("packets_sent", "bytes_sent", "packets_received", "bytes_received")
                        == ["1", String(family.header + 40), "1", String(family.header + 20)])
                #expect(
                    flow.fields("dest_ip", "service", "snat", "dnat") == [
                        family.address(of: "server-0"), "-", "-", "-",
                    ])
            }
        }

        @Test("nmap's scan that leaves a connection half open: answered, then reset", arguments: LabFamily.allCases)
        func halfOpen(family: LabFamily) throws {
            let flow = try RealPrograms.flows(.connections).only([
                "source_ip": .string(family.address(of: "client-1")), "source_port": .integer(RealClients.halfOpen),
            ])
            // A SYN and its answer with one option each, the largest segment, in 4 bytes; the reset.
            #expect(
                flow.fields("packets_sent", "bytes_sent", "packets_received", "bytes_received")
                    == ["2", String(2 * family.header + 44), "1", String(family.header + 24)])
            #expect(
                flow.fields("outcome", "verdict", "state", "failed_connections") == ["closed", "ACCEPT", "CLOSE", "0"])
        }

        @Test("nmap's scan of a filtered TCP port: unanswered", arguments: LabFamily.allCases)
        func filtered(family: LabFamily) throws {
            let flow = try RealPrograms.flows(.connections).only([
                "source_ip": .string(family.address(of: "client-1")), "source_port": .integer(RealClients.filtered),
            ])
            try expectUnanswered(flow, "9998")
            #expect(try flow.number("bytes_sent") == flow.number("packets_sent") * (family.header + 24))
            #expect(flow.fields("state") == ["SYN_SENT"])
        }

        @Test("nmap's scan of a filtered UDP port: unanswered, with both datagrams", arguments: LabFamily.allCases)
        func filteredUDP(family: LabFamily) throws {
            let flow = try RealPrograms.flows(.connections).only([
                "source_ip": .string(family.address(of: "client-1")), "source_port": .integer(RealClients.filteredUDP),
            ])
            try expectUnanswered(flow, "9999")
            #expect(flow.fields("packets_sent", "bytes_sent") == ["2", String(2 * (family.header + 18))])
        }

        /// The kernel's table does not hold that an ICMP error answered a datagram.
        @Test(
            "nmap's scan of a closed UDP port: unanswered, for all that the table shows", arguments: LabFamily.allCases)
        func closedUDP(family: LabFamily) throws {
            let flow = try RealPrograms.flows(.connections).only([
                "source_ip": .string(family.address(of: "client-1")), "source_port": .integer(RealClients.closedUDP),
            ])
            try expectUnanswered(flow, "9997")
            #expect(flow.fields("packets_sent", "bytes_sent") == ["1", String(family.header + 18)])
        }

        @Test("nc's one datagram that nobody answers: unanswered, though it arrived", arguments: LabFamily.allCases)
        func oneDatagram(family: LabFamily) throws {
            let flow = try RealPrograms.flows(.connections).only([
                "source_ip": .string(family.address(of: "client-0")),
                "dest_port": .integer(RealServers.datagram(family)),
            ])
            try expectUnanswered(flow, String(RealServers.datagram(family)))
            let size = RealClients.message.utf8.count + family.header + 8
            #expect(flow.fields("packets_sent", "bytes_sent") == ["1", String(size)])
        }

        @Test(
            "nc's dial that the server drops: unanswered, and its DROP rule counts exactly the SYNs that were sent",
            arguments: LabFamily.allCases
        )
        func droppedByServer(family: LabFamily) throws {
            let recording = try RealPrograms.recording()
            let flow = try RealPrograms.flows(.connections).only([
                "source_ip": .string(family.address(of: "client-0")),
                "dest_port": .integer(RealClients.droppedByServer),
            ])
            try expectUnanswered(flow, String(RealClients.droppedByServer))
            // Newer kernels do not count a SYN that is sent again (nf_conntrack_proto_tcp.c); what the table says counts.
            let entry = try #require(
                lines(
                    of: recording.routerTable,
                    containing: "src=\(family.address(of: "client-0")) ",
                    "dport=\(RealClients.droppedByServer) packets=\(try flow.number("packets_sent")) "
                ).first)
            #expect(entry.contains("bytes=\(try flow.number("bytes_sent")) "))

            let sent = try sent(RealClients.droppedByServer, family)
            #expect(sent.packets >= 2)
            let rules = try CollectedRules(recording.serverFrames)
            let rule = "-A INPUT -p tcp -m tcp --dport \(RealClients.droppedByServer) -j DROP"
            let moved = try rules.saved(family == .ipv4 ? .iptablesNFTSave : .ip6tablesNFTSave, containing: rule)
            #expect(moved == sent)
            #expect(moved.bytes == moved.packets * (family.header + 40))
        }

        @Test("nc's dial that the router drops: in no table, so no flow, but its DROP rule counts exactly the SYNs")
        func droppedByRouter() throws {
            let recording = try RealPrograms.recording()
            let port = RealClients.droppedByRouter
            #expect(try RealPrograms.flows(.connections).items(["dest_port": .integer(port)]).isEmpty)
            #expect(lines(of: recording.routerTable, containing: "dport=\(port)").isEmpty)
            let ipv4 = try sent(port, .ipv4), ipv6 = try sent(port, .ipv6)
            #expect(ipv4.packets >= 2 && ipv6.packets >= 2)
            let moved = try CollectedRules(recording.routerFrames).dropped(port: port)
            #expect(moved == RuleCounter(packets: ipv4.packets + ipv6.packets, bytes: ipv4.bytes + ipv6.bytes))
        }

        /// What client-0 sent to a port.
        private func sent(_ port: Int, _ family: LabFamily) throws -> RuleCounter {
            let rules = NFTRules(try JSONValue(parsing: RealPrograms.recording().sentRules))
            return try #require(rules.counters(port: port, family: family.rawValue.lowercased()).first)
        }

        private func expectUnanswered(_ flow: JSONValue, _ port: String) throws {
            #expect(flow.fields("dest_port", "outcome", "verdict") == [port, "unanswered", "NO_REPLY"])
            #expect(
                flow.fields("packets_received", "bytes_received", "new_connections", "failed_connections")
                    == ["0", "0", "1", "1"])
        }
    }
}
