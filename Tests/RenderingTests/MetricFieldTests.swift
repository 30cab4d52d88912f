import FlowGraph
import Inventory
import NetModel
import Rendering
import TestSupport
import Testing

@Suite("The metrics of a pair in print")
struct MetricFieldTests {
    private static let goldens = "Tests/RenderingTests/Goldens/metrics-"

    private let cluster = inventory(
        """
        {"kind":"Node","metadata":{"name":"tbn1"},
        "status":{"addresses":[{"type":"InternalIP","address":"10.99.0.11"}]}}
        """,
        """
        {"kind":"Pod","metadata":{"namespace":"shop","name":"client-0","ownerReferences":[
        {"apiVersion":"apps/v1","kind":"StatefulSet","name":"client","uid":"u","controller":true}]},
        "spec":{"nodeName":"tbn1"},"status":{"podIP":"10.244.1.2","podIPs":[{"ip":"10.244.1.2"}]}}
        """,
        """
        {"kind":"Pod","metadata":{"namespace":"shop","name":"web"},"spec":{"nodeName":"tbn1"},
        "status":{"podIP":"10.244.2.3","podIPs":[{"ip":"10.244.2.3"}]}}
        """
    )

    /// A node watched for five seconds, all of whose events came.
    private var coverage: Coverage {
        var collector = CollectorCoverage(hostName: "tbn1", kernelRelease: "6.18.5")
        collector.window = fiveSeconds
        collector.accounting = true
        collector.eventsMode = 1
        collector.events = 12
        collector.tableCount = 4
        collector.tableMaximum = 65536
        collector.clockOffsetMilliseconds = 1.5
        collector.insertFailed = 0
        collector.drop = 2
        collector.earlyDrop = 0
        var source = Coverage.Source(name: "tbn1", isNode: true)
        source.entries = 4
        source.countableEntries = 4
        source.countedEntries = 4
        source.hasDump = true
        source.collector = collector
        return Coverage(sources: [source], inventoryNodes: ["tbn1", "tbn2"])
    }

    /// Two dials of a web server within the window, of which one is refused, one on another port.
    private func everything() throws -> Observed {
        var observed = Observed()
        var accepted = ConntrackEntry(
            original: try tuple("10.244.1.2", 40000, "10.244.2.3", 80),
            reply: try tuple("10.244.2.3", 80, "10.244.1.2", 40000),
            state: .established,
            status: [.seenReply, .assured],
            originalCounters: Counters(packets: 10, bytes: 2000),
            replyCounters: Counters(packets: 12, bytes: 300_000)
        )
        accepted.event = .new
        let opened = WindowObservation(
            marks: [.newEvent, .inSecondDump],
            original: Counters(packets: 10, bytes: 2000),
            reply: Counters(packets: 12, bytes: 300_000)
        )
        observed.watched("tbn1", accepted, opened)
        let refused = ConntrackEntry(
            original: try tuple("10.244.1.2", 40001, "10.244.2.3", 443),
            reply: try tuple("10.244.2.3", 443, "10.244.1.2", 40001),
            state: .close
        )
        observed.watched("tbn1", refused, WindowObservation(marks: [.newEvent, .destroyEvent]))
        return observed
    }

    /// A connection that nothing was measured of.
    private func nothing() throws -> Observed {
        var observed = Observed()
        let original = try tuple("192.0.2.1", 0, "192.0.2.2", 0, .esp)
        observed.seen("a.txt", ConntrackEntry(original: original, reply: original.inverted))
        return observed
    }

    @Test("with everything known, in every format", arguments: MetricFormat.allCases)
    func known(_ format: MetricFormat) async throws {
        let text = try await everything().printedMetrics(format, in: cluster, coverage: coverage)
        expectGolden(text, at: Self.goldens + "everything.\(format.rawValue)")
    }

    @Test(
        "with next to nothing known, in every format: what is unknown is absent, empty or a dash",
        arguments: MetricFormat.allCases)
    func unknown(_ format: MetricFormat) async throws {
        expectGolden(try await nothing().printedMetrics(format), at: Self.goldens + "nothing.\(format.rawValue)")
    }

    @Test("of no pair at all: an empty object, the coverage alone, or nothing", arguments: MetricFormat.allCases)
    func empty(_ format: MetricFormat) async throws {
        let text = try await Observed().printedMetrics(format, showsHeaders: false)
        switch format {
        case .table, .wide, .csv: #expect(text == "")
        case .json, .yaml: #expect(text == "{}\n")
        case .ndjson: #expect(text.hasPrefix("{\"apiVersion\":\"netviz.dev/v1\",\"kind\":\"Coverage\""))
        case .prometheus: #expect(text.hasPrefix("# HELP netviz_nodes "))
        }
    }

