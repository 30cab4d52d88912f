import Drops
import FirewallRules
import FlowGraph
import NetModel
import Rendering
import TestSupport
import Testing

@Suite("What nodes drop, printed")
struct DropReportTests {
    private static let goldens = "Tests/RenderingTests/Goldens/drops."

    /// A Service without endpoints that two nodes reject, a policy that explains a connection, a firewall's own rule that
    /// was written anew, and a chain that drops without counting.
    private var lines: [DropLine] {
        let service = Attribution(
            writer: .kubeProxy,
            subject: Attribution.Subject(kind: "Service", namespace: "shop", name: "payments", port: "http"),
            reason: "no endpoints"
        )
        let policy = Attribution(
            writer: .calico,
            subject: Attribution.Subject(kind: "NetworkPolicy", namespace: "shop", name: "deny-db"),
            direction: .ingress,
            reason: "denied by the policy"
        )
        let rejected = point(
            "KUBE-SERVICES",
            .reject(with: "icmp-port-unreachable"),
            "-d 10.96.40.11/32 -p tcp -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable",
            service
        )
        let denied = point("cali-pi-_abc", .drop, "-p tcp -m multiport --dports 5432 -j DROP", policy)
        let own = point("INPUT", .drop, "-s 192.0.2.7/32 -j DROP", Attribution(writer: .unknown))
        let uncounted = DropPoint(
            filter: .nftables, family: .inet, table: "host", chain: "input", kind: .policy, verdict: .drop, text: "",
            attribution: Attribution(writer: .unknown)
        )
        let flow = ExplainedFlow(
            source: "shop/frontend", destination: "shop/db", port: 5432, transport: .tcp, namespaces: ["shop"],
            connections: 2
        )
        return [
            line(rejected, ["tbn1": counts(12, 720, total: 40, 2400), "tbn2": counts(3, 180, total: 3, 180)]),
            line(denied, ["tbn2": counts(4, 240, total: 9, 540)], explains: [flow]),
            line(own, ["tbn1": DropCounts(total: Counters(packets: 2, bytes: 80), window: nil, reason: .setBack)]),
            line(uncounted, ["tbn1": DropCounts(total: nil, window: nil, reason: .notCounted)]),
            line(own, ["tbn2": counts(0, 0, total: 7, 7)]),
        ]
    }

    private func point(
        _ chain: String,
        _ verdict: RuleVerdict,
        _ text: String,
        _ attribution: Attribution
    ) -> DropPoint {
        DropPoint(
            filter: .iptablesNFT, family: .ipv4, table: "filter", chain: chain, kind: .rule, verdict: verdict,
            text: text, attribution: attribution
        )
    }

    private func counts(_ packets: UInt64, _ bytes: UInt64, total: UInt64, _ totalBytes: UInt64) -> DropCounts {
        DropCounts(
            total: Counters(packets: total, bytes: totalBytes),
            window: Counters(packets: packets, bytes: bytes)
        )
    }

    private func line(_ point: DropPoint, _ nodes: [String: DropCounts], explains: [ExplainedFlow] = []) -> DropLine {
        let nodes = nodes.sorted { $0.key < $1.key }.map { DropLine.NodeCounts(name: $0.key, counts: $0.value) }
        let window = nodes.compactMap(\.counts.window).reduce(Counters?.none) { ($0 ?? .zero) + $1 }
        let total = nodes.compactMap(\.counts.total).reduce(Counters?.none) { ($0 ?? .zero) + $1 }
        return DropLine(
            point: point,
            counts: DropCounts(total: total, window: window, reason: nodes.first?.counts.reason),
            nodes: nodes,
            unmeasuredNodes: nodes.count { $0.counts.window == nil },
            isReachable: true,
            explains: explains
        )
    }

    /// Two nodes watched for five seconds, of which one has a full table.
    private var coverage: Coverage {
        var sources: [Coverage.Source] = []
        for (number, name) in ["tbn1", "tbn2"].enumerated() {
            var source = Coverage.Source(name: name, isNode: true)
            var collector = CollectorCoverage(hostName: name, kernelRelease: "6.18.0")
            collector.window = fiveSeconds
            collector.tableCount = number == 0 ? 65536 : 12
            collector.tableMaximum = 65536
            collector.insertFailed = 0
            collector.drop = number == 0 ? 17 : 0
            collector.earlyDrop = 0
            source.collector = collector
            var statistics = ConntrackStatistics()
            statistics.drop = number == 0 ? 90 : 0
            source.statistics = statistics
            var rules = RulesCoverage()
            rules.filters = ["iptables-nft", "nft"]
            rules.rules = 40
            rules.isOverWindow = true
            source.rules = rules
            sources.append(source)
        }
        return Coverage(sources: sources, inventoryNodes: ["tbn1", "tbn2", "tbn3"], subject: .drops)
    }

    private func report(isByNode: Bool = false, includesAll: Bool = false, top: Int? = nil) -> DropReport {
        DropReport(lines: lines, coverage: coverage, isByNode: isByNode, includesAll: includesAll, top: top)
    }

