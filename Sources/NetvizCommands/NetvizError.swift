/// A failure of the whole command, told to the user in one line.
package struct NetvizError: Error, CustomStringConvertible {
    /// What kind of failure it is; the exit code follows from it.
    package enum Code: Sendable {
        /// The command line cannot be carried out.
        case usage
        /// An input file cannot be used.
        case input
        /// The output cannot be written.
        case output
        /// Too little was observed.
        case coverage
        /// The cluster refused, or could not be reached.
        case cluster
        /// A signal ended the run; what it had made was removed.
        case interrupted
    }

    package let code: Code
    /// What failed, on which object, and why.
    package let message: String
    /// What to do next.
    package let remedy: String?

    package var description: String { message }

    package init(_ code: Code, _ message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    /// Tells the user.
    func tell(_ line: (String) -> Void) {
        line("error: \(message)")
        if let remedy { line(remedy) }
    }
}

/// The exit codes that scripts rely on.
package enum ExitCode {
    package static let success: Int32 = 0
    package static let usage: Int32 = 2
    package static let coverage: Int32 = 3
    package static let cluster: Int32 = 5
    package static let interrupted: Int32 = 130

    static func of(_ code: NetvizError.Code) -> Int32 {
        switch code {
        case .usage, .input, .output: usage
        case .coverage: coverage
        case .cluster: cluster
        case .interrupted: interrupted
        }
    }
}
