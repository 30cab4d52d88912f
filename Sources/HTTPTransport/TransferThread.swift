internal import CCurl

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// The thread on which everything of libcurl happens, but waking it.
final class TransferThread {
    /// So many streams connect at a time: each name that is resolved costs libcurl a thread, and the first that has
    /// been is known to those that come after.
    private static let mostConnecting = 64
    /// Without anything to wait for it wakes up this often, in milliseconds.
    private static let longestWait: Int64 = 60_000

    private let mailbox: Mailbox
    private let multi: MultiHandle
    private let log: RequestLog?
    private var pools = ConnectionPools()
    private var lastNumber: UInt64 = 0
    private var transfers: [UInt64: Transfer] = [:]
    private var streams: [UInt64: StreamTransfer] = [:]
    private var transferNumbers: [ObjectIdentifier: UInt64] = [:]
    private var streamNumbers: [ObjectIdentifier: UInt64] = [:]
    private var connecting: Set<UInt64> = []
    /// Streams that wait for others to have connected.
    private var waiting: [RawStream] = []
    private var firstWaiting = 0
    /// Streams to be served before the next wait.
    private var due: Set<UInt64> = []
    private var watched: [curl_waitfd] = []
    private var watchedNumbers: [UInt64] = []
    private var scratch = [UInt8](repeating: 0, count: RawStream.readAhead)

    private init(_ mailbox: Mailbox, _ multi: MultiHandle, _ log: RequestLog?) {
        self.mailbox = mailbox
        self.multi = multi
        self.log = log
    }

    /// What the new thread is given.
    private final class Start: Sendable {
        let mailbox: Mailbox
        let multi: MultiHandle
        let log: RequestLog?

        init(_ mailbox: Mailbox, _ multi: MultiHandle, _ log: RequestLog?) {
            self.mailbox = mailbox
            self.multi = multi
            self.log = log
        }
    }

    /// Starts a thread that runs until the mailbox is closed. Where the system has no more threads, the mailbox is
    /// closed at once.
    static func start(_ mailbox: Mailbox, _ log: RequestLog?) {
        guard let multi = MultiHandle() else {
            mailbox.detach()
            mailbox.end()
            return
        }
        mailbox.attach(multi)
        let start = unsafe Unmanaged.passRetained(Start(mailbox, multi, log)).toOpaque()
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        let failure = unsafe pthread_create(&thread, nil, runTransferThread, start)
        guard failure == 0 else {
            unsafe Unmanaged<Start>.fromOpaque(start).release()
            mailbox.detach()
            mailbox.end()
            return
        }
        #if canImport(Darwin)
            if let thread { pthread_detach(thread) }
        #else
            pthread_detach(thread)
        #endif
    }

    fileprivate static func run(_ context: UnsafeMutableRawPointer) {
        // Signals are for the threads of the program.
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
        let start = unsafe Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
        let mailbox = start.mailbox
        TransferThread(mailbox, start.multi, start.log).runUntilClosed()
        mailbox.end()
    }

    private func runUntilClosed() {
        while true {
            let (commands, isClosed) = mailbox.take()
            for command in commands { obey(command) }
            if isClosed { break }
            endOverdue()
            multi.perform()
            while let (number, result) = multi.nextFinished() { finished(number, result) }
            connectWaiting()
            serveDue()
            watch()
            multi.poll(&watched, timeout: waitingTime())
            for (index, entry) in watched.enumerated() where entry.revents != 0 { due.insert(watchedNumbers[index]) }
        }
        mailbox.detach()
        // What was posted while this ended.
        for command in mailbox.take().commands { obey(command) }
        for transfer in transfers.values { end(transfer, transfer.exchange.failure(.clientClosed)) }
        for stream in waiting[firstWaiting...] { stream.fail(stream.failure(.clientClosed)) }
        for stream in streams.values { end(stream, stream.stream.failure(.clientClosed)) }
    }

    private func obey(_ command: TransferCommand) {
        switch command {
        case .start(let exchange): begin(exchange)
        case .cancel(let exchange):
            if let transfer = transferNumbers[ObjectIdentifier(exchange)].flatMap({ transfers[$0] }) {
                end(transfer, exchange.failure(.cancelled))
            }
        case .resume(let exchange):
            transferNumbers[ObjectIdentifier(exchange)].flatMap { transfers[$0] }?.resume()
        case .open(let stream): waiting.append(stream)
        case .serve(let stream):
            if let number = streamNumbers[ObjectIdentifier(stream)] { due.insert(number) }
        case .close(let stream):
            if let transfer = streamNumbers[ObjectIdentifier(stream)].flatMap({ streams[$0] }) {
                end(transfer, stream.failure(.cancelled))
            }
        }
    }

    // MARK: Requests

    private func begin(_ exchange: Exchange) {
        if exchange.isCancelled { return }
        lastNumber += 1
        guard let pool = pools.pool(exchange.settings), let transfer = Transfer(lastNumber, exchange, pool) else {
            exchange.fail(exchange.failure(.other(code: Int(CURLE_OUT_OF_MEMORY.rawValue), "no memory")))
            return
        }
        if let option = transfer.easy.refusedOption {
            exchange.fail(exchange.failure(.invalidRequest("libcurl does not take option \(option.rawValue)")))
            return
        }
        pool.activeCount += 1
        transfers[transfer.number] = transfer
        transferNumbers[ObjectIdentifier(exchange)] = transfer.number
        if !multi.add(transfer.easy) {
            end(transfer, exchange.failure(.other(code: Int(CURLE_FAILED_INIT.rawValue), "libcurl took no transfer")))
        }
    }

