package import CollectorClient
package import JSONText
package import Kubeconfig

/// The world as a command sees it: where files come from and where text goes.
package struct CommandContext: Sendable {
    /// Throws when a file of that path cannot be opened, without opening it: opening a named pipe waits for its writer.
    package var check: @Sendable (_ path: String) throws(NetvizError) -> Void
    /// Opens a file of that path for reading, "-" for standard input.
    package var open: @Sendable (_ path: String) throws(NetvizError) -> ByteSource
    /// Opens the file that a run is recorded to, which must be none of the inputs.
    package var record: @Sendable (_ path: String, _ inputs: [String]) throws(NetvizError) -> RecordingFile
    /// Takes the result.
    package var output: @Sendable (_ bytes: Span<UInt8>) throws -> Void
    /// Takes one line about the result or the run, without newline.
    package var tell: @Sendable (_ line: String) -> Void
    /// Keeps a large value until the process ends: the system takes it back at once, sooner than it is freed piece by
    /// piece.
    package var keep: @Sendable (_ value: any Sendable) -> Void

    /// Runs the collector of this machine while the body does.
    package var runLocalCollector:
        @Sendable (_ body: @Sendable (any CollectorPipe) async -> Void) async throws(NetvizError) -> Void
    /// This machine's name.
    package var hostName: @Sendable () -> String
    /// CLOCK_REALTIME in nanoseconds since 1970.
    package var clock: @Sendable () -> Int64
    /// Files, environment and programs, as a kubeconfig is read with them.
    package var configuration: @Sendable () -> ConfigurationAccess = { .system() }
    /// The line that shows how far a run is; nil where nobody looks at a terminal.
    var progress: ProgressLine?

    package init(
        check: @escaping @Sendable (_ path: String) throws(NetvizError) -> Void,
        open: @escaping @Sendable (_ path: String) throws(NetvizError) -> ByteSource,
        record: @escaping @Sendable (_ path: String, _ inputs: [String]) throws(NetvizError) -> RecordingFile,
        output: @escaping @Sendable (_ bytes: Span<UInt8>) throws -> Void,
        tell: @escaping @Sendable (_ line: String) -> Void,
        keep: @escaping @Sendable (_ value: any Sendable) -> Void,
        runLocalCollector:
            @escaping @Sendable (_ body: @Sendable (any CollectorPipe) async -> Void) async throws(NetvizError) -> Void,
        hostName: @escaping @Sendable () -> String,
        clock: @escaping @Sendable () -> Int64
    ) {
        self.check = check
        self.open = open
        self.record = record
        self.output = output
        self.tell = tell
        self.keep = keep
        self.runLocalCollector = runLocalCollector
        self.hostName = hostName
        self.clock = clock
    }
}

/// A command that runs in a context.
protocol ContextualCommand {
    func run(in context: CommandContext) async throws
}
