import Glibc

/// The first process of a collector's pod: it does nothing, so that sessions can be begun beside it.
///
/// The kernel ignores signals to the first process of a PID namespace that it has no handler for, and kills all others
/// when it ends (pid_namespaces(7)). Hence it waits for SIGTERM, tells the others and lets them put back what they
/// changed.
enum FirstProcess {
    /// How long the others have, in nanoseconds. Pods are given a second, which a kubelet makes two.
    private static let patience: Int64 = 900_000_000
    private static let step: UInt32 = 10_000
    private static let ends = [SIGTERM, SIGINT, SIGHUP, SIGQUIT]

    /// The body of `wait`. Returns the exit code.
    static func wait() -> Int32 {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        for number in ends + [SIGCHLD] { unsafe sigaddset(&signals, number) }
        unsafe sigprocmask(SIG_BLOCK, &signals, nil)
        while true {
            var number: Int32 = 0
            guard unsafe sigwait(&signals, &number) == 0 else { continue }
            reap()
            guard ends.contains(number) else { continue }
            // Outside of a pod all the others are not its own.
            if getpid() == 1 { endOthers() }
            return 0
        }
    }

    /// Processes whose parent ended become children of the first.
    private static func reap() {
        while waitpid(-1, nil, WNOHANG) > 0 {}
    }

    private static func endOthers() {
        let limit = Clocks.monotonic + patience
        guard kill(-1, SIGTERM) == 0 else { return }
        while Clocks.monotonic < limit {
            reap()
            // Nobody is left who could be sent a signal.
            guard kill(-1, 0) == 0 else { return }
            usleep(step)
        }
    }
}
