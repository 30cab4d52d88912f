import Glibc

/// What one run of a command cost.
struct ProcessCost {
    /// From before the start until the end was collected, on the monotonic clock.
    let wallSeconds: Double
    /// User and system time of the process, `ru_utime` and `ru_stime`.
    let processorSeconds: Double
    /// The largest resident set, `ru_maxrss`. The kernel carries the starter's own peak over an exec, so this is
    /// never less than the peak of netviz-bench, which therefore keeps no input in memory.
    let peakBytes: Int
}

/// Runs `command`, found by `PATH`, to its end, with output and messages going to two files.
///
/// The environment is fixed, so that a locale or a kubeconfig of the machine does not change what is measured.
///
/// - Throws: when the command cannot be started or does not exit with 0.
func run(_ command: [String], output: String, messages: String) throws(BenchmarkError) -> ProcessCost {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (descriptor, path) in [(STDOUT_FILENO, output), (STDERR_FILENO, messages)] {
        unsafe posix_spawn_file_actions_addopen(&actions, descriptor, path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    }
    let variables = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"]
    var arguments = unsafe command.map { unsafe strdup($0) } + [nil]
    var environment = unsafe variables.map { unsafe strdup($0) } + [nil]
    defer {
        unsafe (arguments + environment).forEach { unsafe free($0) }
    }

    let start = monotonicSeconds()
    var process = pid_t()
    let failure = unsafe posix_spawnp(&process, command[0], &actions, nil, &arguments, &environment)
    guard failure == 0 else { throw BenchmarkError("cannot start \(command[0]): \(errorText(failure))") }
    var status: Int32 = 0
    var usage = rusage()
    while unsafe wait4(process, &status, 0, &usage) < 0 {
        guard errno == EINTR else { throw BenchmarkError("cannot wait for \(command[0]): \(errorText(errno))") }
    }
    let end = monotonicSeconds()
    guard status == 0 else {
        let ending = status & 0x7F == 0 ? "exit code \(status >> 8 & 0xFF)" : "signal \(status & 0x7F)"
        throw BenchmarkError("\(command.joined(separator: " ")): \(ending); its messages are in \(messages)")
    }
    return ProcessCost(
        wallSeconds: end - start,
        processorSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
        peakBytes: usage.ru_maxrss * 1024
    )
}

/// Runs `command` in the background while `body` runs, and ends it with SIGTERM.
func withBackground(
    _ command: [String],
    messages: String,
    _ body: () throws(BenchmarkError) -> Void
) throws(BenchmarkError) {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, messages, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    var arguments = unsafe command.map { unsafe strdup($0) } + [nil]
    defer { unsafe arguments.forEach { unsafe free($0) } }
    var process = pid_t()
    let failure = unsafe posix_spawnp(&process, command[0], &actions, nil, &arguments, environ)
    guard failure == 0 else { throw BenchmarkError("cannot start \(command[0]): \(errorText(failure))") }
    defer {
        kill(process, SIGTERM)
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    }
    try body()
}

/// The system's text for an error number.
func errorText(_ number: Int32) -> String {
    unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
}

private func monotonicSeconds() -> Double {
    var now = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}

private func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1e6
}
