import ArgumentParser
import Drops
import Rendering

/// How drops are summed, sorted and printed.
struct DropOutputOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        parsing: .unconditional,
        help: ArgumentHelp("table, wide, json, yaml, ndjson or csv.", valueName: "format")
    )
    var output: String = OutputFormat.table.rawValue

    @Option(
        name: .customLong("group-by"),
        parsing: .unconditional,
        help: ArgumentHelp("rule sums a rule over all nodes that have it, node keeps them apart.", valueName: "what")
    )
    var groupBy: String = Summing.rule.rawValue

    @Option(
        name: .customLong("sort-by"),
        parsing: .unconditional,
        help: ArgumentHelp(
            "packets, bytes, total, connections, writer, for, chain or node; numbers largest first, names from A; '-' before it reverses.",
            valueName: "what"
        )
    )
    var sortBy: String = DropOrder.Key.packets.rawValue

    @Option(
        name: .customLong("top"),
        parsing: .unconditional,
        help: ArgumentHelp("List only the first so many.", valueName: "count")
    )
    var top: String?

    @Flag(name: .customLong("no-headers"), help: "Print no header line.")
    var noHeaders = false

    @Flag(name: .customLong("all"), help: "List rules that dropped nothing, and tables that lost nothing, too.")
    var all = false

    private enum Summing: String, CaseIterable { case rule, node }

    /// Whether each node's share is a line of its own.
    var isByNode: Bool {
        get throws(NetvizError) {
            guard let summing = Summing(rawValue: groupBy) else {
                throw ParsedValues.unknown(groupBy, flag: "--group-by", allowed: Summing.allCases.map(\.rawValue))
            }
            return summing == .node
        }
    }

    var order: DropOrder {
        get throws(NetvizError) {
            let (key, isReversed) = try ParsedValues.sortKey(sortBy, DropOrder.Key.self)
            return DropOrder(key: key, isReversed: isReversed)
        }
    }
}
