/// Runs programs on one node, in a container that shares the node's network namespace: an exec through the Kubernetes
/// API, or a child process.
package protocol NodePrograms: Sendable {
    /// Starts a program; several may run at a time.
    ///
    /// Returns when it is known to run, or as soon as that can no longer be refused without being told by `next`. Ends
    /// early, by throwing, when its task is cancelled.
    ///
    /// - Parameter command: the program's name, looked up in the container's `PATH`, and its arguments; no shell sees
    ///   them.
    /// - Throws: `ProgramUnavailable` where the image has no such program; anything else is a connection that failed, told
    ///   by its `description`.
    func start(_ command: [String]) async throws -> any RunningProgram
}

/// A program that runs on a node. Only one task at a time asks it for its output.
package protocol RunningProgram: Sendable {
    /// What came next; nothing is received ahead of it beyond a bounded buffer, so that a program nobody asks has to wait.
    ///
    /// - Returns: nil only after `.ended`.
    /// - Throws: `ProgramUnavailable` where that is known only now; anything else means that the connection was lost, so
    ///   that the output is not known to be whole, told by its `description`.
    func next() async throws -> ProgramOutput?
    /// Ends the connection, whatever the program does then. A `next` that waits comes to an end, by nil or by throwing.
    /// Once more does nothing.
    func close() async
}

/// A piece of what a program said. The order of pieces of standard output and standard error is not that of writing.
package enum ProgramOutput: Hashable, Sendable {
    case standardOutput([UInt8])
    case standardError([UInt8])
    /// All output came, and this is the exit code; a signal is 128 and its number.
    case ended(code: Int)
}

/// The image has no such program (executable not found).
package struct ProgramUnavailable: Error, Hashable, Sendable {
    /// As it was asked for.
    package let program: String

    package init(program: String) { self.program = program }
}

extension ProgramUnavailable: CustomStringConvertible {
    package var description: String { "'\(program)' is not in the image" }
}
