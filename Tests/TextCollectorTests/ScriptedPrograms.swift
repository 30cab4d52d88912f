import Synchronization
import TextCollector

/// A node whose programs say what a test decides.
final class ScriptedPrograms: NodePrograms {
    /// What a program does next.
    enum Step: Sendable {
        case out(String)
        case err(String)
        case bytes([UInt8])
        case pause(Duration)
        case end(Int)
        /// The connection breaks.
        case lost(String)
        /// The image does not have it, which is known only now.
        case unavailable
        /// Never says anything again.
        case hang
    }

    /// What becomes of a start.
    enum Start: Sendable {
        case runs([Step])
        case unavailable
        case refused(String)
        /// Never comes to an end by itself.
        case hangs
    }

    struct Refusal: Error, CustomStringConvertible { let description: String }

    private struct State {
        var commands: [[String]] = []
        var open = 0
        var starting = 0
    }

    private let state = Mutex(State())
    private let cut: Int
    private let script: @Sendable (_ command: [String], _ occurrence: Int) -> Start

    /// - Parameters:
    ///   - cut: output comes in pieces of so many bytes.
    ///   - script: what a command does when it is started for the n-th time, from 1.
    init(
        cut: Int = .max, _ script: @escaping @Sendable (_ command: [String], _ occurrence: Int) -> Start
    ) {
        self.cut = cut
        self.script = script
    }

    /// All commands in the order in which they were started.
    var commands: [[String]] { state.withLock { $0.commands } }
    /// Programs that were started and not closed, and starts that have not come to an end.
    var leftOpen: Int { state.withLock { $0.open + $0.starting } }

    func start(_ command: [String]) async throws -> any RunningProgram {
        let occurrence = state.withLock { state in
            state.commands.append(command)
            return state.commands.count { $0 == command }
        }
        switch script(command, occurrence) {
        case .unavailable: throw ProgramUnavailable(program: command[0])
        case .refused(let reason): throw Refusal(description: reason)
        case .hangs:
            state.withLock { $0.starting += 1 }
            defer { state.withLock { $0.starting -= 1 } }
            try await Task.sleep(for: .seconds(3600))
            throw Refusal(description: "nobody waited for it to end")
        case .runs(let steps):
            state.withLock { $0.open += 1 }
            return ScriptedProgram(command[0], steps, cut: cut) { [weak self] in
                self?.state.withLock { $0.open -= 1 }
            }
        }
    }
}

private final class ScriptedProgram: RunningProgram {
    private struct State {
        var steps: ArraySlice<ScriptedPrograms.Step>
        var rest: (bytes: ArraySlice<UInt8>, isError: Bool)?
        var hasEnded = false
        var isClosed = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let name: String
    private let cut: Int
    private let state: Mutex<State>
    private let whenClosed: @Sendable () -> Void

    init(
        _ name: String, _ steps: [ScriptedPrograms.Step], cut: Int, whenClosed: @escaping @Sendable () -> Void
    ) {
        self.name = name
        self.cut = cut
        self.whenClosed = whenClosed
        state = Mutex(State(steps: steps[...]))
    }

    func next() async throws -> ProgramOutput? {
        while true {
            if let piece = try rest() { return piece }
            let step = try state.withLock { state -> ScriptedPrograms.Step? in
                if state.isClosed { throw ScriptedPrograms.Refusal(description: "closed") }
                return state.hasEnded ? nil : state.steps.popFirst() ?? .hang
            }
            switch step {
            case nil: return nil
            case .out(let text): state.withLock { $0.rest = (Array(text.utf8)[...], false) }
            case .bytes(let bytes): state.withLock { $0.rest = (bytes[...], false) }
            case .err(let text): state.withLock { $0.rest = (Array(text.utf8)[...], true) }
            case .pause(let duration): try? await Task.sleep(for: duration)
            case .end(let code):
                state.withLock { $0.hasEnded = true }
                return .ended(code: code)
            case .lost(let reason): throw ScriptedPrograms.Refusal(description: reason)
            case .unavailable: throw ProgramUnavailable(program: name)
            case .hang:
                await withCheckedContinuation { continuation in
                    let isClosed = state.withLock { state in
                        if !state.isClosed { state.waiting = continuation }
                        return state.isClosed
                    }
                    if isClosed { continuation.resume() }
                }
            }
        }
    }

    private func rest() throws -> ProgramOutput? {
        try state.withLock { state in
            if state.isClosed { throw ScriptedPrograms.Refusal(description: "closed") }
            guard let (bytes, isError) = state.rest else { return nil }
            let piece = Array(bytes.prefix(cut))
            let rest = bytes.dropFirst(cut)
            state.rest = rest.isEmpty ? nil : (rest, isError)
            guard !piece.isEmpty else { return nil }
            return isError ? .standardError(piece) : .standardOutput(piece)
        }
    }

    func close() async {
        let (isFirst, waiting) = state.withLock { state in
            defer {
                state.isClosed = true
                state.waiting = nil
            }
            return (!state.isClosed, state.waiting)
        }
        waiting?.resume()
        if isFirst { whenClosed() }
    }
}
