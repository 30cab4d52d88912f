import CollectorProtocol
import Glibc
import Synchronization
import TestSupport

/// A running program whose standard streams are pipes that a test fills, reads, closes or leaves alone.
///
/// What is still running when the value goes is killed.
final class CollectorProcess {
    let processID: pid_t
    private var input: Int32
    private var output: Int32
    private let errors: Int32
    private var reader = FrameStreamReader()
    private var messages: [CollectorMessage] = []
    private var status: CommandStatus?

    /// How long anything may take, beyond what a test says.
    static let patience = Duration.seconds(20)

    /// Starts a program, looked up in `PATH`, with the tests' environment.
    init(_ executable: String, _ arguments: [String]) throws {
        let toChild = try PipeEnds()
        let fromChild = try PipeEnds()
        let errorsOfChild = try PipeEnds()
        for end in [fromChild.reading, errorsOfChild.reading] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, toChild.reading, STDIN_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, fromChild.writing, STDOUT_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, errorsOfChild.writing, STDERR_FILENO)
        // A process group of its own: what a test sends to it does not reach the tests. The thread that runs a test may
        // block signals or they are ignored, and a program would inherit that.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        unsafe posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        var words: [UnsafeMutablePointer<CChar>?] = unsafe ([executable] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var process: pid_t = 0
        let failure = PipeEnds.isMaking.withLock { _ in
            unsafe posix_spawnp(&process, executable, &actions, &attributes, &words, environ)
        }
        for end in [toChild.reading, fromChild.writing, errorsOfChild.writing] { close(end) }
        input = toChild.writing
        output = fromChild.reading
        errors = errorsOfChild.reading
        processID = process
        guard failure == 0 else {
            status = .exited(-1)
            throw ProcessError("\(executable) cannot be started: error \(failure)")
        }
    }

    /// Starts netviz-collector on a host of a lab.
    ///
    /// - Parameter wrapper: a program and its arguments that run what follows them, as setpriv(1) does.
    convenience init(
        on host: String = NetworkLab.router,
        of lab: NetworkLab,
        _ arguments: [String],
        wrapper: [String] = []
    ) throws {
        let command = wrapper + [try BuiltExecutable.netvizCollector()] + arguments
        let entered = lab.entering(host, command[0], Array(command.dropFirst()))
        try self.init("nsenter", entered)
    }

    deinit {
        if status == nil {
            kill(-processID, SIGKILL)
            var ended: Int32 = 0
            unsafe waitpid(processID, &ended, 0)
        }
        closeInput()
        closeOutput()
        close(errors)
    }

    // MARK: What the client does

    func send(_ write: (inout FrameStreamWriter) -> Void) {
        var writer = FrameStreamWriter()
        write(&writer)
        writer.drain { (bytes: Span<UInt8>) throws(Never) in send(bytes) }
    }

    func send(text: String) { send(Array(text.utf8).span) }

    /// A pipe has room for what a client says.
    private func send(_ bytes: Span<UInt8>) {
        _ = unsafe bytes.withUnsafeBytes { unsafe write(input, $0.baseAddress, $0.count) }
    }

    func closeInput() {
        if input >= 0 { close(input) }
        input = -1
    }

    func closeOutput() {
        if output >= 0 { close(output) }
        output = -1
    }

    /// Signals the process alone.
    func signal(_ number: Int32) { kill(processID, number) }

    /// Signals the process and those that it started, as a terminal does.
    func signalGroup(_ number: Int32) { kill(-processID, number) }

    // MARK: What the collector says

    /// The next message; nil at the end of the output.
    func next() async throws -> CollectorMessage? {
        let limit = ContinuousClock.now + Self.patience
        while messages.isEmpty {
            var buffer = [UInt8](repeating: 0, count: 64 * 1024)
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(output, $0.baseAddress, $0.count) }
            if count == 0 { return nil }
            if count > 0 {
                try reader.read(buffer.span.extracting(first: count)) { messages.append($0) }
            } else {
                guard ContinuousClock.now < limit else { throw ProcessError("nothing more came") }
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        return messages.removeFirst()
    }

    /// All messages up to one that `isLast` calls so, or to the end of the output.
    func messages(upTo isLast: (CollectorMessage) -> Bool = { _ in false }) async throws -> [CollectorMessage] {
        var all: [CollectorMessage] = []
        while let message = try await next() {
            all.append(message)
            if isLast(message) { break }
        }
        return all
    }

    /// What it wrote to standard error by now.
    func errorText() -> String {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(errors, $0.baseAddress, $0.count) }
            guard count > 0 else { return String(decoding: text, as: UTF8.self) }
            text += buffer[..<count]
        }
    }

    /// Waits for its end.
    func ending(within limit: Duration = patience) async throws -> CommandStatus {
        let end = ContinuousClock.now + limit
        while true {
            if let status { return status }
            var ended: Int32 = 0
            if unsafe waitpid(processID, &ended, WNOHANG) == processID {
                let signal = ended & 0x7F
                status = signal == 0 ? .exited(ended >> 8 & 0xFF) : .signaled(signal)
                continue
            }
            guard ContinuousClock.now < end else { throw ProcessError("still running after \(limit)") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// The most memory that it held, in KiB (VmHWM of proc(5)).
    func peakMemory() throws -> Int {
        let lines = try readText("/proc/\(processID)/status").split(separator: "\n")
        let words = lines.first { $0.hasPrefix("VmHWM:") }?.split(separator: " ").flatMap { $0.split(separator: "\t") }
        guard let words, words.count > 1, let number = Int(words[1]) else { throw ProcessError("no VmHWM") }
        return number
    }
}

/// What went wrong with a process, in words.
struct ProcessError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// A pipe that no other process inherits.
private struct PipeEnds {
    let reading: Int32
    let writing: Int32

    /// A pipe is inheritable for the moment between two system calls, in which no test may start a program.
    static let isMaking = Mutex<Void>(())

    init() throws {
        (reading, writing) = try Self.isMaking.withLock { _ in
            var ends: [Int32] = [0, 0]
            guard unsafe pipe(&ends) == 0 else { throw ProcessError("no pipe: error \(errno)") }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return (ends[0], ends[1])
        }
    }
}
