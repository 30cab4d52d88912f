import ArgumentParser

/// `kubectl netviz version`.
struct VersionCommand: ParsableCommand, ContextualCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print the version of this program."
    )

    func run(in context: CommandContext) throws {
        let line = Array("kubectl-netviz \(Version.text)\n".utf8)
        try context.output(line.span)
    }
}
