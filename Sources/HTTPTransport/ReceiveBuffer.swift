internal import Synchronization

/// Bytes between the transfer thread, which must not wait, and one reader, which does.
final class ReceiveBuffer: Sendable {
    private struct State: ~Copyable {
        /// What the reader has not had, from `start` on.
        var bytes: [UInt8] = []
        var start = 0
        var capacity: Int
        /// The thread was told to hold; the reader asks it to go on.
        var isHolding = false
        var end: Result<Void, HTTPError>?
        var waiter: CheckedContinuation<Result<[UInt8]?, HTTPError>, Never>?
        var waiterLimit = 0

        var count: Int { bytes.count - start }

        mutating func take(atMost limit: Int) -> [UInt8] {
            if start == 0, bytes.count <= limit {
                let all = bytes
                bytes = []
                return all
            }
            let piece = Array(bytes[start...].prefix(limit))
            start += piece.count
            if start == bytes.count {
                bytes = []
                start = 0
            }
            return piece
        }
    }

    private let state: Mutex<State>

    init(capacity: Int) {
        state = Mutex(State(capacity: capacity))
    }

    func setCapacity(_ capacity: Int) {
        state.withLock { $0.capacity = capacity }
    }

    /// Whether the reader waits for bytes, so that time without any counts as silence of the sender.
    var isReaderWaiting: Bool { state.withLock { $0.waiter != nil } }

    /// For the thread: how many bytes there is room for; where there is none, it is told when there is again.
    func room() -> Int {
        state.withLock { state in
            let room = state.capacity - state.count
            if room <= 0 { state.isHolding = true }
            return max(room, 0)
        }
    }

    /// For the thread: hands bytes over, all or none. False where the reader is behind: then it is told when to go on.
    /// One piece may exceed the capacity.
    func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let handOver: (waiter: CheckedContinuation<Result<[UInt8]?, HTTPError>, Never>, piece: [UInt8])?
        let isTaken: Bool
        (isTaken, handOver) = state.withLock { state in
            if state.end != nil { return (true, nil) }
            if state.count >= state.capacity {
                state.isHolding = true
                return (false, nil)
            }
            if state.start > state.capacity {
                state.bytes.removeFirst(state.start)
                state.start = 0
            }
            unsafe state.bytes.append(contentsOf: bytes)
            guard let waiter = state.waiter, state.count > 0 else { return (true, nil) }
            state.waiter = nil
            return (true, (waiter, state.take(atMost: state.waiterLimit)))
        }
        if let handOver { handOver.waiter.resume(returning: .success(handOver.piece)) }
        return isTaken
    }

    /// Ends it; what was appended can still be read. Only the first end counts.
    func finish(_ end: Result<Void, HTTPError>) {
        let waiter = state.withLock { state in
            if state.end == nil { state.end = end }
            let waiter = state.waiter
            state.waiter = nil
            return waiter
        }
        waiter?.resume(returning: end.map { nil })
    }

    /// Ends it for a reader that wants no more.
    func discard(_ error: HTTPError) {
        let waiter = state.withLock { state in
            state.bytes = []
            state.start = 0
            if state.end == nil { state.end = .failure(error) }
            let waiter = state.waiter
            state.waiter = nil
            return waiter
        }
        waiter?.resume(returning: .failure(error))
    }

    /// For the reader: the next bytes; nil at the end. `goOn` is called when the thread holds and there is room again.
    func next(
        atMost limit: Int,
        endpoint: String,
        goOn: @Sendable () -> Void
    ) async -> Result<[UInt8]?, HTTPError> {
        await withCheckedContinuation { continuation in
            let (result, shallGoOn) = state.withLock { state -> (Result<[UInt8]?, HTTPError>?, Bool) in
                if state.waiter != nil {
                    return (.failure(HTTPError(.invalidRequest("two readers wait at once"), endpoint: endpoint)), false)
                }
                if state.count > 0 {
                    let piece = state.take(atMost: max(limit, 1))
                    let shallGoOn = state.isHolding && state.count <= state.capacity / 2
                    if shallGoOn { state.isHolding = false }
                    return (.success(piece), shallGoOn)
                }
                if let end = state.end { return (end.map { nil }, false) }
                state.waiter = continuation
                state.waiterLimit = max(limit, 1)
                let shallGoOn = state.isHolding
                state.isHolding = false
                return (nil, shallGoOn)
            }
            if shallGoOn { goOn() }
            if let result { continuation.resume(returning: result) }
        }
    }
}
