import CollectorProtocol

/// Why reading a node ends before it is done.
enum TextStop: Error {
    /// Something without which there is no result failed.
    case failed(Notice)
    /// The deadline of START passed.
    case deadline
    /// Nobody wants the rest.
    case closed
}

/// Why a program did not come to its end.
enum ProgramProblem: Error {
    case unavailable(ProgramUnavailable)
    /// Its connection could not be made, or was lost.
    case lost(String)
    /// It took longer than it may.
    case timedOut(Duration)
    case stopped(TextStop)

    /// In words, of a command.
    func text(_ command: [String]) -> String {
        switch self {
        case .unavailable(let problem): problem.description
        case .lost(let reason): "the connection to '\(command.joined(separator: " "))' was lost: \(reason)"
        case .timedOut(let limit):
            "'\(command.joined(separator: " "))' took longer than \(limit.components.seconds) s and was left alone"
        case .stopped: "the work was ended"
        }
    }
}
