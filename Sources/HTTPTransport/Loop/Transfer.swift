import CCurl
import Synchronization

/// One request under way: what the loop's thread does with it, and what its caller waits for.
///
/// What is not in `state` belongs to the loop's thread.
final class Transfer: @unchecked Sendable {
    /// The head of an answer.
    struct Head: Sendable {
        var status: Int
        var fields: HTTPFields
        var version: String
    }

    private struct State {
        var head: Head?
        var headWaiter: CheckedContinuation<Result<Head, HTTPError>, Never>?
        var pieces: [[UInt8]] = []
        var buffered = 0
        var pieceWaiter: CheckedContinuation<Result<[UInt8]?, HTTPError>, Never>?
        /// Set when nothing follows.
        var end: Result<Void, HTTPError>?
        var isPaused = false
        var isAbandoned = false
    }

    /// Bytes that wait to be taken, above which nothing more is read.
    static let highWater = 1 << 20

    let request: HTTPRequest
    let settings: ConnectionSettings
    private let loop: CurlLoop
    private let state = Mutex(State())

    // The loop's thread alone:
    var easy: EasyHandle?
    var began = ContinuousClock.now
    var lastActivity = ContinuousClock.now
    var status = 0
    var fields = HTTPFields()
    var received = 0
    var hasHead = false
    var isConnected = false

    var place: String { request.origin.authority }

    init(_ request: HTTPRequest, _ settings: ConnectionSettings, on loop: CurlLoop) {
        self.request = request
        self.settings = settings
        self.loop = loop
    }

    // MARK: The caller

    /// The head of the answer.
    func waitForHead() async throws(HTTPError) -> Head {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (waiter: CheckedContinuation<Result<Head, HTTPError>, Never>) in
                let known: Result<Head, HTTPError>? = state.withLock { state in
                    if let head = state.head { return .success(head) }
                    if case .failure(let error) = state.end { return .failure(error) }
                    state.headWaiter = waiter
                    return nil
                }
                if let known { waiter.resume(returning: known) }
            }
        } onCancel: {
            cancel()
        }
        return try result.get()
    }

    /// The next piece of the body.
    func nextPiece() async throws(HTTPError) -> [UInt8]? {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (waiter: CheckedContinuation<Result<[UInt8]?, HTTPError>, Never>) in
                var resumes = false
                let known: Result<[UInt8]?, HTTPError>? = state.withLock { state in
                    if !state.pieces.isEmpty {
                        let all = state.pieces.count == 1 ? state.pieces[0] : Array(state.pieces.joined())
                        state.pieces = []
                        state.buffered = 0
                        resumes = state.isPaused
                        state.isPaused = false
                        return .success(all)
                    }
                    switch state.end {
                    case .success: return .success(nil)
                    case .failure(let error): return .failure(error)
                    case nil: break
                    }
                    state.pieceWaiter = waiter
                    resumes = state.isPaused
                    state.isPaused = false
                    return nil
                }
                if resumes { loop.resume(self) }
                if let known { waiter.resume(returning: known) }
            }
        } onCancel: {
            cancel()
        }
        return try result.get()
    }

    /// Nobody wants the rest.
    func abandon() {
        let isOver = state.withLock { state in
            state.isAbandoned = true
            state.pieces = []
            return state.end != nil
        }
        if !isOver { loop.remove(self, because: .cancelled) }
    }

    private func cancel() {
        finish(.failure(HTTPError(.cancelled, at: place)))
        loop.remove(self, because: .cancelled)
    }

    // MARK: The loop's thread

    func deliver(_ head: Head) {
        hasHead = true
        let waiter = state.withLock { state in
            state.head = head
            defer { state.headWaiter = nil }
            return state.headWaiter
        }
        waiter?.resume(returning: .success(head))
    }

    /// Takes a piece of the body.
    ///
    /// - Returns: false where it cannot be taken now, and the transfer is to be paused.
    func deliver(_ piece: () -> [UInt8]) -> Bool {
        var waiter: CheckedContinuation<Result<[UInt8]?, HTTPError>, Never>?
        var bytes: [UInt8] = []
        let isTaken = state.withLock { state in
            if state.isAbandoned { return true }
            if state.buffered >= Self.highWater {
                state.isPaused = true
                return false
            }
            bytes = piece()
            if let waiting = state.pieceWaiter {
                waiter = waiting
                state.pieceWaiter = nil
            } else {
                state.buffered += bytes.count
                state.pieces.append(bytes)
            }
            return true
        }
        waiter?.resume(returning: .success(bytes))
        return isTaken
    }

    /// Whether it waits for its caller, so that no silence is the server's.
    var isPaused: Bool { state.withLock { $0.isPaused } }

    /// Nothing follows. Once more does nothing.
    func finish(_ end: Result<Void, HTTPError>) {
        let (headWaiter, pieceWaiter) = state.withLock { state in
            if state.end == nil { state.end = end }
            defer {
                state.headWaiter = nil
                state.pieceWaiter = nil
            }
            return (state.headWaiter, state.pieceWaiter)
        }
        switch end {
        case .success:
            headWaiter?.resume(returning: .failure(HTTPError(.closedEarly, at: place)))
            pieceWaiter?.resume(returning: .success(nil))
        case .failure(let error):
            headWaiter?.resume(returning: .failure(error))
            pieceWaiter?.resume(returning: .failure(error))
        }
    }

    /// What it waits for, and until when; nil where it may wait for ever.
    func deadline() -> (moment: ContinuousClock.Instant, stage: HTTPError.Stage, patience: Duration)? {
        var nearest: (moment: ContinuousClock.Instant, stage: HTTPError.Stage, patience: Duration)?
        func consider(_ patience: Duration?, from moment: ContinuousClock.Instant, _ stage: HTTPError.Stage) {
            guard let patience else { return }
            let end = moment + patience
            if nearest.map({ end < $0.moment }) ?? true { nearest = (end, stage, patience) }
        }
        consider(request.patience.whole, from: began, .whole)
        if !hasHead {
            consider(request.patience.head, from: began, .head)
        } else if !isPaused {
            consider(request.patience.silence, from: lastActivity, .body)
        }
        return nearest
    }
}
