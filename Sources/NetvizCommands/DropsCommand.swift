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
    @OptionGroup(title: "This machine") var local: LocalOptions
    @OptionGroup(title: "Recording") var recording: RecordingOptions
    @OptionGroup(title: "Output") var output: DropOutputOptions
    @OptionGroup(title: "Filters") var filters: DropFilterOptions

    func run(in context: CommandContext) async throws {
        let format = try ParsedValues.format(output.output)
        let isByNode = try output.isByNode
        let order = try output.order
        let top = try output.top.map(ParsedValues.top)
        let minimum = try input.minimumCoverage.map(ParsedValues.share)
        let filter = try filters.filter()
        let nodes = try filters.nodes()
        let request = try Observation.request(
            input, local, recording, of: Self.configuration.commandName ?? "", in: context)

        let observation = try await Observation.read(request, parts: Processors.count, about: .drops, in: context)
        let wanted = observation.drops.filter { drops in nodes.accepts { $0.matches(drops.name) } }
        let lines = DropLines.lines(
            DropSet(wanted),
            of: wanted,
            explained: observation.explanations.flows(of: wanted),
            isByNode: isByNode
        )
        let report = DropReport(
            lines: order.sorted(lines.filter(filter.accepts)),
            coverage: observation.coverage,
            isByNode: isByNode,
            includesAll: output.all,
            top: top
        )
        try report.write(format, showsHeaders: !output.noHeaders, to: context.output)
        tellCoverage(report, format: format, in: context)
        try observation.conclude(minimumCoverage: minimum, in: context)
    }

    private func tellCoverage(_ report: DropReport, format: OutputFormat, in context: CommandContext) {
        guard !format.holdsCoverage else { return }
        if report.lines.isEmpty, report.coverage.isAnythingObserved { context.tell("No drops found.") }
        context.tell(CoverageText.summary(report.coverage))
        if let omitted = DropText.omitted(report) { context.tell(omitted) }
    }
}
