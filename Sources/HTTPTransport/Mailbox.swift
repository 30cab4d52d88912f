internal import CCurl
internal import Synchronization

/// What is asked of the transfer thread, from any thread.
enum TransferCommand: Sendable {
    case start(Exchange)
    /// Ends the transfer; nobody waits for it any more.
    case cancel(Exchange)
    /// The reader of the body has caught up.
    case resume(Exchange)
    case open(RawStream)
    /// There is room to read into, or something to send.
    case serve(RawStream)
    case close(RawStream)
}

/// Hands commands to the transfer thread and wakes it.
final class Mailbox: Sendable {
    private struct State: ~Copyable {
        var commands: [TransferCommand] = []
        var isClosed = false
        /// The thread has taken its last command.
        var hasEnded = false
        var waiters: [CheckedContinuation<Void, Never>] = []
        /// What to wake; nil before the thread runs and after it has ended.
        var multi: MultiHandle?
    }

    private let state = Mutex(State())

    /// Returns whether the thread will see the command.
    @discardableResult
    func post(_ command: TransferCommand) -> Bool {
        state.withLock { state in
            if state.isClosed { return false }
            state.commands.append(command)
            if state.commands.count == 1 { state.multi?.wake() }
            return true
        }
    }

    /// Asks the thread to end.
    func close() {
        state.withLock { state in
            if state.isClosed { return }
            state.isClosed = true
            state.multi?.wake()
        }
    }

    /// Returns when the thread has ended.
    func ended() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.waiters.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    /// For the thread: what was posted since it last asked, and whether it shall end.
    func take() -> (commands: [TransferCommand], isClosed: Bool) {
        state.withLock { state in
            let commands = state.commands
            state.commands = []
            return (commands, state.isClosed)
        }
    }

    /// For the thread, before it first takes.
    func attach(_ multi: MultiHandle) {
        state.withLock { $0.multi = multi }
    }

    /// For the thread, before it destroys the handle that would be woken.
    func detach() {
        state.withLock {
            $0.multi = nil
            $0.isClosed = true
        }
    }

    /// For the thread, as the last that it does.
    func end() {
        let waiters = state.withLock { state in
            state.hasEnded = true
            let waiters = state.waiters
            state.waiters = []
            return waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
