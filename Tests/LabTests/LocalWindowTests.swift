import TestSupport
import Testing

@Suite("What kubectl netviz flows --local tells of connections on a real kernel", .serialized)
struct LocalWindowTests {
    /// IPv4's ports begin with 410, IPv6's with 411; a TCP header with its options takes 20 bytes more over IPv6.
    private static let families = [41000, 41100]

    @Test("with accounting: what happened inside the window, and what was carried")
    func everything() async throws {
        let flows = try await LabWindow.with { try await $0.flows() }
        for base in Self.families {
            let header = base == 41000 ? 28 : 48
            #expect(
                flows.fields(base + 1, "outcome", "bytes_sent", "packets_received", "state", "new_connections")
                    == ["idle", "0", "0", "ESTABLISHED", "0"])
            // Three times 100 bytes of data under a header of IP and one of UDP.
            #expect(
                flows.fields(base + 8, "outcome", "packets_sent", "bytes_sent", "packets_received", "bytes_received")
                    == ["carried", "3", "\(3 * (100 + header))", "3", "\(3 * (100 + header))"])
            let total = 3 * (100 + header) + 10 + header
            #expect(
                flows.fields(base + 8, "total_packets_sent", "total_bytes_sent", "total_bytes_received")
                    == ["4", "\(total)", "\(total)"])
            #expect(
                flows.fields(base + 2, "outcome", "verdict", "state", "new_connections")
                    == ["carried", "ACCEPT", "ESTABLISHED", "0"])
            let carried = try #require(flows[base + 2]?["bytes_sent"]?.integer)
            #expect((5000..<6000).contains(carried))
            #expect(flows.fields(base + 3, "outcome", "state", "new_connections") == ["closed", "TIME_WAIT", "0"])
            #expect(flows.fields(base + 4, "outcome", "state", "new_connections") == ["opened", "ESTABLISHED", "1"])
            #expect(flows.fields(base + 4, "bytes_sent") == flows.fields(base + 4, "total_bytes_sent"))
            #expect(flows.fields(base + 5, "outcome", "new_connections", "failed_connections") == ["closed", "1", "0"])
            // A SYN with its options, and the reset.
            let (syn, reset) = base == 41000 ? (60, 40) : (80, 60)
            #expect(
                flows.fields(base + 6, "outcome", "verdict", "bytes_sent", "bytes_received", "failed_connections")
                    == ["refused", "REFUSED", "\(syn)", "\(reset)", "1"])
            #expect(
                flows.fields(base + 7, "outcome", "verdict", "packets_sent", "packets_received", "failed_connections")
                    == ["unanswered", "NO_REPLY", "2", "0", "1"])
        }
        #expect(flows.node["mode"] == "collector")
        #expect(flows.node["events_mode"] == 2)
        #expect(flows.node["event_overruns"] == 0)
        #expect(flows.node["accounting"] == "on")
        #expect(flows.node["ended_without_counters"] == 0)
        #expect(flows.node["undecodable"] == 0)
        let seconds = try #require(flows.node["window_seconds"]?.double)
        #expect((6.0..<6.5).contains(seconds))
        #expect(flows.coverage["refused_connections_observable"] == true)
    }

    @Test("without accounting: no bytes, and what the timeouts and events tell")
    func withoutAccounting() async throws {
        let flows = try await LabWindow.with(accounting: false) { try await $0.flows() }
        for base in Self.families {
            let fields = ["outcome", "bytes_sent", "total_bytes_sent", "bytes_per_sec"]
            func told(_ port: Int) -> [String] { flows.fields(base + port, fields[0], fields[1], fields[2], fields[3]) }
            #expect(told(1) == ["idle", "-", "-", "-"])
            #expect(told(2) == ["carried", "-", "-", "-"])
            #expect(told(3) == ["closed", "-", "-", "-"])
            #expect(told(4) == ["opened", "-", "-", "-"])
            #expect(told(5) == ["closed", "-", "-", "-"])
            #expect(told(8) == ["carried", "-", "-", "-"])
        }
        #expect(flows.node["accounting"] == "off")
    }

    @Test("with events off: refused connections cannot be seen, and that is said")
    func eventsOff() async throws {
        let flows = try await LabWindow.with(eventsMode: 0) { try await $0.flows() }
        #expect(flows[41006] == nil)
        #expect(flows.fields(41004, "outcome", "new_connections") == ["opened", "1"])
        #expect(flows.fields(41005, "outcome", "new_connections") == ["closed", "1"])
        #expect(flows.node["events_mode"] == 0)
        #expect(flows.node["events_seen"] == 0)
        #expect(flows.coverage["refused_connections_observable"] == false)
    }

    @Test(
        "when an old connection's entry is removed: its last bytes where an event told them, else none",
        arguments: [1, 2]
    )
    func removed(_ mode: Int) async throws {
        let flows = try await LabWindow.with(eventsMode: mode) { window in
            try await window.flows {
                // The client has done everything by then.
                try await Task.sleep(for: .milliseconds(700))
                for family in [["-f", "ipv4"], ["-f", "ipv6"]] {
                    let ports = family[1] == "ipv4" ? "41002" : "41102"
                    _ = try await window.lab.runSuccessfully(
                        on: NetworkLab.router,
                        "conntrack",
                        family + ["-D", "-p", "tcp", "--orig-port-src", ports]
                    )
                }
            }
        }
        var unheard = 0
        for base in Self.families {
            #expect(flows.fields(base + 2, "outcome") == ["closed"])
            if let sent = flows[base + 2]?["bytes_sent"]?.integer {
                #expect((5000..<6000).contains(sent))
            } else {
                unheard += 1
            }
        }
        // With events of new ones the kernel tells of an old connection all the same where somebody on the machine, in
        // whatever namespace, listened when it was born.
        if mode == 1 { #expect(unheard == 0) }
        #expect(flows.node["ended_without_counters"]?.integer == unheard)
    }

    @Test("when the table is flushed inside the window: everything ended, and nothing is lost")
    func flushed() async throws {
        let flows = try await LabWindow.with(eventsMode: 1) { window in
            try await window.flows {
                try await Task.sleep(for: .milliseconds(700))
                _ = try await window.lab.runSuccessfully(on: NetworkLab.router, "conntrack", ["-F"])
            }
        }
        for base in Self.families {
            for port in [1, 2, 3, 4, 5, 8] {
                #expect(flows.fields(base + port, "outcome") == ["closed"], "port \(base + port)")
            }
            #expect(flows.fields(base + 6, "outcome") == ["refused"])
            #expect(flows.fields(base + 7, "outcome") == ["unanswered"])
        }
        #expect(flows.fields(41008, "packets_sent", "bytes_sent") == ["3", "384"])
    }

    @Test("when somebody resets the counters inside the window: no differences, and it is counted")
    func reset() async throws {
        let flows = try await LabWindow.with { window in
            try await window.flows {
                try await Task.sleep(for: .milliseconds(700))
                for family in ["ipv4", "ipv6"] {
                    _ = try await window.lab.runSuccessfully(
                        on: NetworkLab.router,
                        "conntrack",
                        ["-L", "-z", "-f", family]
                    )
                }
            }
        }
        // Idle ones had carried something before, so theirs went down as well.
        #expect(flows.fields(41002, "bytes_sent", "bytes_received") == ["-", "-"])
        #expect(flows.fields(41001, "bytes_sent") == ["-"])
        let down = try #require(flows.node["counters_went_down"]?.integer)
        #expect(down >= 8)
    }

    @Test("in a conntrack zone of its own: once")
    func zone() async throws {
        let flows = try await LabWindow.with { window in
            let rules = """
                table inet zones {
                    chain before {
                        type filter hook prerouting priority raw;
                        tcp dport 7000 ct zone set 5
                        tcp sport 7000 ct zone set 5
                    }
                }
                """
            _ = try await window.lab.runSuccessfully(
                on: NetworkLab.router,
                "nft",
                ["-f", "-"],
                input: Array(rules.utf8)
            )
            return try await window.flows()
        }
        for base in Self.families {
            #expect(flows.fields(base + 2, "outcome", "connection_count") == ["carried", "1"])
            #expect(flows.fields(base + 4, "outcome", "connection_count") == ["opened", "1"])
        }
    }
}
