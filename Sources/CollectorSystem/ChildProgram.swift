import Glibc

/// A program that is run for what it prints.
struct ChildProgram {
    /// How it ended.
    enum Ending: Equatable {
        case exited(Int32)
        case signalled(Int32)
        /// It was stopped because it took too long.
        case timedOut
        /// It could not be started; the system's number of the error.
        case notStarted(Int32)
    }

    let arguments: [String]
    /// For how long it may run, in nanoseconds.
    let timeout: Int64

    /// What of its standard error is kept, in bytes.
    private static let keptErrors = 4096

    /// Runs it to its end.
    ///
    /// - Parameter piece: called for each piece of its standard output; when it throws the program is stopped.
    /// - Returns: how it ended, and the beginning of what it wrote to standard error.
    func run<Failure: Error>(
        piece: (ArraySlice<UInt8>) throws(Failure) -> Void
    ) throws(Failure) -> (ending: Ending, errors: String) {
        guard let output = Pipe(), let errors = Pipe() else { return (.notStarted(errno), "") }
        let started = start(output: output, errors: errors)
        close(output.writing)
        close(errors.writing)
        defer {
            close(output.reading)
            close(errors.reading)
        }
        guard case .running(let process) = started else {
            if case .failed(let code) = started { return (.notStarted(code), "") }
            return (.notStarted(0), "")
        }
        var kept: [UInt8] = []
        let isInTime: Bool
        do throws(Failure) {
            isInTime = try readAll(output.reading, errors.reading, piece: piece) { part in
                kept += part.prefix(Self.keptErrors - kept.count)
            }
        } catch {
            kill(process, SIGKILL)
            _ = Self.reap(process)
            throw error
        }
        if !isInTime { kill(process, SIGKILL) }
        let ending = Self.reap(process)
        return (isInTime ? ending : .timedOut, String(decoding: kept, as: UTF8.self))
    }

    private enum Started {
        case running(pid_t)
        case failed(Int32)
    }

    private func start(output: Pipe, errors: Pipe) -> Started {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output.writing, STDOUT_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, errors.writing, STDERR_FILENO)
        var words: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var process: pid_t = 0
        let failure = unsafe posix_spawnp(&process, arguments[0], &actions, nil, &words, environ)
        return failure == 0 ? .running(process) : .failed(failure)
    }

    /// Reads both streams to their ends; false when that takes too long.
    private func readAll<Failure: Error>(
        _ output: Int32,
        _ errors: Int32,
        piece: (ArraySlice<UInt8>) throws(Failure) -> Void,
        error: (ArraySlice<UInt8>) -> Void
    ) throws(Failure) -> Bool {
        let end = Clocks.monotonic + timeout
        var buffer = [UInt8](repeating: 0, count: 32 * 1024)
        var open = [output, errors]
        while open.contains(where: { $0 >= 0 }) {
            let remaining = end - Clocks.monotonic
            guard remaining > 0 else { return false }
            var wanted = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            _ = unsafe poll(&wanted, 2, Int32(min(remaining / 1_000_000 + 1, 60_000)))
            for index in 0..<2 where wanted[index].revents != 0 {
                let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(open[index], $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                if count <= 0 {
                    open[index] = -1
                } else if index == 0 {
                    try piece(buffer[..<count])
                } else {
                    error(buffer[..<count])
                }
            }
        }
        return true
    }

    private static func reap(_ process: pid_t) -> Ending {
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
    }
}
