import CollectorProtocol
import Glibc
import NetModel
import TestSupport
import Testing

@Suite("Accounting that is switched on for a run")
struct AccountingTests {
    private static let second: Int64 = 1_000_000_000

    /// Starts a session that has switched accounting on, and waits in a window of a minute.
    private func runningSession(on host: SingleHost, wrapper: [String] = []) async throws -> CollectorProcess {
        let collector = try host.collector("session", wrapper: wrapper)
        #expect(try await collector.next()?.isHello == true)
        let start = Start(
            window: 60 * Self.second,
            deadline: 90 * Self.second,
            wantsRules: false,
            enablesAccounting: true
        )
        collector.send { $0.write(start) }
        #expect(try await host.switches(becoming: "1 1") == "1 1")
        return collector
    }

    /// Says how the switches are in the end, once nothing is left of the run.
    private func restored(_ host: SingleHost) async throws -> String {
        #expect(try await host.leftovers() == "")
        return try await host.switches()
    }

    @Test("is off again after a window, and connections born within it were counted")
    func normalEnd() async throws {
        try await SingleHost.with { host in
            let collector = try host.collector("window", "--seconds", "3", "--enable-accounting", "--no-rules")
            #expect(try await host.switches(becoming: "1 1") == "1 1")
            try await host.within(collector) { try await host.refusedConnections(3) }
            let messages = try await collector.messages()
            #expect(try await collector.ending() == .exited(0))
            #expect(try await host.switches() == "0 0")
            #expect(try await restored(host) == "0 0")
            let entries = messages.flatMap(\.entries)
            #expect(entries.count == 3)
            #expect(entries.allSatisfy { $0.originalCounters?.packets == 1 && $0.start != nil })
        }
    }

    @Test("is off again after a run that failed")
    func failure() async throws {
        try await SingleHost.with { host in
            let collector = try host.collector(
                "window", "--seconds", "30", "--deadline", "3", "--enable-accounting", "--no-rules")
            #expect(try await host.switches(becoming: "1 1") == "1 1")
            let messages = try await collector.messages()
            #expect(messages.last?.failure?.topic == .deadline)
            #expect(try await collector.ending() == .exited(1))
            #expect(try await restored(host) == "0 0")
        }
    }

    @Test("is off again when the session's input ends")
    func endOfInput() async throws {
        try await SingleHost.with { host in
            let collector = try await runningSession(on: host)
            collector.closeInput()
            #expect(try await collector.ending() == .exited(0))
            #expect(try await host.switches() == "0 0")
            #expect(try await restored(host) == "0 0")
        }
    }

    @Test("is off again when a signal ends the collector", arguments: [SIGINT, SIGTERM, SIGHUP, SIGKILL])
    func signalled(_ number: Int32) async throws {
        try await SingleHost.with { host in
            let collector = try await runningSession(on: host)
            collector.signal(number)
            #expect(try await collector.ending() == .signaled(number))
            #expect(try await host.switches(becoming: "0 0") == "0 0")
            #expect(try await restored(host) == "0 0")
        }
    }

    @Test("is off again when Ctrl-C reaches every process of the terminal")
    func interruptedGroup() async throws {
        try await SingleHost.with { host in
            let collector = try await runningSession(on: host)
            collector.signalGroup(SIGINT)
            #expect(try await collector.ending() == .signaled(SIGINT))
            #expect(try await restored(host) == "0 0")
        }
    }

    @Test("is off again when kubectl-netviz is ended by a signal", arguments: [SIGINT, SIGTERM, SIGKILL])
    func clientKilled(_ number: Int32) async throws {
        try await SingleHost.with { host in
            let arguments = ["flows", "--local", "--window", "60s", "--enable-accounting"]
            let netviz = try CollectorProcess(
                "nsenter",
                host.lab.entering(NetworkLab.router, try BuiltExecutable.kubectlNetviz(), arguments)
            )
            #expect(try await host.switches(becoming: "1 1") == "1 1")
            netviz.signal(number)
            _ = try await netviz.ending()
            #expect(try await restored(host) == "0 0")
        }
    }

