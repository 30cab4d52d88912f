import ArgumentParser

/// Which connections are wanted, by their ends and by what became of them.
///
/// For every property of an end there are three flags: of the client (`--from-X`), of the server (`--to-X`), and of
/// either (`--X`).
struct FilterOptions: ParsableArguments {
    @Option(
        name: .customLong("pod"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Pods: [ns/]prefix or a glob.", valueName: "[ns/]prefix")
    )
    var eitherPod: [String] = []

    @Option(
        name: .customLong("from-pod"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("The same, of the client only.", valueName: "[ns/]prefix")
    )
    var fromPod: [String] = []

    @Option(
        name: .customLong("to-pod"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("The same, of the server only.", valueName: "[ns/]prefix")
    )
    var toPod: [String] = []

    @Option(
        name: [.customShort("n"), .customLong("namespace")],
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Namespaces: a name or a glob.", valueName: "ns")
    )
    var eitherNamespace: [String] = []

    @Option(
        name: .customLong("from-namespace"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("The same, of the client only.", valueName: "ns")
    )
    var fromNamespace: [String] = []

    @Option(
        name: .customLong("to-namespace"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("The same, of the server only.", valueName: "ns")
    )
    var toNamespace: [String] = []

    @Option(
        name: .customLong("workload"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Workloads: [ns/]prefix or a glob.", valueName: "[ns/]prefix")
    )
    var eitherWorkload: [String] = []

    @Option(
        name: .customLong("from-workload"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("The same, of the client only.", valueName: "[ns/]prefix")
    )
    var fromWorkload: [String] = []

    @Option(
        name: .customLong("to-workload"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("The same, of the server only.", valueName: "[ns/]prefix")
    )
    var toWorkload: [String] = []

    @Option(
        name: .customLong("service"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Services dialled, or that the end stands behind: [ns/]name or a glob.", valueName: "[ns/]name")
    )
    var eitherService: [String] = []

    @Option(
        name: .customLong("from-service"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("The same, of the client only.", valueName: "[ns/]name")
    )
    var fromService: [String] = []

    @Option(
        name: .customLong("to-service"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("The same, of the server only.", valueName: "[ns/]name")
    )
    var toService: [String] = []

    @Option(
        name: [.customShort("l"), .customLong("label"), .customLong("selector")],
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Pods by a label selector, as kubectl -l.", valueName: "selector")
    )
    var eitherLabel: [String] = []

    @Option(
        name: .customLong("from-label"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("The same, of the client only.", valueName: "selector")
    )
    var fromLabel: [String] = []

    @Option(
        name: .customLong("to-label"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("The same, of the server only.", valueName: "selector")
    )
    var toLabel: [String] = []

    @Option(
        name: .customLong("ip"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Addresses: one, or a network in CIDR form.", valueName: "cidr")
    )
    var eitherIp: [String] = []

    @Option(
        name: .customLong("from-ip"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("The same, of the client only.", valueName: "cidr")
    )
    var fromIp: [String] = []

    @Option(
        name: .customLong("to-ip"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("The same, of the server only.", valueName: "cidr")
    )
    var toIp: [String] = []

    @Option(
        name: .customLong("port"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Ports.", valueName: "port")
    )
    var eitherPort: [String] = []

    @Option(
        name: .customLong("from-port"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("The same, of the client only.", valueName: "port")
    )
    var fromPort: [String] = []

    @Option(
        name: .customLong("to-port"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("The same, of the server only.", valueName: "port")
    )
    var toPort: [String] = []

    @Option(
        name: .customLong("protocol"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("TCP, UDP, ICMP, ICMPv6, SCTP, … or a protocol number.", valueName: "name")
    )
    var transport: [String] = []

    @Option(
        name: .customLong("verdict"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("ACCEPT, DROP, REJECT, NO_REPLY, REFUSED or UNKNOWN.", valueName: "verdict")
    )
    var verdict: [String] = []

    @Option(
        name: .customLong("outcome"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("carried, opened, closed, refused, unanswered or idle.", valueName: "outcome")
    )
    var outcome: [String] = []

    @Option(
        name: .customLong("node"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "The node of either end, or one that observed the connection: a name or a glob.", valueName: "name")
    )
    var node: [String] = []

    @Flag(
        name: [.customShort("A"), .customLong("all-namespaces")],
        help: "The whole cluster, which is what is shown without -n."
    )
    var allNamespaces = false
}
