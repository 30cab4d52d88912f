import ArgumentParser
import Drops
import FlowGraph
import Rendering

/// `kubectl netviz drops`.
struct DropsCommand: ParsableCommand, ContextualCommand {
    static let configuration = CommandConfiguration(
        commandName: "drops",
        abstract: "Show what the nodes drop and reject, who asked for it, and which connections it explains.",
        usage: """
            kubectl netviz drops [flags]
            kubectl netviz drops --local [--inventory FILE ...] [flags]
            kubectl netviz drops --from [NODE=]FILE ... [--inventory FILE ...] [flags]
            """,
        discussion: """
            Rules, chain policies and set elements of the nodes' packet filters (iptables-legacy, iptables-nft, nft) \
            that drop or reject packets, with the packets that they were applied to: within the window, and in total \
            since their counters were last set back. Who wrote a rule, and for which policy, Service or pod, is read \
            from its chain's name and its comment. Below stands what connection tracking tables lost. Drops within \
            eBPF programs or Open vSwitch (Cilium, Calico's eBPF mode, Antrea, OVN-Kubernetes, the AWS network policy \
            agent) leave no trace here.

            Examples:
              # In the whole cluster of the kubeconfig, within five seconds
              kubectl netviz drops

              # What this machine drops within ten seconds
              sudo kubectl netviz drops --local --window 10s

              # From the rules of two nodes, as they were printed there
              ssh node1 sudo iptables-save -c > n1.txt
              ssh node2 sudo nft -j list ruleset > n2.json
              kubectl netviz drops --from node1=n1.txt --from node2=n2.json --inventory objects.json

              # Which policy stands between the shop and its database
              kubectl netviz drops --from run.bundle -n shop
            """
    )

    @OptionGroup(title: "Input") var input: InputOptions
    @OptionGroup(title: "Window and this machine") var local: LocalOptions
    @OptionGroup(title: "Collectors") var collectors: CollectorFlags
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Recording") var recording: RecordingOptions
    @OptionGroup(title: "Output") var output: OutputOptions<DropOutput>
    @OptionGroup(title: "Filters") var filters: DropFilterOptions

    func run(in context: CommandContext) async throws {
        let format = try output.format()
        let isByNode = try output.grouping() == .node
        let order = try output.order()
        let top = try output.listedAtMost()
        let minimum = try input.minimumCoverage.map(ParsedValues.share)
        let filter = try filters.filter()
        let nodes = try filters.nodes()
        let request = try Observation.request(
            input, local, recording, ClusterFlags(connection: connection, collectors: collectors), wantsRules: true,
            in: context)

        let observation = try await Observation.read(request, parts: Processors.count, about: .drops, in: context)
        let wanted = observation.drops.filter { drops in nodes.accepts { $0.matches(drops.name) } }
        let lines = DropLines.lines(
            DropSet(wanted),
            of: wanted,
            explained: observation.explanations.flows(of: wanted),
            isByNode: isByNode
        )
        let report = DropReport(
            lines: DropOrder(key: order.key, isReversed: order.isReversed).sorted(filter.accepted(lines)),
            coverage: observation.coverage,
            isByNode: isByNode,
            includesAll: output.all,
            top: top,
            isWanted: { name in nodes.accepts { $0.matches(name) } }
        )
        try await report.write(
            format, showsHeaders: !output.noHeaders, parts: Processors.count, to: context.output)
        if !format.holdsCoverage { tellCoverage(report, in: context) }
        try observation.conclude(minimumCoverage: minimum, in: context)
    }

    private func tellCoverage(_ report: DropReport, in context: CommandContext) {
        if report.lines.isEmpty, report.coverage.isAnythingObserved { context.tell("No drops found.") }
        context.tell(CoverageText.summary(report.coverage))
        if let omitted = DropText.omitted(report) { context.tell(omitted) }
    }
}

/// What `drops` can print.
enum DropOutput: OutputChoices {
    enum Group: String, CaseIterable { case rule, node }
    typealias Format = OutputFormat
    typealias Key = DropOrder.Key
    static let standardFormat = OutputFormat.table
    static let standardKey = DropOrder.Key.packets
    static let standardGroup = Group.rule
    static let groups = Group.allCases

    static let formatHelp = "table, wide, json, yaml, ndjson or csv."
    static let groupingHelp = "rule sums a rule over all nodes that have it, node keeps them apart."
    static let keyHelp =
        "packets, bytes, total, connections, writer, for, chain or node; numbers largest first, names from A; '-' before it reverses."
    static let topHelp = "List only the first so many."
    static let allHelp = "List rules that dropped nothing, and tables that lost nothing, too."
}