    private func finished(_ number: UInt64, _ result: CURLcode) {
        if let transfer = transfers[number] {
            if let refusal = transfer.refusal {
                end(transfer, transfer.exchange.failure(refusal))
            } else if result == CURLE_OK, transfer.head.isComplete {
                end(transfer, nil)
            } else {
                let exchange = transfer.exchange
                let reason = transfer.easy.reason(
                    result, exchange.request, exchange.settings, byteCount: transfer.bodyByteCount)
                end(transfer, exchange.failure(result == CURLE_OK ? .malformedResponse("no status") : reason))
            }
        } else if let stream = streams[number], !stream.isOpen {
            connecting.remove(number)
            if let error = stream.connected(result) {
                log?(stream.record(of: error))
                end(stream, error)
            } else {
                stream.stream.opened()
                due.insert(number)
            }
        }
    }

    /// Takes a transfer out, whose request has had its whole response where `error` is nil.
    private func end(_ transfer: Transfer, _ error: HTTPError?) {
        transfers[transfer.number] = nil
        transferNumbers[ObjectIdentifier(transfer.exchange)] = nil
        let record = log.map { _ in transfer.record(error) }
        // Over HTTP/2 the server would not learn of it before libcurl's next transfer on that connection.
        if error != nil { transfer.easy.set(CURLOPT_FORBID_REUSE, 1) }
        multi.remove(transfer.easy)
        transfer.noteNotPaused()
        transfer.pool.activeCount -= 1
        // Before whoever waits goes on, and perhaps ends the process.
        if let record { log?(record) }
        if let error { transfer.exchange.fail(error) } else { transfer.exchange.finish() }
    }

    private func endOverdue() {
        let now = ContinuousClock.now
        for transfer in transfers.values where transfer.isOverdue(now) {
            end(transfer, transfer.exchange.failure(transfer.refusal ?? .cancelled))
        }
        for number in connecting {
            guard let stream = streams[number], let deadline = stream.deadline, deadline <= now else { continue }
            let error = stream.overdueFailure
            log?(stream.record(of: error))
            end(stream, error)
        }
    }

    // MARK: Streams

    private func connectWaiting() {
        while connecting.count < Self.mostConnecting, firstWaiting < waiting.count {
            let stream = waiting[firstWaiting]
            firstWaiting += 1
            if stream.isClosed { continue }
            lastNumber += 1
            guard let transfer = StreamTransfer(lastNumber, stream), transfer.easy.refusedOption == nil else {
                stream.fail(stream.failure(.invalidRequest("libcurl does not take an option, or there is no memory")))
                continue
            }
            streams[transfer.number] = transfer
            streamNumbers[ObjectIdentifier(stream)] = transfer.number
            connecting.insert(transfer.number)
            if !multi.add(transfer.easy) {
                end(
                    transfer, stream.failure(.other(code: Int(CURLE_FAILED_INIT.rawValue), "libcurl took no transfer")))
            }
        }
        if firstWaiting == waiting.count {
            waiting = []
            firstWaiting = 0
        }
    }

    private func serveDue() {
        let numbers = due
        due = []
        for number in numbers {
            guard let stream = streams[number] else { continue }
            if stream.serve(&scratch) { due.insert(number) }
        }
    }

    private func watch() {
        watched.removeAll(keepingCapacity: true)
        watchedNumbers.removeAll(keepingCapacity: true)
        for (number, stream) in streams {
            let events = stream.events
            if events == 0 { continue }
            watched.append(curl_waitfd(fd: stream.socket, events: Int16(truncatingIfNeeded: events), revents: 0))
            watchedNumbers.append(number)
        }
    }

    private func end(_ stream: StreamTransfer, _ error: HTTPError) {
        streams[stream.number] = nil
        streamNumbers[ObjectIdentifier(stream.stream)] = nil
        connecting.remove(stream.number)
        due.remove(stream.number)
        // Removing it closes its connection.
        multi.remove(stream.easy)
        stream.end(error)
    }

    // MARK: Waiting

    private func waitingTime() -> Int32 {
        if !due.isEmpty || firstWaiting < waiting.count && connecting.count < Self.mostConnecting { return 0 }
        var next: ContinuousClock.Instant?
        for transfer in transfers.values {
            if let deadline = transfer.nextDeadline { next = min(next ?? deadline, deadline) }
        }
        for number in connecting {
            if let deadline = streams[number]?.deadline { next = min(next ?? deadline, deadline) }
        }
        guard let next else { return Int32(Self.longestWait) }
        let wait = ContinuousClock.now.duration(to: next)
        return wait <= .zero ? 0 : Int32(min(Self.longestWait, Int64(wait.milliseconds)))
    }
}

#if canImport(Darwin)
    private func runTransferThread(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        unsafe TransferThread.run(context)
        return nil
    }
#else
    private func runTransferThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        if let context = unsafe context { unsafe TransferThread.run(context) }
        return nil
    }
#endif
