import ArgumentParser
import CollectorPods
import KubernetesClient
import TerminalText

/// `kubectl netviz cleanup`.
struct CleanupCommand: ParsableCommand, ContextualCommand {
    static let configuration = CommandConfiguration(
        commandName: "cleanup",
        abstract: "Remove what runs left on the cluster that could not do so themselves.",
        usage: "kubectl netviz cleanup [--collector-namespace NAME] [--live] [flags]",
        discussion: """
            A run removes its pods when it ends, and the cluster removes those of a run that was killed within two \
            minutes. What remains where the cluster could not is removed by the next run, or by this command: pods and \
            Jobs with the label netviz.dev/run.

            Examples:
              # In all namespaces, what runs left that are over
              kubectl netviz cleanup

              # What runs that may be under way have made, too
              kubectl netviz cleanup --collector-namespace netviz --live
            """
    )

    @Option(
        name: .customLong("collector-namespace"),
        parsing: .unconditional,
        help: ArgumentHelp("Only in this namespace. (default: all)", valueName: "name")
    )
    var namespace: String?

    @Flag(name: .customLong("live"), help: "End runs that seem to be under way, too.")
    var includesLive = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(in context: CommandContext) async throws {
        guard namespace != "" else { throw NetvizError(.usage, "--collector-namespace names no namespace") }
        let client = try ClusterConnection.open(connection.overrides(), in: context)
        let findings: Leftovers.Findings
        do throws(ClusterError) {
            findings = try await Leftovers.sweep(
                namespace, by: client, clock: context.clock, includesLive: includesLive)
        } catch {
            guard namespace == nil, error.status == 403 else { throw NetvizError(error) }
            throw NetvizError(
                .cluster, NetvizError(error).message,
                remedy: "Name the namespace to look into with --collector-namespace.")
        }
        var text = ""
        for object in findings.removed { text += "\(PrintableText.escaped(object)) removed\n" }
        if text.isEmpty, findings.failed.isEmpty { text = "Nothing to remove.\n" }
        try context.output(Array(text.utf8).span)
        for object in findings.live {
            context.tell("left: \(PrintableText.escaped(object)): its run may be under way (--live removes it, too)")
        }
        guard findings.failed.isEmpty else {
            throw NetvizError(
                .cluster, "not removed: " + findings.failed.map(PrintableText.escaped).joined(separator: "; "))
        }
    }
}
