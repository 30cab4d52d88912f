import Glibc
import Synchronization
import TestSupport
import TextCollector

/// Runs the programs of an image as child processes on a host of a lab.
final class ChildPrograms: NodePrograms {
    private let lab: NetworkLab
    private let host: String
    private let missing: Set<String>
    private let wrapper: [String]

    /// - Parameters:
    ///   - missing: programs that the image does not have.
    ///   - wrapper: a program and its arguments that run what follows them, as setpriv(1) does.
    init(_ lab: NetworkLab, on host: String, without missing: Set<String> = [], wrapper: [String] = []) {
        self.lab = lab
        self.host = host
        self.missing = missing
        self.wrapper = wrapper
    }

    func start(_ command: [String]) async throws -> any RunningProgram {
        guard !missing.contains(command[0]) else { throw ProgramUnavailable(program: command[0]) }
        let words = wrapper + command
        return try ChildProgram(["nsenter"] + lab.entering(host, words[0], Array(words.dropFirst())))
    }
}

/// A process whose output is read when somebody asks for it. Closed, it is killed.
final class ChildProgram: RunningProgram {
    struct Failure: Error, CustomStringConvertible { let description: String }

    private struct State {
        var process: pid_t
        /// Standard output and standard error; -1 where it is over.
        var descriptors: [Int32]
        var hasEnded = false
        var isClosed = false
    }

    private let state: Mutex<State>
    /// A pipe is inheritable for the moment between two system calls, in which no test may start a program.
    private static let isStarting = Mutex<Void>(())

    init(_ command: [String]) throws {
        let started = try Self.isStarting.withLock { _ in try Self.start(command) }
        state = Mutex(State(process: started.process, descriptors: [started.output, started.errors]))
    }

    deinit {
        state.withLock { Self.end(&$0) }
    }

    func next() async throws -> ProgramOutput? {
        while true {
            if let output = try state.withLock({ try Self.read(&$0) }) { return output }
            if state.withLock(\.hasEnded) { return nil }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    func close() async { state.withLock { Self.end(&$0) } }

    private static func read(_ state: inout State) throws -> ProgramOutput? {
        guard !state.isClosed else { throw Failure(description: "closed") }
        var buffer = [UInt8](repeating: 0, count: 32 * 1024)
        for index in state.descriptors.indices where state.descriptors[index] >= 0 {
            let descriptor = state.descriptors[index]
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 {
                Glibc.close(descriptor)
                state.descriptors[index] = -1
            } else if count > 0 {
                let bytes = Array(buffer[..<count])
                return index == 0 ? .standardOutput(bytes) : .standardError(bytes)
            }
        }
        guard !state.hasEnded, state.descriptors.allSatisfy({ $0 < 0 }) else { return nil }
        var status: Int32 = 0
        guard unsafe waitpid(state.process, &status, WNOHANG) == state.process else { return nil }
        state.hasEnded = true
        let signal = status & 0x7F
        return .ended(code: Int(signal == 0 ? status >> 8 & 0xFF : 128 + signal))
    }

    private static func end(_ state: inout State) {
        guard !state.isClosed else { return }
        state.isClosed = true
        if !state.hasEnded {
            kill(-state.process, SIGKILL)
            var status: Int32 = 0
            unsafe waitpid(state.process, &status, 0)
        }
        for descriptor in state.descriptors where descriptor >= 0 { Glibc.close(descriptor) }
    }

    private static func start(_ command: [String]) throws -> (process: pid_t, output: Int32, errors: Int32) {
        let output = try pipeEnds()
        let errors = try pipeEnds()
        for end in [output[0], errors[0]] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, errors[1], STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        var words: [UnsafeMutablePointer<CChar>?] = unsafe command.map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin"
        let variables = ["PATH=\(path):/usr/sbin:/sbin", "LC_ALL=C"]
        var environment: [UnsafeMutablePointer<CChar>?] = unsafe variables.map { unsafe strdup($0) } + [nil]
        defer { unsafe environment.forEach { unsafe free($0) } }
        var process: pid_t = 0
        let failure = unsafe posix_spawnp(&process, command[0], &actions, &attributes, &words, &environment)
        for end in [output[1], errors[1]] { Glibc.close(end) }
        guard failure == 0 else { throw Failure(description: "\(command[0]) cannot be started: error \(failure)") }
        return (process, output[0], errors[0])
    }

    private static func pipeEnds() throws -> [Int32] {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw Failure(description: "no pipe: error \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return ends
    }
}
