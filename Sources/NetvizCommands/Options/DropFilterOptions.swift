import ArgumentParser
import Drops
import FlowGraph

/// Which places that drop are wanted.
struct DropFilterOptions: ParsableArguments {
    @Option(
        name: [.customShort("n"), .customLong("namespace")],
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Namespaces: a name or a glob. Of what the rule is for, or of either end of a connection that it explains.",
            valueName: "ns"
        )
    )
    var namespace: [String] = []

    @Flag(name: [.customShort("A"), .customLong("all-namespaces")], help: "All namespaces, as without -n.")
    var allNamespaces = false

    @Option(
        name: .customLong("node"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Nodes: a name or a glob.", valueName: "node")
    )
    var node: [String] = []

    @Option(
        name: .customLong("writer"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Who wrote the rule: \(Attribution.Writer.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "writer"
        )
    )
    var writer: [String] = []

    @Option(
        name: .customLong("verdict"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("DROP or REJECT.", valueName: "verdict")
    )
    var verdict: [String] = []

    func filter() throws(NetvizError) -> DropFilter {
        var filter = DropFilter()
        let namespaces = try FilterOptions.patterns(allNamespaces ? [] : namespace, flag: "--namespace")
        if !namespaces.isOpen {
            filter.namespace = { name in namespaces.accepts { $0.matches(name) } }
        }
        let writers = try FilterOptions.choice(writer) { value throws(NetvizError) in
            try FilterOptions.named(value, flag: "--writer", value.lowercased(), Attribution.Writer.init(rawValue:))
        }
        filter.writer = { writer in writers.accepts { $0 == writer } }
        let acts = try FilterOptions.choice(verdict) { value throws(NetvizError) in
            guard ["DROP", "REJECT"].contains(value.uppercased()) else {
                throw ParsedValues.unknown(value, flag: "--verdict", allowed: ["DROP", "REJECT"])
            }
            return value.uppercased()
        }
        filter.act = { act in acts.accepts { $0 == act } }
        return filter
    }

    func nodes() throws(NetvizError) -> FlowFilter.Choice<NamePattern> {
        try FilterOptions.patterns(node, flag: "--node")
    }
}
