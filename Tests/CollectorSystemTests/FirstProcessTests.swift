import CollectorProtocol
import Glibc
import TestSupport
import Testing

@Suite("The first process of a collector's pod")
struct FirstProcessTests {
    private static let second: Int64 = 1_000_000_000

    /// Starts it in a PID namespace of its own, and tells its number in this one.
    private func first(on host: SingleHost) async throws -> (unshare: CollectorProcess, number: pid_t) {
        let unshare = try host.collector("wait", wrapper: ["unshare", "--pid", "--fork", "--kill-child"])
        for _ in 0..<500 {
            let children = try readText("/proc/\(unshare.processID)/task/\(unshare.processID)/children")
            if let number = children.split(separator: " ").first.flatMap({ pid_t($0) }) {
                try await waitsForSignals(number)
                return (unshare, number)
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw ProcessError("unshare started nothing")
    }

    /// Returns when a process stands in sigwait(3).
    private func waitsForSignals(_ number: pid_t) async throws {
        for _ in 0..<500 {
            if try readText("/proc/\(number)/wchan").contains("sigtimedwait") { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw ProcessError("process \(number) waits for no signals")
    }

    @Test("ends when it is told to", arguments: [SIGTERM, SIGINT, SIGHUP])
    func told(_ number: Int32) async throws {
        try await SingleHost.with { host in
            let (unshare, first) = try await first(on: host)
            #expect(kill(first, number) == 0)
            #expect(try await unshare.ending() == .exited(0))
        }
    }

    @Test("lets a session put accounting back before everything in its namespace is killed")
    func accounting() async throws {
        try await SingleHost.with { host in
            let (unshare, first) = try await first(on: host)
            let session = try host.collector("session", wrapper: ["nsenter", "--target", "\(first)", "--pid"])
            #expect(try await session.next()?.isHello == true)
            session.send {
                $0.write(
                    Start(
                        window: 60 * Self.second, deadline: 90 * Self.second, wantsRules: false,
                        enablesAccounting: true))
            }
            #expect(try await host.switches(becoming: "1 1") == "1 1")

            #expect(kill(first, SIGTERM) == 0)

            #expect(try await unshare.ending() == .exited(0))
            #expect(try await host.switches() == "0 0")
            #expect(try await host.leftovers() == "")
        }
    }

    @Test("leaves the others alone where it is not the first")
    func notFirst() async throws {
        try await SingleHost.with { host in
            let other = try CollectorProcess("sleep", ["60"])
            let waiting = try host.collector("wait")
            try await waitsForSignals(waiting.processID)
            waiting.signal(SIGTERM)
            #expect(try await waiting.ending() == .exited(0))
            #expect(kill(other.processID, 0) == 0)
        }
    }
}
