import ArgumentParser
import FlowGraph
import Rendering

/// `kubectl netviz metrics`.
struct MetricsCommand: ParsableCommand, ContextualCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Measure every pair that talks: rates, errors, ports, activity.",
        usage: """
            kubectl netviz metrics [flags]
            kubectl netviz metrics --local [--inventory FILE...] [flags]
            kubectl netviz metrics --from [NODE=]FILE... [--inventory FILE...] [flags]
            """,
        discussion: """
            One line, or one JSON key "source→destination", for each pair of ends, over all ports, protocols and \
            services. Every connection is counted once, idle ones included. ERRORS are the dials that were refused or \
            not answered, of all dials within the window; where a node could not see refused ones it is not told. \
            ACTIVE says whether anything passed within the window. What was not measured is left out, never zero.

            Examples:
              # In the whole cluster of the kubeconfig, within five seconds
              kubectl netviz metrics

              # The error rate of everything that this machine dials within half a minute
              sudo kubectl netviz metrics --local --window 30s --sort-by errors

              # Between two nodes' workloads, from recorded tables, as JSON
              kubectl netviz metrics --from node1=n1.txt --from node2=n2.txt \\
                  --inventory objects.json -o json

              # For Prometheus: a file that node_exporter's textfile collector reads
              sudo kubectl netviz metrics --local -o prometheus > netviz.prom

              # What the namespace shop sends to other namespaces, the ten largest pairs
              kubectl netviz metrics --from n1.txt --inventory objects.json \\
                  --from-namespace shop --to-namespace '!shop' --top 10
            """
    )

    @OptionGroup(title: "Input") var input: InputOptions
    @OptionGroup(title: "Window and this machine") var local: LocalOptions
    @OptionGroup(title: "Collectors") var collectors: CollectorFlags
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Recording") var recording: RecordingOptions
    @OptionGroup(title: "Output") var output: OutputOptions<MetricOutput>
    @OptionGroup(title: "Filters") var filters: FilterOptions

    func run(in context: CommandContext) async throws {
        let format = try output.format()
        let grouping = try output.grouping()
        let order = try output.order()
        let top = try output.listedAtMost()
        let minimum = try input.minimumCoverage.map(ParsedValues.share)
        let filter = try filters.filter()
        let request = try Observation.request(
            input, local, recording, ClusterFlags(connection: connection, collectors: collectors), in: context)

        let cores = Processors.count
        let observation = try await Observation.read(request, parts: cores, in: context)
        let metrics = await MetricSet.sum(
            observation.connections,
            by: grouping,
            coverage: observation.coverage,
            filter: filter,
            includesAll: output.all,
            parts: cores
        )
        let report = MetricReport(
            metrics: metrics,
            coverage: observation.coverage,
            order: MetricOrder(key: order.key, isReversed: order.isReversed),
            top: top
        )
        try await report.write(format, showsHeaders: !output.noHeaders, parts: cores, to: context.output)
        if !format.holdsCoverage { observation.coverage.tell(report.listing, in: context) }
        context.keep(report)
        try observation.conclude(minimumCoverage: minimum, in: context)
    }
}

/// What `metrics` can print.
enum MetricOutput: OutputChoices {
    typealias Format = MetricFormat
    typealias Key = MetricOrder.Key
    static let standardFormat = MetricFormat.table
    static let standardKey = MetricOrder.Key.bytes
    /// Of a single connection there are no metrics.
    static let standardGroup = Grouping.workload
    static let groups = Grouping.allCases.filter { $0 != .connection }

    static let formatHelp = "table, wide, json, yaml, ndjson, csv or prometheus."
    static let groupingHelp = "What the ends of a pair are: pod, workload, service, namespace, node or zone."
    static let keyHelp =
        "bytes, rate, packets, connections, errors, source or destination; numbers largest first, names from A; '-' before it reverses."
    static let topHelp = "List only the first so many pairs."
    static let allHelp = "Count kubelet probes, overlays' outer flows and legs to a pod's own proxy too."
}
