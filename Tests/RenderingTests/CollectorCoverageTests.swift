import FlowGraph
import NetModel
import Rendering
import TestSupport
import Testing

@Suite("The coverage of collectors")
struct CollectorCoverageTests {
    /// A node that was watched for five seconds, with accounting on, events of all connections and nothing lost.
    private func source(
        _ name: String,
        entries: Int = 10,
        counted: Int = 10,
        _ change: (inout CollectorCoverage) -> Void = { _ in }
    ) -> Coverage.Source {
        var collector = CollectorCoverage(hostName: name, kernelRelease: "6.18.5")
        collector.window = fiveSeconds
        collector.accounting = true
        collector.timestamps = false
        collector.eventsMode = 1
        change(&collector)
        var source = Coverage.Source(name: name, isNode: true)
        source.entries = entries
        source.countableEntries = entries
        source.countedEntries = counted
        source.hasDump = true
        source.collector = collector
        return source
    }

    private func summary(_ sources: Coverage.Source..., failed: [Coverage.Skipped] = [], nodes: [String] = []) -> String
    {
        CoverageText.summary(Coverage(sources: sources, failed: failed, inventoryNodes: nodes))
    }

    private func window(seconds: Int64) -> ObservationWindow? {
        ObservationWindow(begin: Timestamp(seconds: 1_800_000_000), nanoseconds: seconds * 1_000_000_000)
    }