    @Test("is on until the last of two runs ends", arguments: [true, false])
    func concurrent(_ firstEndsFirst: Bool) async throws {
        try await SingleHost.with { host in
            let first = try await runningSession(on: host)
            let second = try await runningSession(on: host)
            let (sooner, later) = firstEndsFirst ? (first, second) : (second, first)
            // Both are in their windows: the second one, too, has found the switches and taken note of the old values.
            try await host.lab.waitUntilConntrackIsWatched(on: NetworkLab.router, by: 2)
            sooner.signal(SIGKILL)
            _ = try await sooner.ending()
            #expect(try await socketsOfRuns(host, becoming: 1) == 1)
            #expect(try await host.switches() == "1 1")
            later.closeInput()
            #expect(try await later.ending() == .exited(0))
            #expect(try await restored(host) == "0 0")
        }
    }

    @Test("is restored after two runs whose processes have the same number, each in a container of its own")
    func sameProcessNumbers() async throws {
        try await SingleHost.with { host in
            // The first process of a PID namespace is 1 in each; the network namespace is the node's.
            let container = ["unshare", "--pid", "--fork", "--kill-child"]
            let first = try await runningSession(on: host, wrapper: container)
            let second = try await runningSession(on: host, wrapper: container)
            #expect(try await socketsOfRuns(host, becoming: 2) == 2)
            first.closeInput()
            #expect(try await first.messages().isEmpty)
            #expect(try await first.ending() == .exited(0))
            #expect(try await host.switches() == "1 1")
            second.closeInput()
            #expect(try await second.messages().isEmpty)
            #expect(try await second.ending() == .exited(0))
            #expect(try await restored(host) == "0 0")
        }
    }

    @Test("is restored after many runs that begin and end at once")
    func manyAtOnce() async throws {
        try await SingleHost.with { host in
            var runs: [CollectorProcess] = []
            for _ in 0..<8 {
                let run = try host.collector("session")
                run.send {
                    $0.write(
                        Start(
                            window: 60 * Self.second,
                            deadline: 90 * Self.second,
                            wantsRules: false,
                            enablesAccounting: true
                        ))
                }
                runs.append(run)
            }
            #expect(try await socketsOfRuns(host, becoming: 8) == 8)
            #expect(try await host.switches() == "1 1")
            for (number, run) in runs.enumerated() {
                if number % 2 == 0 { run.closeInput() } else { run.signal(SIGKILL) }
            }
            for (number, run) in runs.enumerated() {
                #expect(try await run.ending() == (number % 2 == 0 ? .exited(0) : .signaled(SIGKILL)))
            }
            #expect(try await restored(host) == "0 0")
        }
    }

    /// How many runs keep accounting on, as their sockets tell.
    private func socketsOfRuns(_ host: SingleHost, becoming wanted: Int) async throws -> Int {
        var count = -1
        for _ in 0..<200 {
            let table = try await host.run("cat", "/proc/net/unix")
            count = table.split(separator: "\n").count { $0.contains("@netviz.accounting.") }
            if count == wanted { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        return count
    }

    @Test("leaves on what was on before", arguments: [(1, 0), (0, 1), (1, 1)])
    func alreadyOn(_ accounting: Int, _ timestamps: Int) async throws {
        try await SingleHost.with(accounting: accounting, timestamps: timestamps) { host in
            let collector = try await runningSession(on: host)
            collector.closeInput()
            #expect(try await collector.ending() == .exited(0))
            #expect(try await restored(host) == "\(accounting) \(timestamps)")
        }
    }

    @Test("is missing with a notice where the sysctls cannot be written, and the rest is told")
    func readOnly() async throws {
        try await SingleHost.with { host in
            // As in a container without privileges: /proc/sys is mounted read-only.
            let script = "mount --bind /proc/sys /proc/sys && mount -o remount,ro,bind /proc/sys && exec \"$@\""
            let collector = try host.collector(
                "window", "--seconds", "3", "--enable-accounting", "--no-rules",
                wrapper: ["unshare", "--mount", "sh", "-c", script, "sh"]
            )
            try await host.within(collector) { try await host.refusedConnections(2) }
            let messages = try await collector.messages()
            #expect(messages.map(\.word) == ["HELLO", "NOTICE", "ENTRIES", "END"])
            let notice = try #require(messages.lazy.compactMap(\.notice).first)
            #expect(notice.topic == .accounting)
            #expect(
                notice.text
                    == "accounting is not switched on: /proc/sys/net/netfilter/nf_conntrack_acct cannot be written: "
                    + "Read-only file system")
            #expect(messages.last?.end?.entries == 2)
            #expect(try await collector.ending() == .exited(0))
            #expect(try await restored(host) == "0 0")
        }
    }
}
