import ArgumentParser

/// Where connections and names come from.
struct InputOptions: ParsableArguments {
    @Option(
        name: .customLong("from"),
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Bundles that --record wrote; as text conntrack tables or events of nodes ('conntrack -L' or '-E' with any -o, /proc/net/nf_conntrack), their packet filters' rules ('iptables-save -c', 'iptables -L -n -v -x', 'nft -j list ruleset') and 'conntrack -S'.",
            discussion:
                "Say which node a file is of with NODE=FILE; a bundle names its nodes itself. What a file holds is told by its content. '-' is standard input.",
            valueName: "[node=]file"
        )
    )
    var from: [String] = []

    @Option(
        name: .customLong("inventory"),
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "What 'kubectl get nodes,pods,services,endpointslices,replicasets,jobs -A -o json' wrote, in any number of files.",
            valueName: "file"
        )
    )
    var inventory: [String] = []

    @Option(
        name: .customLong("min-coverage"),
        parsing: .unconditional,
        help: ArgumentHelp("Exit with 3 when fewer of the nodes were observed, for example 90%.", valueName: "percent")
    )
    var minimumCoverage: String?
}
