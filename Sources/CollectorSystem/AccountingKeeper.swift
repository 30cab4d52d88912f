import CollectorProtocol
import Glibc

/// Switches accounting and timestamps on for a run and back after it.
///
/// A process of its own does it (`netviz-collector keep-accounting`), which lives until its standard input ends: however
/// the collector dies, a kill included, the old values come back. Several runs in one network namespace know of one
/// another through abstract sockets (unix(7)), which belong to the namespace and vanish with their process: each run's
/// socket is named after the old values and a number of its own, a run that finds others takes the old values from them,
/// and the last to end restores.
enum AccountingKeeper {
    /// The sysctls that are switched on, in the order in which their old values stand in a socket's name.
    private static let sysctls = [Sysctl.accounting, Sysctl.timestamps]
    private static let prefix = "netviz.accounting."
    private static let lockName = "netviz.accounting-lock"
    /// The most runs at a time.
    private static let runs = 1000
    /// How long another run is waited for that is just switching, in steps of ten milliseconds.
    private static let lockSteps = 1000

    /// The body of `keep-accounting`: switches on, says "on" or what failed in a line on standard output, waits for
    /// the end of standard input, and switches back. Returns the exit code.
    static func run() -> Int32 {
        // A terminal's Ctrl-C goes to the whole group; what ends this process is its input.
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE] { signal(number, SIG_IGN) }
        switch begin() {
        case .success(let held):
            say("on")
            waitForEndOfInput()
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
        let socket: Int32
        let oldValues: [String]
    }

    private static func begin() -> Result<Held, Problem> {
        guard let lock = acquireLock() else {
            return .failure(Problem(text: "another run is switching accounting and does not come to an end"))
        }
        defer { close(lock) }
        let others = socketNames()
        let current = sysctls.map { SmallFile.text($0) }
        guard let accounting = current[0] else {
            return .failure(Problem(text: "\(sysctls[0]) cannot be read: the kernel does not track connections here"))
        }
        let now = [accounting, current[1] ?? "-"]
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
        let lock = acquireLock()
        restore(held)
        if let lock { close(lock) }
    }

    /// Restores the old values when no other run is left.
    private static func restore(_ held: Held) {
        close(held.socket)
        guard socketNames().isEmpty else { return }
        for (path, value) in zip(sysctls, held.oldValues) where value != "-" { _ = SmallFile.write(value, to: path) }
    }

    /// A socket named with the first number that is free. It is not the process's own: containers have processes of equal
    /// numbers, and may share the node's network namespace.
    private static func bindFirstFree(name: String) -> Int32? {
        for number in 1...runs {
            if let socket = bind(name + String(number)) { return socket }
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
        return table.split(separator: "\n").compactMap { line in
            guard let at = line.lastIndex(of: "@") else { return nil }
            let name = line[line.index(after: at)...]
            return name.hasPrefix(prefix) ? String(name) : nil
        }
    }

    /// An abstract socket that only one process can have at a time.
    private static func acquireLock() -> Int32? {
        for _ in 0..<lockSteps {
            if let lock = bind(lockName) { return lock }
            guard errno == EADDRINUSE else { return nil }
            usleep(10_000)
        }
        return nil
    }

    private static func bind(_ name: String) -> Int32? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(name.utf8)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard bytes.count < room else { return nil }
        // The name begins after a zero byte and is as long as the address's length says.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { path in
            unsafe path[0] = 0
            for (index, byte) in bytes.enumerated() { unsafe path[index + 1] = byte }
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + 1 + bytes.count)
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.bind(descriptor, $0, length)
            }
        }
        guard result == 0 else {
            let code = errno
            close(descriptor)
            errno = code
            return nil
        }
        return descriptor
    }

    private static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }

    private static func waitForEndOfInput() {
        var buffer: [UInt8] = [0]
        while true {
            let count = unsafe read(STDIN_FILENO, &buffer, 1)
            if count == 0 || count < 0 && errno != EINTR { return }
        }
    }
}
