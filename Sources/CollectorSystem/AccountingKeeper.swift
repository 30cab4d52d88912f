import CollectorProtocol
import Glibc

/// Switches accounting and timestamps on for a run and back after it.
///
/// A process of its own does it (`netviz-collector keep-accounting`), which lives until its standard input ends: however
/// the collector dies, a kill included, the old values come back. Several runs in one network namespace know of one
/// another through abstract sockets (unix(7)), which belong to the namespace and vanish with their process: each run's
/// socket is named after the old values and a number of its own, a run that finds others takes the old values from them,
/// and the last to end restores. Anybody can make such sockets: only those of root and of this process's own user count.
enum AccountingKeeper {
    /// The sysctls that are switched on, in the order in which their old values stand in a socket's name.
    private static let sysctls = [Sysctl.accounting, Sysctl.timestamps]
    private static let prefix = "netviz.accounting."
    private static let lockName = "netviz.accounting-lock"
    /// The most runs at a time.
    private static let runs = 1000
    /// How long another run is waited for that is just switching, in steps of ten milliseconds.
    private static let lockSteps = 1000
    /// For how many of these steps on end the lock may be somebody's who cannot be asked for his user. A run that takes it
    /// cannot for the moment between two system calls.
    private static let unknownHolderSteps = 50
    /// How long sockets are asked again that take no connection at the moment, in nanoseconds.
    private static let patience: Int64 = 500_000_000

    /// The body of `keep-accounting`: switches on, says "on" or what failed in a line on standard output, waits for
    /// the end of standard input, and switches back. Returns the exit code.
    static func run() -> Int32 {
        // A terminal's Ctrl-C goes to the whole group; what ends this process is its input.
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE] { signal(number, SIG_IGN) }
        switch begin() {
        case .success(let held):
            say("on")
            waitForEndOfInput(held.socket)
            end(held)
            return 0
        case .failure(let problem):
            say(problem.text)
            return 1
        }
    }

    private struct Problem: Error { let text: String }

    /// What is restored at the end.
    private struct Held {
        let socket: AbstractSocket
        let oldValues: [String]
    }

    private static func begin() -> Result<Held, Problem> {
        let lock: AbstractSocket
        switch acquireLock() {
        case .success(let acquired): lock = acquired
        case .failure(let problem): return .failure(problem)
        }
        defer { lock.close() }
        let others = socketNames()
        guard let accounting = SmallFile.text(sysctls[0]) else {
            return .failure(Problem(text: "\(sysctls[0]) cannot be read: \(systemMessage(errno))"))
        }
        let now = [accounting, SmallFile.text(sysctls[1]) ?? "-"]
        let old = others.lazy.compactMap(Self.oldValues).first ?? now
        guard let socket = bindFirstFree(name: "\(prefix)\(old.joined(separator: ".")).") else {
            return .failure(Problem(text: "no abstract socket could be made: \(systemMessage(errno))"))
        }
        for (path, value) in zip(sysctls, old) where value != "-" {
            let code = SmallFile.write("1", to: path)
            guard code != 0 else { continue }
            let held = Held(socket: socket, oldValues: old)
            restore(held)
            return .failure(Problem(text: "\(path) cannot be written: \(systemMessage(code))"))
        }
        return .success(Held(socket: socket, oldValues: old))
    }

    private static func end(_ held: Held) {
        // Without the lock it is restored all the same: better at a bad moment than never.
        let lock = acquireLock()
        restore(held)
        if case .success(let lock) = lock { lock.close() }
    }

    /// Restores the old values when no other run is left.
    private static func restore(_ held: Held) {
        held.socket.close()
        guard socketNames().isEmpty else { return }
        for (path, value) in zip(sysctls, held.oldValues) where value != "-" { _ = SmallFile.write(value, to: path) }
    }

    /// A socket named with the first number that is free. It is not the process's own: containers have processes of equal
    /// numbers, and may share the node's network namespace.
    private static func bindFirstFree(name: String) -> AbstractSocket? {
        for number in 1...runs {
            if let socket = AbstractSocket(name: name + String(number)) { return socket }
            guard errno == EADDRINUSE else { return nil }
        }
        return nil
    }

    /// The old values that a run's socket names: `netviz.accounting.0.0.7`.
    private static func oldValues(of name: String) -> [String]? {
        let words = name.dropFirst(prefix.count).split(separator: ".")
        guard words.count == sysctls.count + 1 else { return nil }
        let values = words.prefix(sysctls.count).map(String.init)
        return values.allSatisfy { $0 == "-" || UInt8($0) != nil } ? values : nil
    }

    /// The names of all runs' sockets in this network namespace.
    private static func socketNames() -> [String] {
        guard let table = SmallFile.text("/proc/net/unix", limit: 16 << 20) else { return [] }
        var unknown = Set(
            table.split(separator: "\n").compactMap { line -> String? in
                guard let at = line.lastIndex(of: "@") else { return nil }
                let name = line[line.index(after: at)...]
                return name.hasPrefix(prefix) ? String(name) : nil
            }
        )
        var names: [String] = []
        let limit = Clocks.monotonic + patience
        while true {
            for name in unknown {
                switch AbstractSocket.holder(of: name) {
                case .user(let user):
                    unknown.remove(name)
                    if isTrusted(user) { names.append(name) }
                case .notListening: unknown.remove(name)
                // Somebody else may connect again and again; a run makes room all the time.
                case .full: continue
                }
            }
            guard !unknown.isEmpty, Clocks.monotonic < limit else { return names }
            usleep(1000)
        }
    }

    /// Whether what a user's socket says is believed: he can switch accounting himself.
    private static func isTrusted(_ user: uid_t) -> Bool { user == 0 || user == geteuid() }

    /// An abstract socket that only one process can have at a time.
    private static func acquireLock() -> Result<AbstractSocket, Problem> {
        var unknownHolders = 0
        for _ in 0..<lockSteps {
            if let lock = AbstractSocket(name: lockName) { return .success(lock) }
            guard errno == EADDRINUSE else {
                return .failure(Problem(text: "no abstract socket could be made: \(systemMessage(errno))"))
            }
            switch AbstractSocket.holder(of: lockName) {
            case .user(let user) where !isTrusted(user):
                return .failure(Problem(text: "a process of user \(user) holds the abstract socket @\(lockName)"))
            case .user: unknownHolders = 0
            case .notListening, .full: unknownHolders += 1
            }
            guard unknownHolders < unknownHolderSteps else {
                return .failure(
                    Problem(text: "a process that cannot be asked for its user holds the abstract socket @\(lockName)"))
            }
            usleep(10_000)
        }
        return .failure(Problem(text: "another run is switching accounting and does not come to an end"))
    }

    private static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }

    /// Meanwhile others may ask whose socket it is.
    private static func waitForEndOfInput(_ socket: AbstractSocket) {
        var buffer: [UInt8] = [0]
        while true {
            var wanted = [
                pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
                pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            guard unsafe poll(&wanted, 2, -1) > 0 else { continue }
            if wanted[1].revents != 0 { socket.endOneConnection() }
            guard wanted[0].revents != 0 else { continue }
            let count = unsafe read(STDIN_FILENO, &buffer, 1)
            if count == 0 || count < 0 && errno != EINTR { return }
        }
    }
}
