import CollectorCore
import CollectorProtocol
import Glibc

/// The client at the other end of standard input and output.
final class StandardClient: ClientAccess {
    /// CLOCK_MONOTONIC in nanoseconds.
    var deadline = Int64.max
    private let watchesInput: Bool
    private var buffer = [UInt8](repeating: 0, count: 16 * 1024)

    /// What a pipe that poll(2) calls writable takes without blocking (pipe(7)).
    private static let piece = Int(PIPE_BUF)

    /// - Parameter watchesInput: whether the end of the input means that the client is gone.
    init(watchesInput: Bool) {
        self.watchesInput = watchesInput
    }

    func write(_ bytes: Span<UInt8>) throws(SamplingStop) {
        var start = 0
        while start < bytes.count {
            try waitForRoom()
            let piece = bytes.extracting(start..<min(start + Self.piece, bytes.count))
            let count = unsafe piece.withUnsafeBytes { unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0 {
                let code = errno
                if code == EINTR || code == EAGAIN { continue }
                guard code != EPIPE else { throw .clientGone }
                throw .failed(
                    Notice(topic: .client, text: "standard output cannot be written: \(systemMessage(code))")
                )
            }
            start += count
        }
    }

    /// Waits until something can be written. A client that stops reading is waited for until the deadline; one that has
    /// closed its end is gone.
    private func waitForRoom() throws(SamplingStop) {
        while true {
            var wanted = [
                pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0),
                pollfd(fd: watchesInput ? STDIN_FILENO : -1, events: 0, revents: 0),
            ]
            let now = Clocks.monotonic
            guard now < deadline else { throw .deadline }
            let milliseconds = Int32(min((deadline - now) / 1_000_000 + 1, 60_000))
            let ready = unsafe poll(&wanted, 2, milliseconds)
            if ready < 0, errno != EINTR { throw .clientGone }
            guard ready > 0 else { continue }
            if wanted[0].revents & Int16(POLLERR | POLLNVAL) != 0 { throw .clientGone }
            if wanted[0].revents & Int16(POLLOUT) != 0 { return }
            // Nobody will make room any more.
            if wanted[1].revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { throw .clientGone }
        }
    }

    func receive(into received: inout [UInt8]) throws(SamplingStop) {
        while true {
            var wanted = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&wanted, 1, 0) > 0 else { return }
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(STDIN_FILENO, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw .clientGone
            }
            guard count > 0 else { throw .clientGone }
            received += buffer[..<count]
            // A client has little to say; one that says more than this is none.
            guard received.count <= 1 << 20 else { throw .clientGone }
        }
    }
}
