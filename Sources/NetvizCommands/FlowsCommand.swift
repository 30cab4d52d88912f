import ArgumentParser
import FlowGraph
import Rendering

/// `kubectl netviz flows`.
struct FlowsCommand: ParsableCommand, ContextualCommand {
    static let configuration = CommandConfiguration(
        commandName: "flows",
        abstract: "Show who talks to whom, how much, and how well.",
        usage: """
            kubectl netviz flows [flags]
            kubectl netviz flows --local [--inventory FILE ...] [flags]
            kubectl netviz flows --from [NODE=]FILE ... [--inventory FILE ...] [flags]
            """,
        discussion: """
            Every connection is counted once, however many nodes saw it, and is shown from the client to the server \
            that really answered, with the Service that the client dialled. Repeating a flag gives alternatives, \
            different flags must all hold, and a value that begins with '!' excludes.

            Examples:
              # In the whole cluster of the kubeconfig, within five seconds
              kubectl netviz flows

              # What this machine talks to, watched for ten seconds
              sudo kubectl netviz flows --local --window 10s

              # Record what happens here, and look at it again later, elsewhere
              sudo kubectl netviz flows --local --inventory objects.json --record run.bundle
              kubectl netviz flows --from run.bundle --group-by pod

              # A node's table, with names from the cluster
              ssh node1 sudo conntrack -L -o extended |
                  kubectl netviz flows --from node1=- --inventory objects.json

              # Who talks to the database, by pod
              kubectl netviz flows --from node1=n1.txt --from node2=n2.txt \\
                  --inventory objects.json --to-service shop/db --group-by pod

              # The ten largest flows that leave the namespace shop, as JSON
              kubectl netviz flows --from n1.txt --inventory objects.json \\
                  --from-namespace shop --to-namespace '!shop' --top 10 -o json
            """
    )

    @OptionGroup(title: "Input") var input: InputOptions
    @OptionGroup(title: "Window and this machine") var local: LocalOptions
    @OptionGroup(title: "Collectors") var collectors: CollectorFlags
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Recording") var recording: RecordingOptions
    @OptionGroup(title: "Output") var output: OutputOptions<FlowOutput>
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
        let flows = await FlowSet.sum(
            observation.connections,
            by: grouping,
            filter: filter,
            includesAll: output.all,
            parts: cores
        )
        let report = FlowReport(
            flows: flows,
            coverage: observation.coverage,
            order: FlowOrder(key: order.key, isReversed: order.isReversed),
            top: top
        )
        try await report.write(format, showsHeaders: !output.noHeaders, parts: cores, to: context.output)
        if !format.holdsCoverage { observation.coverage.tell(report.listing, in: context) }
        context.keep(report)
        try observation.conclude(minimumCoverage: minimum, in: context)
    }
}

/// What `flows` can print.
enum FlowOutput: OutputChoices {
    typealias Format = OutputFormat
    typealias Key = FlowOrder.Key
    static let standardFormat = OutputFormat.table
    static let standardKey = FlowOrder.Key.bytes
    static let standardGroup = Grouping.workload
    static let groups = Grouping.allCases

    static let formatHelp = "table, wide, json, yaml, ndjson or csv."
    static let groupingHelp =
        "Sum connections by connection (no sum), pod, workload, service, namespace, node or zone."
    static let keyHelp =
        "bytes, sent, received, packets, rate, connections, new, failed, duration, source, destination, service, port or protocol; numbers largest first, names from A; '-' before it reverses."
    static let topHelp = "List only the first so many flows."
    static let allHelp =
        "List kubelet probes, connections idle throughout the window, overlays' outer flows and legs to a pod's own proxy too."
}
