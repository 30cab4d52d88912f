import ArgumentParser
import FlowGraph
import Rendering

/// How flows are summed, sorted and printed.
struct OutputOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        parsing: .unconditional,
        help: ArgumentHelp("table, wide, json, yaml, ndjson or csv.", valueName: "format")
    )
    var output: String = OutputFormat.table.rawValue

    @Option(
        name: .customLong("group-by"),
        parsing: .unconditional,
        help: ArgumentHelp(
            "Sum connections by connection (no sum), pod, workload, service, namespace, node or zone.",
            valueName: "what"
        )
    )
    var groupBy: String = Grouping.workload.rawValue

    @Option(
        name: .customLong("sort-by"),
        parsing: .unconditional,
        help: ArgumentHelp(
            "bytes, sent, received, packets, rate, connections, new, failed, duration, source, destination, service, port or protocol; numbers largest first, names from A; '-' before it reverses.",
            valueName: "what"
        )
    )
    var sortBy: String = FlowOrder.Key.bytes.rawValue

    @Option(
        name: .customLong("top"),
        parsing: .unconditional,
        help: ArgumentHelp("List only the first so many flows.", valueName: "count")
    )
    var top: String?

    @Flag(name: .customLong("no-headers"), help: "Print no header line.")
    var noHeaders = false

    @Flag(
        name: .customLong("all"),
        help:
            "List kubelet probes, connections idle throughout the window, overlays' outer flows and legs to a pod's own proxy too."
    )
    var all = false
}
