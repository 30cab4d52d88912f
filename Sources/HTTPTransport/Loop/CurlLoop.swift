import CCurl
import Synchronization

/// The thread on which all transfers of a client happen, and its one multi handle.
@safe final class CurlLoop: @unchecked Sendable {
    private enum Command {
        case begin(Transfer)
        case connect(Transfer, UpgradedStream)
        case resume(Transfer)
        case remove(Transfer, HTTPError.Reason)
        case serve(UpgradedStream)
        case close(UpgradedStream)
        case stop
    }

    private struct Queue {
        var commands: [Command] = []
        var isStopped = false
    }

    private let queue = Mutex(Queue())
    private let multi: UnsafeMutableRawPointer?

    // The thread alone:
    private var transfers: [Int: Transfer] = [:]
    private var connecting: [Int: UpgradedStream] = [:]
    private var streams: [ObjectIdentifier: UpgradedStream] = [:]
    private var polled: [curl_waitfd] = []
    private var polledStreams: [UpgradedStream] = []
    private var stops = false

    init() {
        unsafe multi = unsafe curl_multi_init()
        if let multi = unsafe multi {
            // As many as the servers bear; whoever asks bounds what is under way.
            _ = unsafe ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 256)
        }
    }

    deinit {
        if let multi = unsafe multi { unsafe curl_multi_cleanup(multi) }
    }

    /// - Returns: false where there is no thread, or no multi handle, to be had.
    func start() -> Bool {
        guard unsafe multi != nil else { return false }
        return LoopThread.start { [self] in run() }
    }

    // MARK: Anybody

    func begin(_ transfer: Transfer) { post(.begin(transfer)) }
    func connect(_ transfer: Transfer, _ stream: UpgradedStream) { post(.connect(transfer, stream)) }
    func resume(_ transfer: Transfer) { post(.resume(transfer)) }
    func remove(_ transfer: Transfer, because reason: HTTPError.Reason) { post(.remove(transfer, reason)) }
    /// The stream has something to send, or somebody waits for what it receives.
    func serve(_ stream: UpgradedStream) { post(.serve(stream)) }
    func close(_ stream: UpgradedStream) { post(.close(stream)) }
    /// Ends the thread and all that is under way.
    func stop() { post(.stop) }

    private func post(_ command: Command) {
        let isStopped = queue.withLock { queue in
            guard !queue.isStopped else { return true }
            queue.commands.append(command)
            return false
        }
        guard !isStopped else { return refuse(command) }
        if let multi = unsafe multi { _ = unsafe curl_multi_wakeup(multi) }
    }

    private func refuse(_ command: Command) {
        switch command {
        case .begin(let transfer), .connect(let transfer, _):
            transfer.finish(.failure(HTTPError(.cancelled, at: transfer.place)))
        case .serve(let stream): stream.end(HTTPError(.cancelled, at: stream.place))
        case .resume, .remove, .close, .stop: break
        }
    }

    // MARK: The thread

    private func run() {
        guard let multi = unsafe multi else { return }
        while !stops {
            obey()
            if stops { break }
            var running: Int32 = 0
            _ = unsafe curl_multi_perform(multi, &running)
            unsafe takeResults(multi)
            unsafe poll(multi)
        }
        let rest = queue.withLock { queue in
            queue.isStopped = true
            defer { queue.commands = [] }
            return queue.commands
        }
        for transfer in transfers.values { end(transfer, .failure(HTTPError(.cancelled, at: transfer.place))) }
        for stream in streams.values {
            stream.end(HTTPError(.cancelled, at: stream.place))
            release(stream)
        }
        for command in rest { refuse(command) }
    }

    private func obey() {
        let commands = queue.withLock { queue in
            defer { queue.commands.removeAll(keepingCapacity: true) }
            return queue.commands
        }
        for command in commands {
            switch command {
            case .begin(let transfer): add(transfer, isUpgrade: false)
            case .connect(let transfer, let stream):
                add(transfer, isUpgrade: true)
                if let easy = transfer.easy, transfers[easy.key] != nil {
                    connecting[easy.key] = stream
                }
            case .resume(let transfer):
                transfer.lastActivity = .now
                if let easy = transfer.easy, transfers[easy.key] != nil {
                    _ = unsafe curl_easy_pause(easy.pointer, CURLPAUSE_CONT)
                }
            case .remove(let transfer, let reason):
                end(transfer, .failure(HTTPError(reason, at: transfer.place)))
            case .serve(let stream): serveNow(stream)
            case .close(let stream): release(stream)
            case .stop: stops = true
            }
        }
    }

    private func add(_ transfer: Transfer, isUpgrade: Bool) {
        guard let multi = unsafe multi else { return }
        transfer.began = .now
        transfer.lastActivity = .now
        do {
            try transfer.prepare(isUpgrade: isUpgrade)
        } catch {
            return transfer.finish(.failure(error))
        }
        guard let easy = transfer.easy else { return }
        guard unsafe curl_multi_add_handle(multi, easy.pointer) == CURLM_OK else {
            transfer.easy = nil
            return transfer.finish(.failure(HTTPError(.other("libcurl takes no more transfers"), at: transfer.place)))
        }
        transfers[easy.key] = transfer
    }

    /// Takes a transfer out, whatever becomes of it.
    private func end(_ transfer: Transfer, _ result: Result<Void, HTTPError>) {
        transfer.finish(result)
        guard let easy = transfer.easy, let multi = unsafe multi else { return }
        guard transfers.removeValue(forKey: easy.key) != nil else { return }
        connecting.removeValue(forKey: easy.key)
        _ = unsafe curl_multi_remove_handle(multi, easy.pointer)
        transfer.easy = nil
    }

    private func takeResults(_ multi: UnsafeMutableRawPointer) {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let handle = unsafe message.pointee.easy_handle,
                let transfer = transfers[Int(bitPattern: handle)]
            else { continue }
            let key = Int(bitPattern: handle)
            let code = unsafe ccurl_message_result(message)
            guard code == CURLE_OK else {
                end(transfer, .failure(transfer.failure(code)))
                continue
            }
            if let stream = connecting.removeValue(forKey: key) {
                // Its handle stays with the multi handle for as long as the connection is used.
                transfers.removeValue(forKey: key)
                open(stream, of: transfer)
            } else {
                end(transfer, .success(()))
            }
        }
    }

    private func open(_ stream: UpgradedStream, of transfer: Transfer) {
        guard let easy = transfer.easy, let socket = easy.socket else {
            return transfer.finish(.failure(HTTPError(.other("libcurl gives no socket"), at: transfer.place)))
        }
        transfer.easy = nil
        stream.attach(easy, socket)
        streams[ObjectIdentifier(stream)] = stream
        transfer.deliver(Transfer.Head(status: 0, fields: HTTPFields(), version: "1.1"))
    }

    private func serveNow(_ stream: UpgradedStream) {
        guard streams[ObjectIdentifier(stream)] != nil else { return }
        stream.serve()
    }

    private func release(_ stream: UpgradedStream) {
        guard streams.removeValue(forKey: ObjectIdentifier(stream)) != nil else { return }
        guard let easy = stream.detach(), let multi = unsafe multi else { return }
        _ = unsafe curl_multi_remove_handle(multi, easy.pointer)
    }

    private func poll(_ multi: UnsafeMutableRawPointer) {
        polled.removeAll(keepingCapacity: true)
        polledStreams.removeAll(keepingCapacity: true)
        for stream in streams.values {
            guard let wanted = stream.pollEvents else { continue }
            polled.append(curl_waitfd(fd: wanted.socket, events: wanted.events, revents: 0))
            polledStreams.append(stream)
        }
        let now = ContinuousClock.now
        var timeout = 10_000
        for transfer in transfers.values {
            guard let deadline = transfer.deadline() else { continue }
            timeout = min(timeout, max(0, (deadline.moment - now).milliseconds))
        }
        var ready: Int32 = 0
        let count = UInt32(polled.count)
        _ = unsafe polled.withUnsafeMutableBufferPointer { buffer in
            unsafe curl_multi_poll(multi, buffer.baseAddress, count, Int32(timeout), &ready)
        }
        for (position, entry) in polled.enumerated() where entry.revents != 0 { polledStreams[position].serve() }
        endLate()
    }

    private func endLate() {
        let now = ContinuousClock.now
        var late: [(Transfer, HTTPError)] = []
        for transfer in transfers.values {
            guard let deadline = transfer.deadline(), deadline.moment <= now else { continue }
            late.append((transfer, HTTPError(.timedOut(deadline.stage, deadline.patience), at: transfer.place)))
        }
        for (transfer, error) in late { end(transfer, .failure(error)) }
    }
}
