import ArgumentParser

/// `kubectl netviz doctor`.
struct DoctorCommand: ParsableCommand, ContextualCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check what a run over the cluster needs, and say what helps where it is missing.",
        usage: "kubectl netviz doctor [-o json] [flags]",
        discussion: """
            Looks at the kubeconfig and the identity, the API server and its version, permissions, the admission of \
            collectors' pods, the nodes and the image. No pod is created. The exit code is 5 when a run would not work.

            Examples:
              kubectl netviz doctor
              kubectl netviz doctor --context prod --collector-namespace netviz -o json
            """
    )

    @Option(
        name: [.customShort("o"), .customLong("output")],
        parsing: .unconditional,
        help: ArgumentHelp("table or json.", valueName: "format")
    )
    var format = "table"

    @OptionGroup(title: "Collectors") var collectors: CollectorFlags
    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(in context: CommandContext) async throws {
        guard format == "table" || format == "json" else {
            throw NetvizError(
                .usage,
                "unable to match a printer suitable for the output format \(ParsedValues.quoted(format)), allowed formats are: json,table"
            )
        }
        let plan = try ClusterPlan(connection, collectors, window: 0, wantsRules: false)
        let examination = await Examination.run(plan, in: context)
        let text = format == "json" ? examination.document : examination.table
        try context.output(Array(text.utf8).span)
        if examination.isHopeless {
            throw NetvizError(.cluster, "a run over this cluster would not work")
        }
    }
}
