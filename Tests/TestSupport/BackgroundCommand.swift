import Subprocess

/// A command that runs while the body of ``withBackgroundCommand`` does.
package struct BackgroundCommand: Sendable {
    /// Its process, which leads a process group of the same number.
    package let processID: Int32
}

/// Runs a command in the background while `body` runs, then ends its process group with `stopSignal` and returns
/// what it wrote.
///
/// When `body` throws, or the task is cancelled, the process group is killed.
/// - Parameters:
///   - executable: a path, or a name to look up in `PATH`.
///   - stopSignal: sent to the process group at the end, SIGTERM (15) by default.
///   - stopTimeout: how long it may take to end after the signal, before it is killed.
///   - outputLimit: the most bytes taken from standard output, and again from standard error.
package func withBackgroundCommand<Value>(
    _ executable: String,
    _ arguments: [String] = [],
    environment: CommandEnvironment = .inherited,
    stopSignal: Int32 = 15,
    stopTimeout: Duration = .seconds(2),
    outputLimit: Int = 16 << 20,
    body: (BackgroundCommand) async throws -> Value
) async throws -> (value: Value, result: CommandResult) {
    var value: Value?
    let finished = try await Subprocess.run(
        commandConfiguration(executable, arguments, environment, nil),
        input: .none,
        output: .bytes(limit: outputLimit),
        error: .bytes(limit: outputLimit)
    ) { execution in
        value = try await body(BackgroundCommand(processID: execution.processIdentifier.value))
        await execution.teardown(using: [
            .send(
                signal: Signal(rawValue: stopSignal),
                toProcessGroup: true,
                allowedDurationToNextStep: stopTimeout
            )
        ])
    }
    guard let value else {
        throw CommandError.failed(
            command: commandLine(executable, arguments),
            status: CommandStatus(finished.terminationStatus),
            errorText: String(decoding: finished.standardError, as: UTF8.self)
        )
    }
    return (
        value,
        CommandResult(
            status: CommandStatus(finished.terminationStatus),
            output: finished.standardOutput,
            errorOutput: finished.standardError
        )
    )
}
