import CollectorCore
import CollectorProtocol
import NetModel
import Testing

@Suite("What the sampling loop does for one START")
struct SamplerTests {
    private static let second: Int64 = 1_000_000_000

    /// Runs a START and says how it stopped; nil when it came to its end.
    private func run(_ node: FakeNode, _ start: Start, watchesInput: Bool = false) -> SamplingStop? {
        let sampler = Sampler(node: node, client: node, watchesInput: watchesInput)
        do throws(SamplingStop) {
            try sampler.run(start)
            return nil
        } catch {
            return error
        }
    }

    private func words(_ stop: SamplingStop?) -> String {
        switch stop {
        case nil: "done"
        case .failed(let notice): "failed: \(notice.text)"
        case .clientGone: "client gone"
        case .deadline: "deadline"
        }
    }

    @Test("a window: accounting, rules, the common beginning, events before the first dump, rules at the end")
    func order() {
        let node = FakeNode()
        node.rules = [RulesPiece(program: .iptablesNFTSave, moment: .begin, text: Array("*nat".utf8), isLast: true)]
        node.dumps = [
            FakeNode.Dump(entries: [tcp(1), tcp(2)]),
            FakeNode.Dump(entries: [tcp(1), tcp(2)]),
        ]
        let start = Start(
            beginAt: node.wallAtZero + 3000,
            window: 5 * Self.second,
            deadline: 60 * Self.second,
            enablesAccounting: true
        )
        #expect(words(run(node, start)) == "done")
        let openEvents = 32 << 20
        #expect(
            node.actions == [
                "enableAccounting", "rules begin", "wait 3000", "statistics", "openEvents \(openEvents)", "dump",
                "wait \(3000 + 5 * Self.second)", "dump", "closeEvents", "statistics", "rules end",
            ])
        #expect(node.story == ["RULES begin *nat", "RULES end *nat", "ENTRIES 1 2", "END"])
        #expect(node.end?.began == node.wallAtZero + 3000)
        #expect(node.end?.window == 5 * Self.second)
        #expect(node.deadline == .max)
    }

    @Test("a snapshot: one dump, no events, and the rules once, at its end")
    func snapshot() {
        let node = FakeNode()
        node.rules = [RulesPiece(program: .nftListRuleset, moment: .begin, text: Array("{}".utf8), isLast: true)]
        node.dumps = [FakeNode.Dump(entries: [tcp(1)])]
        #expect(words(run(node, Start(deadline: Self.second))) == "done")
        #expect(node.actions == ["statistics", "dump", "statistics", "rules end"])
        #expect(node.story == ["RULES end {}", "ENTRIES 1", "END"])
        #expect(node.end?.window == 0)
        #expect(node.end?.statisticsOfWindow == nil)
    }

    @Test("a beginning that has passed is now, and one at the end of time is not waited for beyond the deadline")
    func extremeBeginnings() {
        let past = FakeNode()
        #expect(words(run(past, Start(beginAt: 1, window: 10, deadline: Self.second, wantsRules: false))) == "done")
        #expect(past.end?.began == past.wallAtZero + 1000)

        let never = FakeNode()
        let start = Start(beginAt: .max, window: .max, deadline: Self.second, wantsRules: false)
        #expect(words(run(never, start)) == "deadline")
        #expect(never.actions == ["wait \(1000 + Self.second)"])
        #expect(never.end == nil)

        let longAgo = FakeNode()
        #expect(words(run(longAgo, Start(beginAt: .min, window: .min, deadline: .max, wantsRules: false))) == "done")
        #expect(longAgo.end?.window == 0)
        let noTime = FakeNode()
        #expect(words(run(noTime, Start(window: 10, deadline: .min, wantsRules: false))) == "deadline")
    }

    @Test("what was lost is counted: overruns, what cannot be decoded, dumps that the kernel calls interrupted")
    func losses() {
        let node = FakeNode()
        node.dumps = [
            FakeNode.Dump(entries: [tcp(1)], wasInterrupted: true, undecodable: 2),
            FakeNode.Dump(entries: [tcp(1, id: 7)], wasInterrupted: true, undecodable: 1),
        ]
        node.receipts = [
            // In the wait for the beginning.
            ([], EventReceipt(events: 0, overran: false, undecodable: 0, isDrained: true)),
            ([tcp(5, id: 5, event: .new)], EventReceipt(events: 1, overran: true, undecodable: 3, isDrained: true)),
            ([tcp(6, id: 6, event: .new)], EventReceipt(events: 1, overran: true, undecodable: 0, isDrained: true)),
        ]
        #expect(words(run(node, Start(window: 10, deadline: Self.second, wantsRules: false))) == "done")
        let losses = node.end?.losses
        #expect(losses?.events == 2)
        #expect(losses?.eventOverruns == 2)
        #expect(losses?.interruptedDumps == 2)
        #expect(losses?.undecodable == 6)
    }

    @Test("the second START of a session begins to count anew")
    func secondStart() throws {
        let node = FakeNode()
        node.dumps = [
            FakeNode.Dump(entries: [tcp(1)], wasInterrupted: true), FakeNode.Dump(entries: [tcp(1)]),
            FakeNode.Dump(entries: [tcp(2)]), FakeNode.Dump(entries: [tcp(2)]),
        ]
        let sampler = Sampler(node: node, client: node, watchesInput: false)
        let start = Start(window: 10, deadline: Self.second, wantsRules: false)
        try sampler.run(start)
        #expect(node.end?.losses.interruptedDumps == 1)
        try sampler.run(start)
        #expect(node.end?.losses.interruptedDumps == 0)
        #expect(node.story == ["ENTRIES 1", "END", "ENTRIES 2", "END"])
    }

    @Test("events are taken after the second dump to the last one, in as many looks as it takes")
    func lastEvents() {
        let node = FakeNode()
        let none = ([ConntrackEntry](), EventReceipt(events: 0, overran: false, undecodable: 0, isDrained: true))
        let burst = (UInt16(10)..<13).map { port in
            (
                [tcp(port, id: UInt32(port), event: .new)],
                EventReceipt(events: 1, overran: false, undecodable: 0, isDrained: port == 12)
            )
        }
        // Looks before: at the beginning, within the first dump, twice in the wait, within the second dump.
        node.receipts = [none, none, none, none, none] + burst
        #expect(words(run(node, Start(window: 10, deadline: Self.second, wantsRules: false))) == "done")
        #expect(node.end?.losses.events == 3)
        #expect(node.end?.losses.eventOverruns == 0)
        #expect(node.end?.entries == 3)
    }

    @Test("events that never end are a loss and not a hang")
    func endlessEvents() {
        let node = FakeNode()
        let receipt = EventReceipt(events: 1, overran: false, undecodable: 0, isDrained: false)
        node.receipts = (0..<2000).map { ([tcp(UInt16($0 + 1), id: UInt32($0), event: .new)], receipt) }
        #expect(words(run(node, Start(window: 10, deadline: Self.second, wantsRules: false))) == "done")
        #expect(node.end?.losses.eventOverruns == 1)
        #expect(node.receipts.isEmpty == false)
    }

    @Test("the deadline ends a dump that takes too long")
    func deadlineInADump() {
        let node = FakeNode()
        node.dumps = [FakeNode.Dump(entries: [tcp(1)], nanoseconds: 2 * Self.second)]
        #expect(words(run(node, Start(window: 10, deadline: Self.second, wantsRules: false))) == "deadline")
        #expect(node.actions.last == "closeEvents")
        #expect(node.end == nil)
    }

    @Test("the deadline ends a window that is longer, at the deadline")
    func deadlineInTheWindow() {
        let node = FakeNode()
        let start = Start(window: 60 * Self.second, deadline: Self.second, wantsRules: false)
        #expect(words(run(node, start)) == "deadline")
        #expect(node.monotonic == 1000 + Self.second)
        #expect(node.actions.last == "closeEvents")
    }

    @Test("a client that has gone ends a dump where the input is watched")
    func clientGoneInADump() {
        let node = FakeNode()
        // The look at the beginning finds nothing yet, the one within the dump the end.
        node.clientBytes = [[]]
        node.dumps = [FakeNode.Dump(entries: [tcp(1)])]
        let start = Start(window: 10, deadline: Self.second, wantsRules: false)
        #expect(words(run(node, start, watchesInput: true)) == "client gone")
        #expect(node.actions == ["statistics", "openEvents \(32 << 20)", "dump", "closeEvents"])
    }

    @Test("what the kernel refuses ends the run with its words")
    func refused() {
        let node = FakeNode()
        node.refusal = Notice(topic: .permission, text: "needs CAP_NET_ADMIN")
        let start = Start(window: 10, deadline: Self.second, wantsRules: false, eventBuffer: 4096)
        #expect(words(run(node, start)) == "failed: needs CAP_NET_ADMIN")
        #expect(node.actions == ["statistics", "openEvents 4096"])
    }

    @Test("accounting that cannot be switched on and rules that cannot be read are notices, and the rest is told")
    func notices() {
        let node = FakeNode()
        node.accountingNotice = Notice(topic: .accounting, text: "no")
        node.rulesNotice = Notice(topic: .rules, text: "no")
        node.dumps = [FakeNode.Dump(), FakeNode.Dump(entries: [tcp(1)])]
        #expect(words(run(node, Start(window: 10, deadline: Self.second, enablesAccounting: true))) == "done")
        #expect(node.story == ["NOTICE accounting", "NOTICE rules", "NOTICE rules", "ENTRIES 1", "END"])
    }

    @Test("an empty table is told with the reason, and with the signs that traffic passes it by")
    func emptyTable() {
        let node = FakeNode()
        node.nodeFacts.bypassSigns = ["interface cilium_host (Cilium's eBPF datapath)"]
        node.nodeFacts.tableCount = 0
        node.nodeFacts.tableMaximum = 262_144
        #expect(words(run(node, Start(deadline: Self.second, wantsRules: false))) == "done")
        #expect(
            node.written.first
                == .notice(
                    Notice(
                        topic: .emptyTable,
                        text:
                            "the kernel tracks only where a packet filter rule or NAT of this network namespace asks for it; "
                            + "interface cilium_host (Cilium's eBPF datapath) may carry traffic past it"
                    )))
        #expect(node.end?.tableCount == 0)
        #expect(node.end?.tableMaximum == 262_144)
    }

    @Test("statistics of the window are differences; a counter of the kernel's that wrapped round counts as none")
    func statistics() {
        let node = FakeNode()
        var before = ConntrackStatistics()
        before.insertFailed = 5
        before.drop = UInt64(UInt32.max) - 1
        before.found = .max
        var after = before
        after.insertFailed = 12
        after.drop = 3
        after.found = .max
        node.statisticsToRead = [before, after]
        #expect(words(run(node, Start(window: 10, deadline: Self.second, wantsRules: false))) == "done")
        #expect(node.end?.statistics == after)
        #expect(node.end?.statisticsOfWindow?.insertFailed == 7)
        #expect(node.end?.statisticsOfWindow?.drop == 0)
        #expect(node.end?.statisticsOfWindow?.found == 0)
    }

    @Test("statistics that could not be read at the beginning leave those of the window unknown")
    func unreadStatistics() {
        let node = FakeNode()
        node.statisticsToRead = [nil, ConntrackStatistics()]
        #expect(words(run(node, Start(window: 10, deadline: Self.second, wantsRules: false))) == "done")
        #expect(node.end?.statistics == ConntrackStatistics())
        #expect(node.end?.statisticsOfWindow == nil)
    }
}
