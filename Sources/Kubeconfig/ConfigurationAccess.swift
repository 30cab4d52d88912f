package import Secrets

/// The world as reading a configuration sees it: files, environment, clock, terminal and programs.
/// ``system`` is the real one.
package struct ConfigurationAccess: Sendable {
    /// A file's bytes, at most `limit` of them.
    package var readFile: @Sendable (_ path: String, _ limit: Int) throws(FileTrouble) -> [UInt8]
    /// What is at a path, symbolic links followed; nil for nothing.
    package var kind: @Sendable (_ path: String) -> FileKind?
    /// The environment's variables.
    package var environment: [String: String]
    /// The absolute path of the working directory.
    package var workingDirectory: String
    /// CLOCK_REALTIME in nanoseconds since 1970.
    package var clock: @Sendable () -> Int64
    /// Why standard input cannot be lent to a credential plugin, as the command reads it itself; nil where it can.
    package var standardInputTrouble: String?
    /// Whether standard input is a terminal.
    package var isStandardInputTerminal: @Sendable () -> Bool
    /// Runs a program to its end. When the task is cancelled, the program is killed and awaited.
    package var run: @Sendable (_ program: ProgramRun) async throws(ProgramTrouble) -> ProgramResult

    package init(
        readFile: @escaping @Sendable (_ path: String, _ limit: Int) throws(FileTrouble) -> [UInt8],
        kind: @escaping @Sendable (_ path: String) -> FileKind?,
        environment: [String: String],
        workingDirectory: String,
        clock: @escaping @Sendable () -> Int64,
        standardInputTrouble: String? = nil,
        isStandardInputTerminal: @escaping @Sendable () -> Bool,
        run: @escaping @Sendable (_ program: ProgramRun) async throws(ProgramTrouble) -> ProgramResult
    ) {
        self.readFile = readFile
        self.kind = kind
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.clock = clock
        self.standardInputTrouble = standardInputTrouble
        self.isStandardInputTerminal = isStandardInputTerminal
        self.run = run
    }
}

/// What a path leads to.
package enum FileKind: Sendable, Hashable {
    case directory
    /// A file that may be executed.
    case executable
    /// Any other file.
    case file
}

/// Why a file could not be read.
package struct FileTrouble: Error, Sendable, Hashable {
    /// Whether there is no such file.
    package let isMissing: Bool
    /// As strerror(3) says it, in small letters, as Go does: `no such file or directory`.
    package let reason: String

    package init(isMissing: Bool, reason: String) {
        self.isMissing = isMissing
        self.reason = reason
    }
}

/// A program to run.
package struct ProgramRun: Sendable {
    /// The path of its file.
    package var path: String
    package var arguments: [Secret]
    /// All of its environment.
    package var environment: [String: Secret]
    /// Whether it gets this program's standard input; it gets none otherwise. Its standard error is always this program's.
    package var takesStandardInput: Bool
    /// The most bytes that it may write to its standard output.
    package var outputLimit: Int

    package init(
        path: String,
        arguments: [Secret],
        environment: [String: Secret],
        takesStandardInput: Bool,
        outputLimit: Int
    ) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.takesStandardInput = takesStandardInput
        self.outputLimit = outputLimit
    }
}

/// What a program left.
package struct ProgramResult: Sendable {
    /// Its exit code; -1 when a signal ended it, as in Go.
    package let exitCode: Int32
    /// Its standard output.
    package let output: Secret

    package init(exitCode: Int32, output: Secret) {
        self.exitCode = exitCode
        self.output = output
    }
}

/// Why a program gave no result.
package enum ProgramTrouble: Error, Sendable, Hashable {
    /// It could not be started, with the system's words.
    case notStarted(String)
    /// It wrote more than it may.
    case tooMuchOutput
    /// The task was cancelled; the program is gone.
    case cancelled
}
