package import JSONText

/// The world as a command sees it: where files come from and where text goes.
package struct CommandContext {
    /// Opens a file of that path for reading, "-" for standard input.
    package var open: (_ path: String) throws(NetvizError) -> ByteSource
    /// Takes the result.
    package var output: ByteSink
    /// Takes one line about the result or the run, without newline.
    package var tell: (_ line: String) -> Void

    package init(
        open: @escaping (_ path: String) throws(NetvizError) -> ByteSource,
        output: @escaping ByteSink,
        tell: @escaping (_ line: String) -> Void
    ) {
        self.open = open
        self.output = output
        self.tell = tell
    }
}

/// A command that runs in a context.
protocol ContextualCommand {
    func run(in context: CommandContext) throws
}
