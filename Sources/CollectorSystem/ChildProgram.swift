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
    /// For how long it may run, in nanoseconds, without the time in which what it printed was passed on.
    let timeout: Int64

    /// What of its standard error is kept, in bytes.
    private static let keptErrors = 4096
    /// How often somebody may look at other things while it says nothing, in milliseconds.
    private static let patience: Int64 = 100

    /// Runs it to its end.
    ///
    /// - Parameters:
    ///   - piece: called for each piece of its standard output; when it throws the program is stopped.
    ///   - between: called about every tenth of a second at least; when it throws the program is stopped.
    /// - Returns: how it ended, and the beginning of what it wrote to standard error.
    func run<Failure: Error>(
        piece: (ArraySlice<UInt8>) throws(Failure) -> Void,
        between: () throws(Failure) -> Void
    ) throws(Failure) -> (ending: Ending, errors: String) {
        guard let output = Pipe() else { return (.notStarted(errno), "") }
        guard let errors = Pipe() else {
            let code = errno
            close(output.reading)
            close(output.writing)
            return (.notStarted(code), "")
        }
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
        var end = Clocks.monotonic + timeout
        var ending: Ending?
        do throws(Failure) {
            let isInTime = try readAll(
                output.reading,
                errors.reading,
                until: &end,
                piece: piece,
                error: { part in kept += part.prefix(Self.keptErrors - kept.count) },
                between: between
            )
            // A program may close its output and stay.
            while isInTime, Clocks.monotonic < end {
                ending = Self.ending(of: process, options: WNOHANG)
                guard ending == nil else { break }
                usleep(1000)
                try between()
            }
        } catch {
            kill(process, SIGKILL)
            _ = Self.ending(of: process)
            throw error
        }
        if ending == nil {
            kill(process, SIGKILL)
            _ = Self.ending(of: process)
        }
        return (ending ?? .timedOut, String(decoding: kept, as: UTF8.self))
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
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // We ignore SIGPIPE; a program whose reader is gone is to end of it, as usual.
        var defaults = sigset_t()
        unsafe sigemptyset(&defaults)
        unsafe sigaddset(&defaults, SIGPIPE)
        unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        var process: pid_t = 0
        let failure = unsafe posix_spawnp(&process, arguments[0], &actions, &attributes, &words, environ)
        return failure == 0 ? .running(process) : .failed(failure)
    }

    /// Reads both streams to their ends; false when that takes too long.
    private func readAll<Failure: Error>(
        _ output: Int32,
        _ errors: Int32,
        until end: inout Int64,
        piece: (ArraySlice<UInt8>) throws(Failure) -> Void,
        error: (ArraySlice<UInt8>) -> Void,
        between: () throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 32 * 1024)
        var open = [output, errors]
        while open.contains(where: { $0 >= 0 }) {
            let remaining = end - Clocks.monotonic
            guard remaining > 0 else { return false }
            try between()
            var wanted = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            _ = unsafe poll(&wanted, 2, Int32(min(remaining / 1_000_000 + 1, Self.patience)))
            for index in 0..<2 where wanted[index].revents != 0 {
                let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(open[index], $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                if count <= 0 {
                    open[index] = -1
                } else if index == 0 {
                    let before = Clocks.monotonic
                    try piece(buffer[..<count])
                    // While nobody takes what it prints, the program cannot go on.
                    end += Clocks.monotonic - before
                } else {
                    error(buffer[..<count])
                }
            }
        }
        return true
    }

    /// How a process ended; nil where `options` are not to wait and it has not.
    private static func ending(of process: pid_t, options: Int32 = 0) -> Ending? {
        var status: Int32 = 0
        var found = unsafe waitpid(process, &status, options)
        while found < 0, errno == EINTR { found = unsafe waitpid(process, &status, options) }
        guard found != 0 else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
    }
}
