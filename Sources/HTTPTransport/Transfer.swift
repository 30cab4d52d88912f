internal import CCurl

/// One attempt of a request on the transfer thread. Nothing here is for another thread.
final class Transfer {
    let number: UInt64
    let exchange: Exchange
    let easy: EasyHandle
    let pool: ConnectionPool
    let started: ContinuousClock.Instant
    private(set) var head = ResponseHead()
    /// The reader is behind, and libcurl has been told to hold the rest back.
    private(set) var isPaused = false
    private(set) var bodyByteCount: UInt64 = 0
    /// When something came, or the reader began to be behind.
    private var lastActivity: ContinuousClock.Instant
    private var bytesGiven = 0
    /// Why this ended, where it was not libcurl that said so.
    private(set) var refusal: HTTPError.Reason?

    init?(_ number: UInt64, _ exchange: Exchange, _ pool: ConnectionPool) {
        guard let easy = EasyHandle(number, pool.cache) else { return nil }
        self.number = number
        self.exchange = exchange
        self.easy = easy
        self.pool = pool
        started = .now
        lastActivity = started
        easy.setCallbacks(self)
        easy.set(exchange.settings, for: exchange.request)
        easy.set(exchange.request, compression: exchange.settings.isCompressionAllowed)
        // Behind a body that its reader lets wait, nothing else would come through.
        if exchange.request.version == .negotiated, pool.pausedSharedCount > 0 { easy.set(CURLOPT_FRESH_CONNECT, 1) }
    }

    // Called by libcurl:

    /// Any other count than that of the bytes ends the transfer.
    func takeHeaderLine(_ line: UnsafeRawBufferPointer) -> Int {
        lastActivity = .now
        switch unsafe head.take([UInt8](line)) {
        case .incomplete: break
        case .complete: exchange.respond(head.status, head.fields, head.version)
        case .malformed(let reason):
            refusal = .malformedResponse(reason)
            return 0
        }
        return line.count
    }

    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        lastActivity = .now
        guard unsafe exchange.append(bytes) else {
            if !isPaused, head.version == .http2 { pool.pausedSharedCount += 1 }
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        bodyByteCount += UInt64(bytes.count)
        return bytes.count
    }

    func giveBody(_ room: UnsafeMutableRawBufferPointer) -> Int {
        let body = exchange.request.body ?? []
        let count = min(room.count, body.count - bytesGiven)
        unsafe body.withUnsafeBytes { whole in
            unsafe room.copyMemory(from: UnsafeRawBufferPointer(rebasing: whole[bytesGiven..<bytesGiven + count]))
        }
        bytesGiven += count
        return count
    }

    /// libcurl wants to send the body once more, on another connection. That is refused where the server may have
    /// received it and must not receive it twice.
    func rewindBody(to offset: Int64) -> Bool {
        guard exchange.request.isIdempotent || bytesGiven == 0, offset == 0 else { return false }
        bytesGiven = 0
        return true
    }

    // Called by the thread:

    /// The reader has caught up.
    func resume() {
        guard isPaused else { return }
        noteNotPaused()
        lastActivity = .now
        easy.resume()
    }

    /// The transfer is over: it holds nothing up.
    func noteNotPaused() {
        if isPaused, head.version == .http2 { pool.pausedSharedCount -= 1 }
        isPaused = false
    }

    /// When the first of the request's deadlines is over; nil for never.
    var nextDeadline: ContinuousClock.Instant? {
        let deadlines = exchange.request.deadlines
        var next = deadlines.whole.map { started.after($0) }
        func consider(_ deadline: ContinuousClock.Instant) { next = min(next ?? deadline, deadline) }
        if head.isComplete {
            if !isPaused, let limit = deadlines.idle { consider(lastActivity.after(limit)) }
        } else {
            if !easy.isConnected { consider(started.after(exchange.settings.connectTimeout)) }
            if let limit = deadlines.head { consider(started.after(limit)) }
        }
        return next
    }

    /// Whether a deadline is over; ``refusal`` then says which.
    func isOverdue(_ now: ContinuousClock.Instant) -> Bool {
        let deadlines = exchange.request.deadlines
        let connectTimeout = exchange.settings.connectTimeout
        if let limit = deadlines.whole, now >= started.after(limit) {
            refusal = .timedOut(stage, after: limit)
        } else if head.isComplete {
            if let limit = deadlines.idle, !isPaused, now >= lastActivity.after(limit) {
                // Who does not wait for bytes does not find them late.
                if exchange.isReaderWaiting { refusal = .timedOut(.body, after: limit) } else { lastActivity = now }
            }
        } else if let limit = deadlines.head, now >= started.after(limit) {
            refusal = .timedOut(stage, after: limit)
        } else if !easy.isConnected, now >= started.after(connectTimeout) {
            refusal = .timedOut(stage, after: connectTimeout)
        }
        return refusal != nil
    }

    private var stage: HTTPError.Stage {
        easy.stage(of: exchange.request, through: exchange.settings.proxy, head)
    }

    /// What is told about it when it has ended.
    func record(_ error: HTTPError?) -> RequestRecord {
        let request = exchange.request
        return RequestRecord(
            method: request.method.rawValue,
            url: request.url.redacted,
            status: head.isComplete ? head.status : nil,
            duration: started.duration(to: .now),
            bytesSent: UInt64(max(0, easy.offset(CURLINFO_SIZE_UPLOAD_T))),
            bytesReceived: UInt64(max(0, easy.offset(CURLINFO_SIZE_DOWNLOAD_T))),
            proxy: exchange.settings.proxy?.description,
            version: head.isComplete ? head.version : nil,
            requestFields: RequestRecord.shown(request.fields),
            responseFields: RequestRecord.shown(head.fields),
            error: error
        )
    }
}

extension ContinuousClock.Instant {
    /// This long after it; no more than a century, which no time overflows.
    func after(_ duration: Duration) -> ContinuousClock.Instant { self + min(duration, .seconds(3_155_760_000)) }
}