    private func printed(_ report: DropReport, _ format: OutputFormat) async throws -> String {
        var bytes: [UInt8] = []
        try await report.write(format, showsHeaders: true, parts: 2) { piece in
            for index in piece.indices { bytes.append(piece[index]) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("in every format: what was not measured is absent, empty or a dash", arguments: OutputFormat.allCases)
    func formats(_ format: OutputFormat) async throws {
        expectGolden(try await printed(report(), format), at: Self.goldens + format.rawValue)
    }

    @Test("places that dropped nothing within the window are counted, and listed only when asked for")
    func hitless() throws {
        #expect(report().lines.count == 4)
        #expect(DropText.omitted(report()) == "not listed: 1 place that dropped nothing (--all lists them)")
        #expect(report(includesAll: true).lines.count == 5)
        #expect(DropText.omitted(report(includesAll: true)) == nil)
        #expect(
            DropText.omitted(report(top: 1))
                == "not listed: 3 lines beyond --top; 1 place that dropped nothing (--all lists them)"
        )
    }

    @Test("tables that lost nothing are listed only when asked for")
    func losses() {
        #expect(report().losses.map(\.node) == ["tbn1"])
        #expect(report().losses.first?.isFull == true)
        #expect(report(includesAll: true).losses.map(\.node) == ["tbn1", "tbn2"])
    }

    @Test("the coverage tells whose rules were read")
    func summary() {
        #expect(
            CoverageText.summary(coverage)
                == "2 of 3 nodes, 5.0 s window; tbn3: nothing was given for it; 80 rules of iptables-nft, nft"
        )
    }

    @Test("rules that were read once, and those that could not be read, are told")
    func readOnce() {
        var source = Coverage.Source(name: "tbn1", isNode: true)
        var rules = RulesCoverage()
        rules.filters = ["iptables-legacy"]
        rules.rules = 1
        rules.failures = ["'nft' was stopped"]
        source.rules = rules
        #expect(
            CoverageText.summary(Coverage(sources: [source], inventoryNodes: [], subject: .drops))
                == "1 of 1 node; 1 rule of iptables-legacy; "
                + "rules read once: packets since their counters were last set back; tbn1: 'nft' was stopped"
        )
        source.rules = nil
        #expect(
            CoverageText.summary(Coverage(sources: [source], inventoryNodes: [], subject: .drops))
                == "0 of 1 node; tbn1: no packet filter's rules were read"
        )
    }
}

@Suite("Lines of drops in order, and those that are wanted")
struct DropLineTests {
    private func line(
        _ writer: Attribution.Writer,
        namespace: String? = nil,
        packets: UInt64? = nil,
        total: UInt64? = nil,
        explains: Set<String> = []
    ) -> DropLine {
        let subject = namespace.map { Attribution.Subject(kind: "NetworkPolicy", namespace: $0, name: "p") }
        return DropLine(
            point: DropPoint(
                filter: .iptablesNFT, family: .ipv4, table: "filter", chain: "c", kind: .rule, verdict: .drop, text: "",
                attribution: Attribution(writer: writer, subject: subject)
            ),
            counts: DropCounts(
                total: total.map { Counters(packets: $0, bytes: $0) },
                window: packets.map { Counters(packets: $0, bytes: $0) }
            ),
            nodes: [],
            unmeasuredNodes: 0,
            isReachable: true,
            explains: explains.isEmpty
                ? []
                : [
                    ExplainedFlow(
                        source: "a", destination: "b", port: 80, transport: .tcp, namespaces: explains, connections: 1)
                ]
        )
    }

    @Test("by packets, those of the window before those in total only where no window was measured; unknown last")
    func packets() {
        let lines = [line(.unknown), line(.kubelet, packets: 3, total: 90), line(.calico, total: 7)]
        let order = DropOrder(key: .packets, isReversed: false)
        #expect(order.sorted(lines).map(\.point.attribution.writer) == [.calico, .kubelet, .unknown])
        let reversed = DropOrder(key: .packets, isReversed: true)
        #expect(reversed.sorted(lines).map(\.point.attribution.writer) == [.kubelet, .calico, .unknown])
    }

    @Test("by name from A, those without a name last, equal ones as they were")
    func names() {
        let lines = [line(.unknown), line(.kubelet, namespace: "b"), line(.calico, namespace: "a")]
        let order = DropOrder(key: .for, isReversed: false)
        #expect(order.sorted(lines).map(\.point.attribution.writer) == [.calico, .kubelet, .unknown])
        #expect(DropOrder(key: .chain, isReversed: true).sorted(lines).count == 3)
    }

    @Test("of a namespace are the rules for it, and those that explain connections of it")
    func namespace() {
        var filter = DropFilter()
        filter.namespace = { $0 == "shop" }
        let lines = [
            line(.calico, namespace: "shop"), line(.kubeProxy, explains: ["shop", "web"]),
            line(.kubelet, namespace: "web"), line(.unknown),
        ]
        #expect(filter.accepted(lines).map(\.point.attribution.writer) == [.calico, .kubeProxy])
    }

    @Test("of a writer or a verdict are those that it is wanted of, in their order")
    func writers() {
        var filter = DropFilter()
        filter.writer = { $0 != .kubelet }
        let lines = [line(.unknown), line(.kubelet), line(.calico)]
        #expect(filter.accepted(lines).map(\.point.attribution.writer) == [.unknown, .calico])
        filter.act = { $0 == "REJECT" }
        #expect(filter.accepted(lines).isEmpty)
    }
}
