internal import CCurl

/// A raw stream on the transfer thread: first a transfer of libcurl that only connects, then its socket.
///
/// libcurl finds the connection of such a stream in a cache, and on whatever it connects next drops from that cache
/// what was idle for two minutes or was closed by the server, with bytes that nobody has read. So each stream has a
/// cache of its own.
final class StreamTransfer {
    /// So many bytes are read from one stream before the others have their turn.
    private static let turn = 256 << 10

    let number: UInt64
    let stream: RawStream
    let easy: EasyHandle
    private let started: ContinuousClock.Instant
    private(set) var isOpen = false
    private(set) var socket: curl_socket_t = -1
    private var outgoing: [RawStream.Outgoing] = []
    /// Of the first of these.
    private var sentCount = 0
    private var byteCount: UInt64 = 0
    private var hasReceivedAll = false
    /// The reader is behind.
    private var isHolding = false
    private var isSendBlocked = false
    private var hasSendFailed = false

    init?(_ number: UInt64, _ stream: RawStream) {
        guard let cache = ConnectionCache(), let easy = EasyHandle(number, cache) else { return nil }
        self.number = number
        self.stream = stream
        self.easy = easy
        started = .now
        easy.set(stream.settings, for: stream.request)
        easy.setConnectOnly()
    }

    /// How long it may take to be open.
    private var limit: Duration {
        min(stream.settings.connectTimeout, stream.request.deadlines.head ?? stream.settings.connectTimeout)
    }

    /// When it must be open; nil once it is.
    var deadline: ContinuousClock.Instant? { isOpen ? nil : started.after(limit) }

    var overdueFailure: HTTPError {
        stream.failure(.timedOut(easy.connectStage(of: stream.request, through: stream.settings.proxy), after: limit))
    }

    /// What its socket shall be watched for; 0 for nothing.
    var events: Int32 {
        guard isOpen else { return 0 }
        return (hasReceivedAll || isHolding ? 0 : CURL_WAIT_POLLIN) | (isSendBlocked ? CURL_WAIT_POLLOUT : 0)
    }

    /// libcurl has connected it, or failed to.
    func connected(_ result: CURLcode) -> HTTPError? {
        if result == CURLE_OK {
            socket = easy.activeSocket
            if socket >= 0 {
                isOpen = true
                easy.clearErrorMessage()
                return nil
            }
        }
        return stream.failure(easy.reason(result, stream.request, stream.settings, byteCount: 0))
    }

    /// Sends and receives what goes without waiting.
    /// - Parameter scratch: for what is received; it is not looked at otherwise.
    /// - Returns: whether there may be more at once.
    func serve(_ scratch: inout [UInt8]) -> Bool {
        guard isOpen else { return false }
        sendAll()
        return unsafe scratch.withUnsafeMutableBytes { unsafe receiveAll($0) }
    }

    private func sendAll() {
        outgoing += stream.takeOutgoing()
        isSendBlocked = false
        var doneCount = 0
        defer { outgoing.removeFirst(doneCount) }
        while !hasSendFailed, doneCount < outgoing.count {
            let entry = outgoing[doneCount]
            let (result, count) = easy.send(entry.bytes, from: sentCount)
            switch result {
            case CURLE_OK:
                sentCount += count
                if sentCount < entry.bytes.count { continue }
                sentCount = 0
                doneCount += 1
                entry.waiter.resume(returning: .success(()))
            case CURLE_AGAIN:
                isSendBlocked = true
                return
            default:
                hasSendFailed = true
            }
        }
        if hasSendFailed {
            let error = failure(CURLE_SEND_ERROR)
            stream.failSending(error)
            for entry in outgoing[doneCount...] { entry.waiter.resume(returning: .failure(error)) }
            doneCount = outgoing.count
        }
    }

    private func receiveAll(_ scratch: UnsafeMutableRawBufferPointer) -> Bool {
        isHolding = false
        var left = Self.turn
        // Until there is nothing more: TLS may hold bytes that poll knows nothing of.
        while !hasReceivedAll {
            let room = stream.room()
            if room == 0 {
                isHolding = true
                return false
            }
            if left <= 0 { return true }
            let place = unsafe UnsafeMutableRawBufferPointer(rebasing: scratch.prefix(room))
            let (result, count) = unsafe easy.receive(into: place)
            switch result {
            case CURLE_OK where count > 0:
                left -= count
                byteCount += UInt64(count)
                unsafe stream.append(UnsafeRawBufferPointer(rebasing: place.prefix(count)))
            case CURLE_OK:
                hasReceivedAll = true
                let isTorn = stream.request.url.scheme == .https && easy.isTLSTorn
                stream.finishReceiving(
                    isTorn ? .failure(stream.failure(.closedEarly(bytesReceived: byteCount))) : .success(()))
            case CURLE_AGAIN:
                return false
            default:
                hasReceivedAll = true
                stream.finishReceiving(.failure(failure(result)))
            }
        }
        return false
    }

    private func failure(_ result: CURLcode) -> HTTPError {
        stream.failure(easy.reason(result, stream.request, stream.settings, byteCount: byteCount))
    }

    /// It ends: whoever waits is told.
    func end(_ error: HTTPError) {
        stream.fail(error)
        for entry in outgoing { entry.waiter.resume(returning: .failure(error)) }
        outgoing = []
    }

    /// What is told about it when it could not be opened.
    func record(of error: HTTPError) -> RequestRecord { stream.record(since: started, error: error) }
}
