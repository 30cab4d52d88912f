import Synchronization

/// Pieces that one side makes and the other takes, in their order; whoever makes them can wait until not too many wait.
final class Handover: Sendable {
    private struct State {
        var pieces: [[UInt8]] = []
        var size = 0
        /// Whether nothing follows.
        var isFinished = false
        var taker: CheckedContinuation<[UInt8]?, Never>?
        var makers: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextMaker = 0
        /// Makers that were cancelled before they waited.
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())
    /// In bytes: with more than that waiting, makers wait.
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Adds a piece, however many wait.
    func add(_ piece: [UInt8]) {
        let taker = state.withLock { state -> CheckedContinuation<[UInt8]?, Never>? in
            guard !state.isFinished, !piece.isEmpty else { return nil }
            if let taker = state.taker {
                state.taker = nil
                return taker
            }
            state.pieces.append(piece)
            state.size += piece.count
            return nil
        }
        taker?.resume(returning: piece)
    }

    /// Waits until there is room for more, nothing may follow, or the task is cancelled.
    func waitForRoom() async {
        let number = state.withLock { state in
            state.nextMaker += 1
            return state.nextMaker
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    let isCancelled = state.cancelled.remove(number) != nil
                    guard state.size > limit, !state.isFinished, !isCancelled else { return false }
                    state.makers[number] = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            let maker = state.withLock { state in
                let maker = state.makers.removeValue(forKey: number)
                if maker == nil { state.cancelled.insert(number) }
                return maker
            }
            maker?.resume()
        }
        state.withLock { _ = $0.cancelled.remove(number) }
    }

    /// The next piece, as soon as there is one; nil when nothing follows. Only one task at a time takes pieces.
    func take() async -> [UInt8]? {
        await withCheckedContinuation { continuation in
            let (taken, makers) = state.withLock { state -> ([UInt8]??, [CheckedContinuation<Void, Never>]) in
                if state.pieces.isEmpty {
                    if state.isFinished { return (.some(nil), []) }
                    state.taker = continuation
                    return (nil, [])
                }
                let piece = state.pieces.removeFirst()
                state.size -= piece.count
                guard state.size <= limit else { return (piece, []) }
                defer { state.makers = [:] }
                return (piece, Array(state.makers.values))
            }
            if let taken { continuation.resume(returning: taken) }
            for maker in makers { maker.resume() }
        }
    }

    /// Says that nothing follows.
    ///
    /// - Parameter discarding: whether what waits is forgotten.
    func finish(discarding: Bool) {
        let (taker, makers) = state.withLock { state in
            state.isFinished = true
            if discarding {
                state.pieces = []
                state.size = 0
            }
            defer {
                state.taker = nil
                state.makers = [:]
            }
            return (state.taker, Array(state.makers.values))
        }
        taker?.resume(returning: nil)
        for maker in makers { maker.resume() }
    }
}
