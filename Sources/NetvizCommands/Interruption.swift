import Dispatch
import Glibc
import Synchronization

/// What SIGINT, SIGTERM and SIGHUP do while something is to be cleaned up: the first ends the run in order, the second at
/// once. SIGPIPE does nothing meanwhile: who reads what the run says may leave (`2>&1 | head`), and what it made is still
/// removed.
enum Interruption {
    private struct State {
        /// When the first one came.
        var first: ContinuousClock.Instant?
        var sources: Sources?
        /// The signals that are listened to.
        var heard: [Int32] = []
        var cancel: (@Sendable () -> Void)?
        /// What remains if the process ends now, in words.
        var remains: @Sendable () -> [String] = { [] }
    }

    /// Dispatch's sources may be cancelled from any thread.
    private struct Sources: @unchecked Sendable {
        let all: [any DispatchSourceSignal]
    }

    private static let state = Mutex(State())
    private static let signals = [SIGINT, SIGTERM, SIGHUP]
    /// One signal may come twice: timeout(1) sends it to the process and to the process group that it is in.
    private static let echo = Duration.milliseconds(250)

    /// Whether one came.
    static var isInterrupted: Bool { state.withLock { $0.first != nil } }

    /// Runs `body` in a task that the first signal cancels.
    ///
    /// - Parameters:
    ///   - tell: tells the user a line.
    ///   - remains: what there would be left of a run that ends at once.
    static func during<Result: Sendable>(
        tell: @escaping @Sendable (String) -> Void,
        remains: @escaping @Sendable () -> [String],
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let task = Task { try await body() }
        listen(tell, remains) { task.cancel() }
        defer { stopListening() }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private static func listen(
        _ tell: @escaping @Sendable (String) -> Void,
        _ remains: @escaping @Sendable () -> [String],
        _ cancel: @escaping @Sendable () -> Void
    ) {
        // What nohup(1) or a shell's background has us ignore stays ignored.
        let heard = signals.filter { !isIgnored($0) }
        _ = signal(SIGPIPE, SIG_IGN)
        let sources = Sources(
            all: heard.map { number in
                // The source hears of it only where the process itself does not die of it.
                _ = signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler { received(tell) }
                source.resume()
                return source
            })
        state.withLock { state in
            state.sources = sources
            state.heard = heard
            state.cancel = cancel
            state.remains = remains
        }
    }

    private static func stopListening() {
        let (sources, heard) = state.withLock { state in
            defer { (state.sources, state.heard) = (nil, []) }
            return (state.sources, state.heard)
        }
        for source in sources?.all ?? [] { source.cancel() }
        for number in heard + [SIGPIPE] { _ = signal(number, SIG_DFL) }
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard unsafe sigaction(number, nil, &action) == 0 else { return false }
        #if os(Linux)
            let handler = unsafe action.__sigaction_handler.sa_handler
        #else
            let handler = unsafe action.__sigaction_u.__sa_handler
        #endif
        return unsafe unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    private static func received(_ tell: (String) -> Void) {
        let now = ContinuousClock.now
        let (first, cancel, remains) = state.withLock { state in
            defer { state.first = state.first ?? now }
            return (state.first, state.cancel, state.remains)
        }
        guard let first else {
            if !remains().isEmpty { tell("interrupted: removing the collectors (again to leave at once)") }
            cancel?()
            return
        }
        guard now - first > echo else { return }
        for line in remains() { tell("left behind: \(line)") }
        _exit(ExitCode.interrupted)
    }
}
