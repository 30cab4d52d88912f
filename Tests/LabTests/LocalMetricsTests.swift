import TestSupport
import Testing

@Suite("What kubectl netviz metrics --local tells of dials on a real kernel", .serialized)
struct LocalMetricsTests {
    private static let dialled = "10.244.1.2→10.244.2.2"
    private static let idle = "fd00:244:1::2→fd00:244:2::2"

    private func metrics(accounting: Bool = true, eventsMode: Int = 2) async throws -> JSONValue {
        try await LabWindow.with(accounting: accounting, eventsMode: eventsMode) { window in
            let result = try await window.watch(["metrics", "-o", "ndjson"], of: "dials.py", window: "7s")
            #expect(result.status == .exited(0), "\(result.errorText)")
            var pairs: [String: JSONValue] = [:]
            for line in try result.outputText.split(separator: "\n").map({ try JSONValue(parsing: Array($0.utf8)) }) {
                if let key = line["key"]?.string { pairs[key] = line }
            }
            return .object(pairs)
        }
    }

    @Test("5 accepted, 2 refused and 1 unanswered dial: an error rate of 3 in 8")
    func errorRate() async throws {
        let metrics = try await metrics()
        let dialled = try #require(metrics[Self.dialled])
        #expect(dialled["connection_count"] == 8)
        #expect(dialled["attempts"] == 8)
        #expect(dialled["failed_attempts"] == 3)
        #expect(dialled["error_rate"]?.double == 0.375)
        #expect(dialled["is_active"] == true)
        #expect(dialled["active_connections"] == 5)
        #expect(dialled["ports"]?.array == [7000, 9997, 9998])
        #expect(dialled["protocol"] == "TCP")
        let rate = try #require(dialled["bytes_per_sec"]?.double)
        let carried =
            try #require(dialled["total_bytes_sent"]?.integer) + #require(dialled["total_bytes_received"]?.integer)
        // All of it began within the window, which is seven seconds and the time of a dump.
        #expect((Double(carried) / 7.5...Double(carried) / 7).contains(rate))
    }

    @Test("a connection that was idle throughout is counted, is not active, and was no attempt")
    func idle() async throws {
        let metrics = try await metrics()
        let idle = try #require(metrics[Self.idle])
        #expect(idle["connection_count"] == 1)
        #expect(idle["is_active"] == false)
        #expect(idle["active_connections"] == 0)
        #expect(idle["attempts"] == 0)
        #expect(idle["error_rate"] == nil)
        #expect(idle["bytes_per_sec"]?.double == 0)
        #expect(idle["ports"]?.array == [7000])
    }

    @Test("without accounting: no rates, and the same attempts and activity")
    func withoutAccounting() async throws {
        let metrics = try await metrics(accounting: false)
        let dialled = try #require(metrics[Self.dialled])
        #expect(dialled["error_rate"]?.double == 0.375)
        #expect(dialled["is_active"] == true)
        #expect(dialled["active_connections"] == 5)
        #expect(dialled["bytes_per_sec"] == nil)
        #expect(metrics[Self.idle]?["is_active"] == false)
    }

    @Test("with events off refused dials cannot be seen, so no error rate is told")
    func eventsOff() async throws {
        let metrics = try await metrics(eventsMode: 0)
        let dialled = try #require(metrics[Self.dialled])
        #expect(dialled["connection_count"] == 6)
        #expect(dialled["attempts"] == nil)
        #expect(dialled["failed_attempts"] == nil)
        #expect(dialled["error_rate"] == nil)
        #expect(dialled["is_active"] == true)
    }

    @Test("promtool takes the text for Prometheus without a complaint")
    func prometheus() async throws {
        let text = try await LabWindow.with { window in
            let result = try await window.watch(["metrics", "-o", "prometheus"], of: "dials.py", window: "7s")
            #expect(result.status == .exited(0), "\(result.errorText)")
            return result
        }
        let check = try await run("promtool", ["check", "metrics"], input: text.output)
        #expect(check.status == .exited(0))
        #expect(check.errorText == "")
        let lines = text.outputText.split(separator: "\n")
        func value(_ name: String, _ label: String) -> [String] {
            lines.filter { $0.hasPrefix(name + "{") && $0.contains(label) }.compactMap { $0.split(separator: " ").last }
                .map(String.init)
        }
        #expect(value("netviz_flow_error_ratio", "destination=\"10.244.2.2\"") == ["0.375"])
        #expect(value("netviz_flow_active", "destination=\"fd00:244:2::2\"") == ["0"])
        #expect(value("netviz_node_event_overruns", "mode=\"collector\"") == ["0"])
        #expect(value("netviz_node_accounting", "mode=\"collector\"") == ["1"])
        #expect(lines.contains("netviz_nodes_covered 1"))
    }
}
