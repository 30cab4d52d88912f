import Glibc

/// The process that keeps accounting switched on: this program again, as `keep-accounting`.
struct AccountingProcess {
    struct Problem: Error {
        let text: String
    }

    private let process: pid_t
    /// Closed, or gone with this process, it makes the other restore the old values.
    private let input: Int32

    static func start() -> Result<AccountingProcess, Problem> {
        guard let toChild = Pipe() else { return .failure(Problem(text: systemMessage(errno))) }
        guard let fromChild = Pipe() else {
            let code = errno
            close(toChild.reading)
            close(toChild.writing)
            return .failure(Problem(text: systemMessage(code)))
        }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, toChild.reading, STDIN_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, fromChild.writing, STDOUT_FILENO)
        let arguments = ["netviz-collector", CollectorCommandLine.keepAccounting]
        var words: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var process: pid_t = 0
        let failure = unsafe posix_spawn(&process, "/proc/self/exe", &actions, nil, &words, environ)
        close(toChild.reading)
        close(fromChild.writing)
        defer { close(fromChild.reading) }
        guard failure == 0 else {
            close(toChild.writing)
            return .failure(Problem(text: systemMessage(failure)))
        }
        let started = AccountingProcess(process: process, input: toChild.writing)
        let answer = line(from: fromChild.reading)
        guard answer == "on" else {
            started.end()
            return .failure(Problem(text: answer.isEmpty ? "the process that would do it ended" : answer))
        }
        return .success(started)
    }

    /// Lets the other process restore the old values, and waits until it has.
    func end() {
        close(input)
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    }

    private static func line(from descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var byte: [UInt8] = [0]
        while bytes.count < 1024 {
            let count = unsafe read(descriptor, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count > 0, byte[0] != UInt8(ascii: "\n") else { break }
            bytes.append(byte[0])
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
