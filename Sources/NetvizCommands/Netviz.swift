import ArgumentParser
import Glibc
import Rendering
import TerminalText

/// `kubectl netviz`: the root of all commands.
struct Netviz: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kubectl netviz",
        abstract: "Show who talks to whom in a Kubernetes cluster, how much, and how well.",
        discussion: """
            Reads the connection tracking tables of the cluster's nodes and names both ends of every connection by \
            what the cluster calls them. What was observed, and what could not be, is said with every result.

            Exit codes: 0 success; 2 usage, configuration or a bad input file; 3 too little was observed; 5 the cluster \
            refused or could not be reached; 130 interrupted, after cleaning up.
            """,
        version: Version.text,
        subcommands: [
            FlowsCommand.self, MetricsCommand.self, DropsCommand.self, DoctorCommand.self, CleanupCommand.self,
            VersionCommand.self,
        ]
    )
}

/// Runs the command line and tells how it ended.
package enum CommandLineEntry {
    /// Runs a command with the process's own files and streams.
    ///
    /// - Parameter commandLine: the program's name and its arguments; Swift reads them from /proc/self/cmdline, and they are
    ///   empty where that is not there.
    /// - Returns: the exit code.
    package static func run(commandLine: [String]) async -> Int32 {
        StandardStreams.reserveClosed()
        guard !commandLine.isEmpty else {
            StandardStreams.tell("error: /proc is not mounted, so the command line cannot be read")
            return ExitCode.usage
        }
        // A reader that closes the pipe (`| head`) ends the program as it does any other, even when whoever started
        // it ignores the signal.
        signal(SIGPIPE, SIG_DFL)
        var context = CommandContext(
            check: { path throws(NetvizError) in try FileStream.check(path: path) },
            open: { path throws(NetvizError) in
                let stream = try FileStream(path: path)
                return { buffer in try stream.read(into: &buffer) }
            },
            record: { path, inputs throws(NetvizError) in try RecordingFile(path: path, inputs: inputs) },
            output: { bytes in try StandardStreams.write(bytes) },
            tell: { line in StandardStreams.tell(line) },
            keep: { value in ProcessLifetime.keep(value) },
            runLocalCollector: { body async throws(NetvizError) in try await LocalCollector.run(body) },
            hostName: { ThisMachine.name },
            clock: { ThisMachine.clock }
        )
        if isatty(STDERR_FILENO) == 1 {
            context.progress = ProgressLine(columns: { StandardStreams.columns }) { StandardStreams.write(error: $0) }
        }
        return await run(Array(commandLine.dropFirst()), in: context)
    }

    /// Runs a command in a context.
    package static func run(_ arguments: [String], in context: CommandContext) async -> Int32 {
        do {
            var command = try Netviz.parseAsRoot(PflagSpelling.normalized(arguments))
            if let contextual = command as? any ContextualCommand {
                try await contextual.run(in: context)
            } else {
                // Help, which the parser makes a command of its own: it throws the text that is asked for.
                try command.run()
            }
            return ExitCode.success
        } catch {
            return tell(error, of: arguments, in: context)
        }
    }

    private static func tell(_ error: any Error, of arguments: [String], in context: CommandContext) -> Int32 {
        if let failure = failure(error) {
            failure.tell(context.tell)
            return ExitCode.of(failure.code)
        }
        // Help and version are what was asked for, not failures.
        if Netviz.exitCode(for: error).isSuccess {
            do {
                try write(Netviz.fullMessage(for: error), to: context)
                return ExitCode.success
            } catch {
                return tell(error, of: arguments, in: context)
            }
        }
        context.tell("error: " + PrintableText.escapedLines(Netviz.message(for: error)))
        context.tell("See '\(commandLine(arguments)) -h' for help and examples.")
        return ExitCode.usage
    }

    /// What to type before `-h` for the help on a command line: the command of it, if it names one.
    private static func commandLine(_ arguments: [String]) -> String {
        let names = Netviz.configuration.subcommands.compactMap { $0.configuration.commandName }
        let named = arguments.first.flatMap { names.contains($0) ? " " + $0 : nil }
        return "kubectl netviz" + (named ?? "")
    }

    private static func failure(_ error: any Error) -> NetvizError? {
        (error as? NetvizError) ?? OutputFailure.cause(of: error)
    }

    private static func write(_ text: String, to context: CommandContext) throws {
        let bytes = Array((text.hasSuffix("\n") ? text : text + "\n").utf8)
        try context.output(bytes.span)
    }
}