    @Test("says the window and, when nothing was lost, nothing else")
    func complete() {
        #expect(summary(source("a"), source("b"), nodes: ["a", "b"]) == "2 of 2 nodes, 5.0 s window")
        #expect(
            summary(source("a"), source("b") { $0.window = window(seconds: 4) })
                == "2 of 2 nodes, 4.0 s to 5.0 s windows")
    }

    @Test("says which nodes had no window")
    func snapshot() {
        #expect(
            summary(source("a") { $0.window = nil })
                == "1 of 1 node, no window: totals over each connection's life; refused connections not observable without events"
        )
        #expect(
            summary(source("a"), source("b") { $0.window = nil })
                == "2 of 2 nodes, 5.0 s window (b: no window: totals over each connection's life)")
    }

    @Test("says where bytes were not counted, and what helps")
    func accounting() {
        #expect(
            summary(source("a", counted: 0) { $0.accounting = false })
                == """
                1 of 1 node, 5.0 s window; a: bytes not counted (nf_conntrack_acct=0; --enable-accounting switches it on \
                for the run)
                """
        )
        #expect(summary(source("a", counted: 4)) == "1 of 1 node, 5.0 s window; a: bytes counted for 4 of 10 entries")
    }

    @Test("refused connections are observable with events of mode 1 or 2 of which none was lost")
    func refused() {
        func observable(_ change: (inout CollectorCoverage) -> Void) -> Bool {
            Coverage(sources: [source("a", change)], inventoryNodes: []).showsRefused
        }
        #expect(observable { $0.eventsMode = 1 })
        #expect(observable { $0.eventsMode = 2 })
        #expect(!observable { $0.eventsMode = 0 })
        #expect(!observable { $0.eventsMode = nil })
        #expect(!observable { $0.eventOverruns = 1 })
        #expect(!observable { $0.window = nil })
        #expect(
            summary(source("a") { $0.eventsMode = 0 })
                == "1 of 1 node, 5.0 s window; a: refused connections not observable (nf_conntrack_events=0)")
        #expect(
            summary(source("a") { $0.eventOverruns = 2 }, source("b"))
                == """
                2 of 2 nodes, 5.0 s window; a: events lost (2 buffer overruns), refused connections may be missing
                """
        )
    }

    @Test("says of how many connections the window's bytes are not known, and why")
    func connections() {
        #expect(
            summary(
                source("a") {
                    $0.eventsMode = 2
                    $0.endedUnheard = 2
                },
                source("b") {
                    $0.eventsMode = 2
                    $0.endedUnheard = 1
                }
            )
                == """
                2 of 2 nodes, 5.0 s window; a, b: 3 connections ended, final bytes not measured (nf_conntrack_events=1 \
                would tell them)
                """
        )
        #expect(
            summary(
                source("a") {
                    $0.eventsMode = 1
                    $0.endedUnheard = 2
                }
            ) == "1 of 1 node, 5.0 s window; a: 2 connections ended, final bytes not measured"
        )
        let text = summary(
            source("a") {
                $0.countersWentDown = 1
                $0.untracked = .max
                $0.undecodable = 3
            })
        #expect(text.contains("; a: 1 connection with counters set back, bytes of the window not known;"))
        #expect(
            text.contains(
                "; a: 18446744073709551615 connections beyond the collector's memory, bytes of the window not known;"))
        #expect(text.hasSuffix("; a: 3 kernel messages not understood"))
    }

    @Test("sums of hostile numbers stay at the largest")
    func hostileNumbers() {
        let text = summary(source("a") { $0.untracked = .max }, source("b") { $0.untracked = .max })
        #expect(text.contains("18446744073709551615 connections beyond"))
    }

    @Test("says what found no place in the table")
    func table() {
        func losses(_ count: UInt32) -> String {
            summary(
                source("a") {
                    $0.insertFailed = 3
                    $0.drop = 0
                    $0.earlyDrop = 7
                    $0.tableCount = count
                    $0.tableMaximum = 262144
                })
        }
        #expect(
            losses(1000)
                == """
                1 of 1 node, 5.0 s window; a: connections missing from the table (insert_failed=3, early_drop=7; 1000 of \
                262144 entries)
                """
        )
        #expect(losses(262100).hasSuffix("; 262100 of 262144 entries, raise nf_conntrack_max)"))
    }

    @Test("a node without connection tracking, with an empty table, or with signs of bypass is not covered")
    func notCovered() {
        #expect(
            summary(source("a"), source("b", entries: 0) { $0.hasConntrack = false })
                == "1 of 2 nodes, 5.0 s window; b: no connection tracking in the kernel (nf_conntrack is not loaded)")
        #expect(
            summary(source("a"), source("b", entries: 0) { $0.emptyReason = "no rule asks for tracking" })
                == "1 of 2 nodes, 5.0 s window; b: the connection tracking table is empty: no rule asks for tracking")
        let bypassed = source("b") { $0.bypassSigns = ["interface cilium_host", "nftables flowtable ft"] }
        #expect(
            summary(source("a"), bypassed)
                == """
                1 of 2 nodes, 5.0 s window; b: bypass suspected (interface cilium_host, nftables flowtable ft): what is \
                shown is a part of what there is
                """
        )
        // What its table shows was observed all the same.
        let alone = Coverage(sources: [bypassed], inventoryNodes: [])
        #expect(alone.isAnythingObserved)
        #expect(alone.share == 0)
    }

    @Test("a node whose collector failed is one of the nodes, and skipped with the reason")
    func failed() {
        let failed = [Coverage.Skipped(node: "b", reason: "the collector's image could not be pulled")]
        #expect(
            summary(source("a"), failed: failed, nodes: ["a", "b", "c"])
                == """
                1 of 3 nodes, 5.0 s window; c: nothing was given for it; b: the collector's image could not be pulled
                """
        )
        #expect(summary(source("a"), failed: failed).hasPrefix("1 of 2 nodes, "))
    }

    @Test("in a document: what is known of the node, its window and its losses")
    func document() async throws {
        let known = source("a", counted: 4) {
            $0.clockOffsetMilliseconds = -12
            $0.events = 700
            $0.tableCount = 10
            $0.tableMaximum = 262144
            $0.insertFailed = 1
            $0.drop = 2
            $0.earlyDrop = 3
            $0.endedUnheard = 4
            $0.countersWentDown = 5
            $0.untracked = 6
            $0.undecodable = 7
            $0.interruptedDumps = 8
            $0.bypassSigns = ["interface cilium_host"]
        }
        let unknown = source("b", entries: 0, counted: 0) {
            $0.window = nil
            $0.accounting = nil
            $0.timestamps = nil
            $0.eventsMode = nil
        }
        let document = try await JSONValue(
            parsing: Observed().printed(.ndjson, coverage: Coverage(sources: [known, unknown], inventoryNodes: [])))
        let nodes = try #require(document["nodes"]?.array)
        #expect(
            nodes.first == [
                "node": "a", "mode": "collector", "covered": false, "window_seconds": .number("5.0"),
                "window_begin": "2027-01-15T08:00:00Z", "clock_offset_ms": .number("-12.0"), "entries": 10,
                "entries_with_counters": 4, "accounting": "partial", "timestamps": false, "events_mode": 1,
                "events_seen": 700, "event_overruns": 0, "refused_connections_observable": true, "table_count": 10,
                "table_max": 262144, "insert_failed": 1, "drop": 2, "early_drop": 3, "ended_without_counters": 4,
                "counters_went_down": 5, "untracked": 6, "undecodable": 7, "interrupted_dumps": 8,
                "bypass_signs": ["interface cilium_host"], "host_name": "a", "kernel_release": "6.18.5",
            ])
        #expect(
            nodes.last == [
                "node": "b", "mode": "collector", "covered": false, "entries": 0, "entries_with_counters": 0,
                "events_seen": 0, "event_overruns": 0, "refused_connections_observable": false,
                "ended_without_counters": 0, "counters_went_down": 0, "untracked": 0, "undecodable": 0,
                "interrupted_dumps": 0, "host_name": "b", "kernel_release": "6.18.5",
            ])
        #expect(document["nodes_covered"] == 0)
    }

    @Test("a collector that broke off covers its node in part only, and says why")
    func brokenOff() {
        let coverage = Coverage(
            sources: [
                source("a") {
                    $0.failure = "its collector ended before its work was done"
                    $0.window = nil
                }
            ],
            inventoryNodes: []
        )
        #expect(coverage.nodesCovered == 0)
        #expect(
            coverage.skipped.map(\.reason) == [
                "its collector ended before its work was done; what came before that is shown"
            ]
        )
    }
}
