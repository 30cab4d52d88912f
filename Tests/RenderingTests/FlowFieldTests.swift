import FlowGraph
import Inventory
import NetModel
import Rendering
import TestSupport
import Testing

@Suite("A flow's fields")
struct FlowFieldTests {
    private static let goldens = "Tests/RenderingTests/Goldens/"

    /// One node in a zone with a mesh-injected pod behind the service shop/web, which is also a node port.
    private let cluster = inventory(
        """
        {"kind":"Node","metadata":{"name":"tbn1","labels":{"topology.kubernetes.io/zone":"a"}},
        "spec":{"podCIDR":"10.244.1.0/24"},"status":{"addresses":[{"type":"InternalIP","address":"10.99.0.11"}]}}
        """,
        """
        {"kind":"Node","metadata":{"name":"tbn2","labels":{"topology.kubernetes.io/zone":"b"}},
        "spec":{"podCIDR":"10.244.2.0/24"},"status":{"addresses":[{"type":"InternalIP","address":"10.99.0.12"}]}}
        """,
        """
        {"kind":"Pod","metadata":{"namespace":"shop","name":"client-0","ownerReferences":[
        {"apiVersion":"apps/v1","kind":"StatefulSet","name":"client","uid":"u","controller":true}]},
        "spec":{"nodeName":"tbn1"},"status":{"podIP":"10.244.1.2","podIPs":[{"ip":"10.244.1.2"}]}}
        """,
        """
        {"kind":"Pod","metadata":{"namespace":"shop","name":"web"},"spec":{"nodeName":"tbn2"},
        "status":{"podIP":"10.244.2.3","podIPs":[{"ip":"10.244.2.3"}]}}
        """,
        """
        {"kind":"Service","metadata":{"namespace":"shop","name":"web"},"spec":{"clusterIP":"10.96.0.10",
        "clusterIPs":["10.96.0.10"],"ports":[{"name":"http","port":80,"protocol":"TCP"}]}}
        """
    )

    /// Everything that one connection can tell: dialled through a service, masqueraded, in a mesh, counted, timed,
    /// ended.
    private func full() throws -> Observed {
        var observed = Observed()
        var entry = ConntrackEntry(
            original: try tuple("10.244.1.2", 40000, "10.96.0.10", 80),
            reply: try tuple("10.244.2.3", 15008, "10.99.0.11", 50000)
        )
        entry.event = .new
        entry.eventTime = Timestamp(seconds: 1_800_000_000)
        observed.seen("tbn1", entry)
        entry.event = .destroy
        entry.state = .timeWait
        entry.status = [.seenReply, .assured]
        entry.originalCounters = Counters(packets: 10, bytes: 2000)
        entry.replyCounters = Counters(packets: 12, bytes: 300_000)
        entry.start = Timestamp(seconds: 1_800_000_000)
        entry.stop = Timestamp(seconds: 1_800_000_004)
        entry.eventTime = Timestamp(nanoseconds: 1_800_000_004_500_000_000)
        observed.seen("tbn1", entry)
        return observed
    }

    @Test("with everything known, in every format", arguments: OutputFormat.allCases)
    func everything(_ format: OutputFormat) async throws {
        let text = try await full().printed(format, in: cluster)
        expectGolden(text, at: Self.goldens + "everything.\(format.rawValue)")
    }

    @Test(
        "with next to nothing known, in every format: what is unknown is absent, empty or a dash",
        arguments: OutputFormat.allCases)
    func nothing(_ format: OutputFormat) async throws {
        var observed = Observed()
        let original = try tuple("192.0.2.1", 0, "192.0.2.2", 0, .esp)
        observed.seen("a.txt", ConntrackEntry(original: original, reply: original.inverted))
        expectGolden(try await observed.printed(format), at: Self.goldens + "nothing.\(format.rawValue)")
    }

    /// A connection that was there before the window, carried something in it, and was closed by its end.
    private func windowed() throws -> Observed {
        var observed = Observed()
        var entry = ConntrackEntry(
            original: try tuple("10.244.1.2", 40000, "10.96.0.10", 80),
            reply: try tuple("10.244.2.3", 8080, "10.244.1.2", 40000),
            state: .timeWait,
            status: [.seenReply, .assured],
            originalCounters: Counters(packets: 10, bytes: 2000),
            replyCounters: Counters(packets: 12, bytes: 300_000)
        )
        entry.start = Timestamp(seconds: 1_799_999_995)
        let window = WindowObservation(
            marks: [.inFirstDump, .inSecondDump],
            original: Counters(packets: 2, bytes: 400),
            reply: Counters(packets: 4, bytes: 60_000),
            stateBefore: .established
        )
        observed.watched("tbn1", entry, window)
        return observed
    }

    @Test(
        "with what was carried within a window, in every format: beside the totals, and the rate is over the window",
        arguments: OutputFormat.allCases)
    func window(_ format: OutputFormat) async throws {
        let text = try await windowed().printed(format, in: cluster)
        expectGolden(text, at: Self.goldens + "window.\(format.rawValue)")
    }

