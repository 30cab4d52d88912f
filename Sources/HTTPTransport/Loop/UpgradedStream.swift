import CCurl
import Synchronization

/// A connection that is the caller's own: bytes there and back, after TLS and proxies. What is not in `state` belongs to
/// the loop's thread.
final class UpgradedStream: @unchecked Sendable {
    private typealias ReceiveWaiter = CheckedContinuation<Result<[UInt8]?, HTTPError>, Never>
    private typealias SendWaiter = CheckedContinuation<Result<Void, HTTPError>, Never>

    private struct State {
        var outgoing: [UInt8] = []
        /// Bytes of `outgoing` that were sent.
        var sent = 0
        /// All bytes that were ever given to be sent.
        var given = 0
        var sendWaiters: [(end: Int, waiter: SendWaiter)] = []
        var receiveWaiter: ReceiveWaiter?
        /// Set when nothing follows: nil in it is an orderly end.
        var end: Result<Void, HTTPError>?
        var sendFailure: HTTPError?
        var isClosed = false
    }

    let place: String
    private let loop: CurlLoop
    private let state = Mutex(State())

    // The loop's thread alone:
    private var easy: EasyHandle?
    private var socket: curl_socket_t = -1
    private var received = 0

    private static let pieceLength = 256 << 10

    init(place: String, on loop: CurlLoop) {
        self.place = place
        self.loop = loop
    }

    // MARK: The caller

    func send(_ bytes: [UInt8]) async throws(HTTPError) {
        guard !bytes.isEmpty else { return }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (waiter: SendWaiter) in
                let failure: HTTPError? = state.withLock { state in
                    if let failure = state.sendFailure { return failure }
                    if state.isClosed { return HTTPError(.cancelled, at: place) }
                    state.outgoing += bytes
                    state.given += bytes.count
                    state.sendWaiters.append((state.given, waiter))
                    return nil
                }
                if let failure {
                    waiter.resume(returning: .failure(failure))
                } else {
                    loop.serve(self)
                }
            }
        } onCancel: {
            close()
        }
        try result.get()
    }

    func receive() async throws(HTTPError) -> [UInt8]? {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (waiter: ReceiveWaiter) in
                let known: Result<[UInt8]?, HTTPError>? = state.withLock { state in
                    switch state.end {
                    case .success: return .success(nil)
                    case .failure(let error): return .failure(error)
                    case nil: break
                    }
                    if state.isClosed { return .failure(HTTPError(.cancelled, at: place)) }
                    state.receiveWaiter = waiter
                    return nil
                }
                if let known {
                    waiter.resume(returning: known)
                } else {
                    loop.serve(self)
                }
            }
        } onCancel: {
            close()
        }
        return try result.get()
    }

    /// Ends it at once; whoever waits is told. Once more does nothing.
    func close() {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard isFirst else { return }
        end(HTTPError(.cancelled, at: place))
        loop.close(self)
    }

    // MARK: The loop's thread

    func attach(_ easy: EasyHandle, _ socket: curl_socket_t) {
        self.easy = easy
        self.socket = socket
    }

    func detach() -> EasyHandle? {
        defer { easy = nil }
        return easy
    }

    /// What is waited for on its socket; nil for nothing.
    var pollEvents: (socket: curl_socket_t, events: Int16)? {
        guard easy != nil else { return nil }
        var events: Int32 = 0
        state.withLock { state in
            if state.receiveWaiter != nil { events |= CURL_WAIT_POLLIN }
            if state.sent < state.outgoing.count, state.sendFailure == nil { events |= CURL_WAIT_POLLOUT }
        }
        return events == 0 ? nil : (socket, Int16(events))
    }

    /// Sends what waits and receives what is waited for, as far as that goes without waiting.
    func serve() {
        guard let easy else { return }
        sendNow(easy)
        receiveNow(easy)
    }

    private func sendNow(_ easy: EasyHandle) {
        while true {
            let waiting: ArraySlice<UInt8> = state.withLock { state in
                state.sendFailure == nil ? state.outgoing[state.sent...].prefix(64 << 10) : []
            }
            guard !waiting.isEmpty else { return }
            var count = 0
            let code = unsafe waiting.withUnsafeBytes {
                unsafe curl_easy_send(easy.pointer, $0.baseAddress, $0.count, &count)
            }
            if code == CURLE_AGAIN { return }
            guard code == CURLE_OK else { return failSending(easy) }
            let done: [SendWaiter] = state.withLock { state in
                state.sent += count
                let position = state.given - (state.outgoing.count - state.sent)
                if state.sent == state.outgoing.count {
                    state.outgoing.removeAll(keepingCapacity: true)
                    state.sent = 0
                }
                let done = state.sendWaiters.filter { $0.end <= position }.map(\.waiter)
                state.sendWaiters.removeAll { $0.end <= position }
                return done
            }
            for waiter in done { waiter.resume(returning: .success(())) }
        }
    }

    /// What the server sent before may still be received.
    private func failSending(_ easy: EasyHandle) {
        let error = HTTPError(.cutOff(received: received), at: place)
        let waiters = state.withLock { state in
            state.sendFailure = error
            defer { state.sendWaiters = [] }
            return state.sendWaiters
        }
        for waiter in waiters { waiter.waiter.resume(returning: .failure(error)) }
    }

    private func receiveNow(_ easy: EasyHandle) {
        guard state.withLock({ $0.receiveWaiter != nil && $0.end == nil }) else { return }
        var bytes: [UInt8] = []
        var end: Result<Void, HTTPError>?
        while bytes.count < Self.pieceLength, end == nil {
            var code = CURLE_OK
            let room = 32 << 10
            var count = 0
            let piece = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
                code = unsafe curl_easy_recv(easy.pointer, buffer.baseAddress, room, &count)
                initialized = code == CURLE_OK ? count : 0
            }
            if code == CURLE_AGAIN { break }
            guard code == CURLE_OK else {
                end = .failure(HTTPError(.cutOff(received: received + bytes.count), at: place))
                break
            }
            if piece.isEmpty { end = .success(()) } else if bytes.isEmpty { bytes = piece } else { bytes += piece }
        }
        guard !bytes.isEmpty || end != nil else { return }
        received += bytes.count
        let waiter = state.withLock { state in
            if let end { state.end = end }
            defer { state.receiveWaiter = nil }
            return state.receiveWaiter
        }
        if !bytes.isEmpty {
            waiter?.resume(returning: .success(bytes))
        } else if let end {
            waiter?.resume(returning: end.map { nil })
        }
    }

    /// Tells everybody who waits.
    func end(_ error: HTTPError) {
        let (receiveWaiter, sendWaiters) = state.withLock { state in
            if state.end == nil { state.end = .failure(error) }
            if state.sendFailure == nil { state.sendFailure = error }
            defer {
                state.receiveWaiter = nil
                state.sendWaiters = []
            }
            return (state.receiveWaiter, state.sendWaiters)
        }
        receiveWaiter?.resume(returning: .failure(error))
        for waiter in sendWaiters { waiter.waiter.resume(returning: .failure(error)) }
    }
}
