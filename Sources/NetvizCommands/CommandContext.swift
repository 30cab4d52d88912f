package import JSONText

/// The world as a command sees it: where files come from and where text goes.
package struct CommandContext: Sendable {
    /// Opens a file of that path for reading, "-" for standard input.
    package var open: @Sendable (_ path: String) throws(NetvizError) -> ByteSource
    /// Takes the result.
    package var output: @Sendable (_ bytes: Span<UInt8>) throws -> Void
    /// Takes one line about the result or the run, without newline.
    package var tell: @Sendable (_ line: String) -> Void

    package init(
        open: @escaping @Sendable (_ path: String) throws(NetvizError) -> ByteSource,
        output: @escaping @Sendable (_ bytes: Span<UInt8>) throws -> Void,
        tell: @escaping @Sendable (_ line: String) -> Void
    ) {
        self.open = open
        self.output = output
        self.tell = tell
    }
}

/// A command that runs in a context.
protocol ContextualCommand {
    func run(in context: CommandContext) async throws
}