    @Test("what was not measured within the window is absent, though the totals are known")
    func windowNotMeasured() async throws {
        var observed = Observed()
        let original = try tuple("10.0.0.1", 5000, "10.0.0.2", 53, .udp)
        var entry = ConntrackEntry(original: original, reply: original.inverted, status: .seenReply)
        entry.originalCounters = Counters(packets: 1, bytes: 60)
        entry.replyCounters = Counters(packets: 1, bytes: 90)
        observed.watched("tbn1", entry, WindowObservation(marks: .inFirstDump))
        let fields = try await fields(observed)
        #expect(fields["bytes_sent"] == nil)
        #expect(fields["packets_received"] == nil)
        #expect(fields["bytes_per_sec"] == nil)
        #expect(fields["total_bytes_received"] == 90)
        #expect(fields["counted_connections"] == 0)
        #expect(fields["outcome"] == "closed")
        #expect(try await observed.printed(.table, showsHeaders: false).hasSuffix("   UDP   1   0   -   -   -   0\n"))
    }

    /// The members of the only flow.
    private func fields(_ observed: Observed, in inventory: Inventory = .empty) async throws -> [String: JSONValue] {
        let flow = try await JSONValue(parsing: String(observed.printed(.ndjson, in: inventory).prefix { $0 != "\n" }))
        return try #require(flow.object)
    }

    @Test("counters of one direction are told, those of the other are absent")
    func oneDirection() async throws {
        var observed = Observed()
        let original = try tuple("10.0.0.1", 5000, "10.0.0.2", 53, .udp)
        var entry = ConntrackEntry(original: original, reply: original.inverted)
        entry.originalCounters = Counters(packets: 1, bytes: 60)
        observed.seen("tbn1", entry)
        let fields = try await fields(observed)
        #expect(fields["total_bytes_sent"] == 60)
        #expect(fields["total_packets_sent"] == 1)
        #expect(fields["total_bytes_received"] == nil)
        #expect(fields["total_packets_received"] == nil)
        #expect(fields["counted_connections"] == 1)
    }

    @Test("a count of zero bytes is told: it was measured")
    func measuredZero() async throws {
        var observed = Observed()
        let original = try tuple("10.0.0.1", 5000, "10.0.0.2", 53, .udp)
        var entry = ConntrackEntry(original: original, reply: original.inverted)
        entry.originalCounters = .zero
        entry.replyCounters = .zero
        observed.seen("tbn1", entry)
        #expect(try await fields(observed)["total_bytes_received"] == 0)
        #expect(try await observed.printed(.table, showsHeaders: false).contains("   0 B   0 B   "))
    }

    @Test("the largest counters are written in full")
    func largestCounters() async throws {
        var observed = Observed()
        let original = try tuple("10.0.0.1", 5000, "10.0.0.2", 53, .udp)
        var entry = ConntrackEntry(original: original, reply: original.inverted)
        entry.originalCounters = Counters(packets: .max, bytes: .max)
        entry.replyCounters = Counters(packets: .max, bytes: .max)
        entry.ageSeconds = 1
        observed.seen("tbn1", entry)
        let text = try await observed.printed(.ndjson)
        #expect(text.contains("\"total_bytes_sent\":18446744073709551615,"))
        #expect(try await observed.printed(.table).contains("16 EiB"))
    }

    @Test("an IPv6 endpoint with a port is in brackets")
    func ipv6() async throws {
        var observed = Observed()
        observed.seen(
            "tbn1",
            ConntrackEntry(
                original: try tuple("fd00::1", 5000, "fd00:96::10", 80),
                reply: try tuple("fd00::2", 8080, "fd00:1::1", 6000)
            )
        )
        let fields = try await fields(observed)
        #expect(fields["source_ip"] == "fd00::1")
        #expect(fields["dnat"] == "[fd00:96::10]:80")
        #expect(fields["snat"] == "[fd00:1::1]:6000")
    }

    @Test("a protocol without ports shows none, in dnat neither")
    func withoutPorts() async throws {
        var observed = Observed()
        var entry = ConntrackEntry(
            original: try tuple("10.0.0.1", 7, "10.0.0.9", 8 << 8, .icmp),
            reply: try tuple("10.0.0.2", 7, "10.0.0.1", 0, .icmp)
        )
        entry.status = [.seenReply]
        observed.seen("tbn1", entry)
        let fields = try await fields(observed)
        #expect(fields["dest_ip"] == "10.0.0.2")
        #expect(fields["source_port"] == nil)
        #expect(fields["dest_port"] == nil)
        #expect(fields["dnat"] == "10.0.0.9")
    }

    @Test("several owners of an address are all named")
    func candidates() async throws {
        func pod(_ name: String) -> String {
            """
            {"kind":"Pod","metadata":{"namespace":"shop","name":"\(name)"},"spec":{"nodeName":"tbn1","hostNetwork":true},
            "status":{"podIP":"10.99.0.11","podIPs":[{"ip":"10.99.0.11"}],"hostIP":"10.99.0.11"}}
            """
        }
        var observed = Observed()
        let original = try tuple("10.99.0.11", 5000, "203.0.113.9", 443)
        observed.seen("tbn1", ConntrackEntry(original: original, reply: original.inverted))
        let node = """
            {"kind":"Node","metadata":{"name":"tbn1"},"status":{"addresses":[{"type":"InternalIP","address":"10.99.0.11"}]}}
            """
        let fields = try await fields(observed, in: inventory(node, pod("a"), pod("b")))
        #expect(fields["source_pod"] == nil)
        let candidates = fields["source_candidates"]?.array?.compactMap(\.string) ?? []
        #expect(candidates.contains("pod shop/a"))
        #expect(candidates.contains("pod shop/b"))
        #expect(fields["dest_kind"] == "external")
        #expect(fields["dest_prefix"] == "203.0.113.0/24")
    }
}