    @Test("a table shows the first ports and how many more there are; JSON has all")
    func ports() async throws {
        var observed = Observed()
        for port in 1...70 {
            let original = try tuple("10.0.0.1", 5000, "10.0.0.2", UInt16(port))
            observed.seen("tbn1", ConntrackEntry(original: original, reply: original.inverted))
        }
        #expect(try await observed.printedMetrics(.table).contains("   1,2,3+67   "))
        let pair = try await JSONValue(parsing: observed.printedMetrics(.json))["10.0.0.1→10.0.0.2"]
        #expect(pair?["ports"]?.array?.count == 70)
    }

    @Test("one failure among many is no rate of zero")
    func smallRate() async throws {
        var observed = Observed()
        for port in 1...3000 {
            let original = try tuple("10.244.1.2", UInt16(port), "10.244.2.3", 80)
            var entry = ConntrackEntry(original: original, reply: original.inverted, status: .seenReply)
            if port == 7 {
                entry.status = []
                entry.state = .close
            }
            let marks: WindowObservation.Marks = [.newEvent, .destroyEvent]
            observed.watched("tbn1", entry, WindowObservation(marks: marks))
        }
        let pair = try await JSONValue(parsing: observed.printedMetrics(.json, coverage: coverage))
        #expect(pair["10.244.1.2→10.244.2.3"]?["error_rate"]?.double == 1.0 / 3000)
        #expect(try await observed.printedMetrics(.table, coverage: coverage).contains("   <0.1%   "))
    }

    /// A pod of each name, which the first connects to.
    private func named(_ names: [String]) throws -> (Observed, Inventory) {
        var observed = Observed()
        var reader = InventoryReader()
        var items: [String] = []
        for (number, name) in names.enumerated() {
            items.append(
                """
                {"kind":"Pod","metadata":{"namespace":"a","name":"\(name)"},"spec":{"nodeName":"n"},
                "status":{"podIP":"10.1.0.\(number)","podIPs":[{"ip":"10.1.0.\(number)"}]}}
                """
            )
            let original = try tuple("10.1.0.0", UInt16(5000 + number), "10.1.0.\(number)", 80)
            observed.seen("n", ConntrackEntry(original: original, reply: original.inverted))
        }
        reader.read("objects", bytes: Array("{\"kind\":\"List\",\"items\":[\(items.joined(separator: ","))]}".utf8))
        #expect(reader.problems.isEmpty)
        return (observed, Inventory(reader.objects))
    }

    @Test("no two pairs have one key or the same labels, whatever stands in their names")
    func unambiguousNames() async throws {
        let names = ["x", "x→a/y", #"x\\u{2192}a/y"#, #"\u001b"#, #"\\u{1b}"#, #"\\u{5c}u{1b}"#, "^["]
        let (observed, inventory) = try named(names)
        let json = try await observed.printedMetrics(.json, in: inventory)
        let keys = json.split(separator: "\n").filter { $0.hasSuffix("\": {") }
        #expect(Set(keys).count == 7)
        #expect(json.contains("    \"a/x→a/x\\\\u{2192}a/y\": {\n"))
        let lines = try await observed.printedMetrics(.prometheus, in: inventory).split(separator: "\n")
        let series = lines.filter { $0.hasPrefix("netviz_flow_connections{") }
        #expect(Set(series).count == 7)
        #expect(!lines.contains { $0.contains("\u{1B}") })
    }

    @Test(
        "labels are escaped as the format wants it",
        arguments: [
            (#"q\"uote"#, #"a/q\"uote"#), (#"back\\slash"#, #"a/back\\slash"#), (#"new\nline"#, #"a/new\nline"#),
            ("grün-日本", "a/grün-日本"), (#"tab\tesc\u001b"#, #"a/tab\\u{9}esc\\u{1b}"#),
            (#"trailing\\"#, #"a/trailing\\"#),
        ])
    func labels(_ name: String, _ expected: String) async throws {
        let (observed, inventory) = try named([name])
        let text = try await observed.printedMetrics(.prometheus, in: inventory)
        #expect(text.contains("source=\"\(expected)\",destination=\"\(expected)\","))
    }
}
