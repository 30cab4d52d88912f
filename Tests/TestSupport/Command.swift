import Subprocess

/// How a command ended.
package enum CommandStatus: Hashable, Sendable, CustomStringConvertible {
    /// It left by itself, with this exit code.
    case exited(Int32)
    /// A signal ended it, signal(7).
    case signaled(Int32)

    package var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signaled(let signal): "signal \(signal)"
        }
    }
}

/// What a finished command left.
package struct CommandResult: Sendable {
    package let status: CommandStatus
    /// The bytes of standard output.
    package let output: [UInt8]
    /// The bytes of standard error.
    package let errorOutput: [UInt8]

    /// Whether it left by itself with exit code 0.
    package var succeeded: Bool { status == .exited(0) }

    /// Standard output as text; bytes that are not UTF-8 become U+FFFD.
    package var outputText: String { String(decoding: output, as: UTF8.self) }

    /// Standard error as text; bytes that are not UTF-8 become U+FFFD.
    package var errorText: String { String(decoding: errorOutput, as: UTF8.self) }
}

/// Why a command gave no result, or not the one that was asked for.
package enum CommandError: Error, CustomStringConvertible {
    /// It was still running after the time it was given; its process group was killed.
    case timedOut(command: String, after: Duration)
    /// It ended in another way than with exit code 0.
    case failed(command: String, status: CommandStatus, errorText: String)

    package var description: String {
        switch self {
        case .timedOut(let command, let limit):
            "\(command): still running after \(limit), killed"
        case .failed(let command, let status, let errorText):
            "\(command): \(status): \(errorText)"
        }
    }
}

/// The environment variables a command gets.
package enum CommandEnvironment: Sendable {
    /// Those of the tests, changed as said; nil takes a variable away.
    case inherited(changing: [String: String?])
    /// These and no others.
    case only([String: String])

    package static var inherited: CommandEnvironment { .inherited(changing: [:]) }
}

/// Runs a command to its end in a session of its own and collects what it wrote.
///
/// When the time is over, or the calling task is cancelled, the whole process group is killed.
/// - Parameters:
///   - executable: a path, or a name to look up in `PATH`.
///   - input: what it reads on standard input; without, it reads the end of the file at once.
///   - workingDirectory: where it runs; nil for the directory of the tests.
///   - outputLimit: the most bytes taken from standard output, and again from standard error.
/// - Throws: `CommandError.timedOut`; `SubprocessError` where it could not be started or wrote more than
///   `outputLimit`. Any exit code is a result, not an error.
package func run(
    _ executable: String,
    _ arguments: [String] = [],
    input: [UInt8] = [],
    environment: CommandEnvironment = .inherited,
    workingDirectory: String? = nil,
    outputLimit: Int = 16 << 20,
    timeout: Duration = .seconds(60)
) async throws -> CommandResult {
    try await withTimeout(timeout, describing: commandLine(executable, arguments)) {
        let configuration = commandConfiguration(executable, arguments, environment, workingDirectory)
        let finished = try await Subprocess.run(
            configuration,
            input: .array(input),
            output: .bytes(limit: outputLimit),
            error: .bytes(limit: outputLimit)
        )
        return CommandResult(
            status: CommandStatus(finished.terminationStatus),
            output: finished.standardOutput,
            errorOutput: finished.standardError
        )
    }
}

/// Runs a command as ``run(_:_:input:environment:workingDirectory:outputLimit:timeout:)`` does and returns its
/// standard output as text.
/// - Throws: also `CommandError.failed` when it ends otherwise than with exit code 0.
package func runSuccessfully(
    _ executable: String,
    _ arguments: [String] = [],
    input: [UInt8] = [],
    environment: CommandEnvironment = .inherited,
    timeout: Duration = .seconds(60)
) async throws -> String {
    let result = try await run(executable, arguments, input: input, environment: environment, timeout: timeout)
    guard result.succeeded else {
        throw CommandError.failed(
            command: commandLine(executable, arguments),
            status: result.status,
            errorText: result.errorText
        )
    }
    return result.outputText
}

/// Runs `body` and throws `CommandError.timedOut` when it takes longer than `limit`; the task of `body` is then
/// cancelled and awaited.
func withTimeout<Result: Sendable>(
    _ limit: Duration,
    describing command: String,
    _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result?.self) { group in
        defer { group.cancelAll() }
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        guard let first = try await group.next(), let result = first else {
            throw CommandError.timedOut(command: command, after: limit)
        }
        return result
    }
}

/// A command line for messages; not quoted for a shell.
func commandLine(_ executable: String, _ arguments: [String]) -> String {
    ([executable] + arguments).joined(separator: " ")
}
