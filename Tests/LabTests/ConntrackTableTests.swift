import TestSupport
import Testing

extension RecordedTraffic {
    /// What the kernel's tables hold of the traffic, in conntrack(8)'s own words: what the plugin is then asked about.
    @Suite("The lab's tables hold what was done")
    struct Tables {
        /// How many entries of a host's table have this client, address dialled, and port dialled (or none).
        private func count(
            _ transport: String,
            from client: String,
            to address: String,
            port: Int? = nil,
            on host: String,
            _ form: LabRecording.Form = .list
        ) throws -> Int {
            let text = try RecordedTraffic.recording().text(of: host, form)
            return text.split(separator: "\n").filter { line in
                let fields = line.split(separator: " ").prefix { !$0.hasPrefix("mark=") }
                guard let source = fields.firstIndex(where: { $0.hasPrefix("src=") }), fields.contains(transport[...]),
                    fields[source] == "src=\(client)", fields[source + 1] == "dst=\(address)"
                else { return false }
                return port == nil || fields[source + 3] == "dport=\(port ?? 0)"
            }.count
        }

        @Test("client, router and server each have every connection through a Service, dialled or translated")
        func services() throws {
            #expect(try count("tcp", from: "10.244.1.2", to: "10.96.0.10", port: 80, on: "client-0") == 5)
            #expect(try count("tcp", from: "10.244.1.2", to: "10.96.0.10", port: 80, on: "router") == 5)
            #expect(try count("tcp", from: "10.244.1.2", to: "10.244.3.2", port: 8080, on: "server-0") == 5)
            #expect(try count("tcp", from: "10.244.2.2", to: "10.96.0.10", port: 80, on: "router") == 3)
            #expect(try count("tcp", from: "fd00:244:1::2", to: "fd00:96::10", port: 80, on: "router") == 4)
            #expect(try count("tcp", from: "fd00:244:2::2", to: "fd00:244:3::2", port: 8080, on: "server-0") == 2)
            #expect(try count("udp", from: "10.244.1.2", to: "10.96.0.53", port: 53, on: "router") == 6)
            #expect(try count("udp", from: "fd00:244:1::2", to: "fd00:244:4::2", port: 5353, on: "server-1") == 2)
        }

        @Test("the three forms of a table hold the same connections")
        func forms() throws {
            #expect(try count("tcp", from: "10.244.1.2", to: "10.96.0.10", port: 80, on: "router", .proc) == 5)
            #expect(try count("tcp", from: "fd00:244:1::2", to: "fd00:96::10", port: 80, on: "router", .ipv6) == 4)
            #expect(try count("tcp", from: "10.244.1.2", to: "10.96.0.10", port: 80, on: "router", .ipv6) == 0)
            let client = "fd00:0244:0001:0000:0000:0000:0000:0002"
            let service = "fd00:0096:0000:0000:0000:0000:0000:0010"
            #expect(try count("tcp", from: client, to: service, port: 80, on: "router", .proc) == 4)
        }

        @Test("behind the router the source is the router's, on both ways")
        func masquerading() throws {
            #expect(try count("tcp", from: "10.244.1.2", to: "172.16.0.2", port: 8080, on: "router") == 3)
            #expect(try count("tcp", from: "172.16.0.1", to: "172.16.0.2", port: 8080, on: "external") == 3)
            #expect(try count("tcp", from: "172.16.0.2", to: "10.240.0.10", port: 30080, on: "router") == 3)
            #expect(try count("tcp", from: "10.244.3.1", to: "10.244.3.2", port: 8080, on: "server-0") == 3)
            #expect(try count("tcp", from: "fd00:172::2", to: "fd00:240::10", port: 30080, on: "router") == 2)
            #expect(try count("tcp", from: "fd00:244:3::1", to: "fd00:244:3::2", port: 8080, on: "server-0") == 2)
        }

        @Test("connections to a pod's own address, echo requests and an SCTP association")
        func direct() throws {
            #expect(try count("tcp", from: "10.244.1.2", to: "10.244.4.2", port: 8080, on: "router") == 2)
            #expect(try count("tcp", from: "10.244.2.2", to: "10.244.4.2", port: 9000, on: "server-1") == 2)
            #expect(try count("icmp", from: "10.244.1.2", to: "10.244.3.2", on: "router") == 1)
            #expect(try count("icmpv6", from: "fd00:244:2::2", to: "fd00:244:4::2", on: "router") == 1)
            #expect(try count("sctp", from: "10.244.1.2", to: "10.244.3.2", port: 3868, on: "server-0") == 1)
            let router = try RecordedTraffic.recording().text(of: "router", .list)
            #expect(lines(of: router, containing: "sctp", "ESTABLISHED", "dport=3868").count == 1)
        }

        @Test("what nobody answered has no reply, and never reached the server's table")
        func unanswered() throws {
            let recording = try RecordedTraffic.recording()
            let router = try recording.text(of: "router", .list)
            #expect(lines(of: router, containing: "udp", "dport=9999", "packets=2", "[UNREPLIED]").count == 1)
            #expect(lines(of: router, containing: "tcp", "SYN_SENT", "dport=9998", "[UNREPLIED]").count == 1)
            let server = try recording.text(of: "server-1", .list)
            #expect(lines(of: server, containing: "dport=9999").isEmpty)
            #expect(lines(of: server, containing: "dport=9998").isEmpty)
        }

        @Test("a refused dial is in no table, but among the events as made and destroyed")
        func refused() throws {
            let recording = try RecordedTraffic.recording()
            for host in LabRecording.hosts {
                #expect(lines(of: try recording.text(of: host, .list), containing: "dport=9997").isEmpty, "\(host)")
            }
            for host in ["router", "client-1", "server-0"] {
                let events = try recording.text(of: host, .events)
                #expect(lines(of: events, containing: "[NEW]", "dport=9997").count == 2, "\(host)")
                #expect(lines(of: events, containing: "[DESTROY]", "dport=9997").count == 2, "\(host)")
            }
        }

        @Test("bytes are counted where accounting is on, and nowhere else")
        func accounting() throws {
            let recording = try RecordedTraffic.recording()
            for host in ["router", "client-0", "server-0", "external"] {
                let text = try recording.text(of: host, .list)
                #expect(lines(of: text, containing: "bytes=").count == lines(of: text).count, "\(host)")
            }
            for host in ["client-1", "server-1"] {
                let text = try recording.text(of: host, .list)
                #expect(lines(of: text, containing: "bytes=").isEmpty, "\(host)")
                #expect(lines(of: text, containing: "delta-time=").count == lines(of: text).count, "\(host)")
            }
        }
    }
}
