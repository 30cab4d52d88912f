import Glibc
import JSONText

/// A running stand-in for an API server (Tests/FakeAPIServer), without TLS.
final class ClusterServer {
    let port: Int64
    private let control: Int64
    private let process: pid_t
    /// Its standard input: the server ends when that does.
    private let input: Int32
    private let scratch: String

    /// Starts a server and waits until it has made everything that it will be asked for.
    ///
    /// - Parameter arguments: after the program, as its README tells them.
    static func with<Value>(
        _ arguments: [String],
        scratch: String,
        _ body: (ClusterServer) throws(BenchmarkError) -> Value
    ) throws(BenchmarkError) -> Value {
        let server = try ClusterServer(arguments, scratch: scratch)
        defer { server.stop() }
        return try body(server)
    }

    private init(_ arguments: [String], scratch: String) throws(BenchmarkError) {
        var ends: [Int32] = [-1, -1]
        var lines: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0, unsafe pipe(&lines) == 0 else {
            throw BenchmarkError("cannot make a pipe: \(errorText(errno))")
        }
        // What is measured meanwhile must not hold the server's standard input open.
        for end in ends + lines { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, lines[1], STDOUT_FILENO)
        unsafe posix_spawn_file_actions_addopen(
            &actions, STDERR_FILENO, "\(scratch)/server.err", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        let command = ["python3", "Tests/FakeAPIServer", "--precompute"] + arguments
        var words = unsafe command.map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var process = pid_t()
        let failure = unsafe posix_spawnp(&process, "python3", &actions, nil, &words, environ)
        close(ends[0])
        close(lines[1])
        defer { close(lines[0]) }
        guard failure == 0 else {
            close(ends[1])
            throw BenchmarkError("cannot start python3: \(errorText(failure))")
        }
        self.process = process
        self.scratch = scratch
        input = ends[1]
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while unsafe read(lines[0], &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
        guard let tree = try? JSONTree(line), let port = tree["port"]?.integer,
            let control = tree["control"]?.integer
        else {
            kill(process, SIGKILL)
            close(ends[1])
            throw BenchmarkError("the stand-in for an API server did not start, see \(scratch)/server.err")
        }
        (self.port, self.control) = (port, control)
    }

    /// Writes a kubeconfig whose only context leads here, without compression, as curl is asked for none either.
    func writeKubeconfig(to path: String) throws(BenchmarkError) {
        var file = try FileWriter(path: path)
        try file.write(
            """
            apiVersion: v1
            kind: Config
            current-context: bench
            clusters: [{name: bench, cluster: {server: "http://127.0.0.1:\(port)", disable-compression: true}}]
            users: [{name: bench, user: {}}]
            contexts: [{name: bench, context: {cluster: bench, user: bench}}]

            """)
        try file.flush()
    }

    /// The processor time that it has used, in seconds.
    func processorSeconds() throws(BenchmarkError) -> Double {
        let answer = "\(scratch)/server-cpu.json"
        _ = try run(
            ["curl", "--silent", "--fail", "http://127.0.0.1:\(control)/_cpu"], output: answer,
            messages: "\(scratch)/server-cpu.err")
        guard let tree = try? JSONTree(Array(try contents(of: answer).utf8)),
            case .number(let seconds)? = tree["seconds"]
        else { throw BenchmarkError("the stand-in for an API server does not tell its processor time") }
        return seconds
    }

    private func stop() {
        close(input)
        kill(process, SIGTERM)
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    }
}
