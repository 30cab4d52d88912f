import ArgumentParser

/// The cluster that is asked, and how.
struct ClusterFlags: Sendable {
    var connection: ConnectionOptions
    var collectors: CollectorFlags
}

/// How collectors are brought to a cluster's nodes.
struct CollectorFlags: ParsableArguments {
    @Option(
        name: .customLong("collector-image"),
        parsing: .unconditional,
        help: ArgumentHelp(
            "The image of the collectors' pods, with conntrack and iptables-save in it; auto takes that of kube-proxy, which the nodes run already.",
            valueName: "image"
        )
    )
    var image = "auto"

    @Option(
        name: .customLong("image-pull-policy"),
        parsing: .unconditional,
        help: ArgumentHelp("Always, IfNotPresent or Never.", valueName: "policy")
    )
    var pullPolicy = "IfNotPresent"

    @Option(
        name: .customLong("image-pull-secret"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A secret of the collectors' namespace to pull the image with.", valueName: "name")
    )
    var pullSecrets: [String] = []

    @Option(
        name: .customLong("collector-namespace"),
        parsing: .unconditional,
        help: ArgumentHelp(
            "The namespace of the collectors' pods. (default: NETVIZ_COLLECTOR_NAMESPACE, or netviz where there is one, or the context's)",
            valueName: "name"
        )
    )
    var namespace: String?

    @Option(
        name: .customLong("node-selector"),
        parsing: .unconditional,
        help: ArgumentHelp("Only nodes with these labels get a collector, for example pool=web.", valueName: "selector")
    )
    var nodeSelector: String?

    @Flag(
        name: .customLong("privileged"),
        help: "Run the collectors privileged, for clusters where NET_ADMIN and NET_RAW are not enough."
    )
    var isPrivileged = false

    @Option(
        name: .customLong("start-timeout"),
        parsing: .unconditional,
        help: ArgumentHelp("How long is waited for the collectors to run.", valueName: "duration")
    )
    var startTimeout = "60s"

    @Option(
        name: .customLong("chunk-size"),
        parsing: .unconditional,
        help: ArgumentHelp("Objects that are listed at a time; 0 lists all at once.", valueName: "number")
    )
    var chunkSize = 500

    @Flag(
        name: .customLong("rules"),
        help:
            "Read the packet filters' rules of the cluster's nodes too, so that verdicts tell what a rule dropped; drops and --record always do."
    )
    var wantsRules = false
}
