import CollectorProtocol
import Glibc
import TestSupport
import Testing

@Suite("Accounting where somebody else holds sockets of the names by which runs know of one another")
struct ForeignSocketTests {
    /// How a socket is held.
    enum Kind: String, Sendable {
        case listening, bound, datagram
    }

    /// Binds abstract names as a user without rights, until the value goes.
    private func hold(_ names: [(Kind, String)], on host: SingleHost) async throws -> CollectorProcess {
        let program = try readText(Repository.path("Tests/CollectorSystemTests/Programs/hold-names.py"))
        let words = names.map { "\($0.0.rawValue)=\($0.1)" }
        let process = try CollectorProcess(
            "nsenter",
            host.lab.entering(
                NetworkLab.router,
                "setpriv",
                ["--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3", "-I", "-S", "-c", program]
                    + words
            )
        )
        for _ in 0..<500 {
            let table = try await host.run("cat", "/proc/net/unix")
            if names.allSatisfy({ table.contains("@\($0.1)") }) { return process }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw ProcessError("the names are not bound: \(process.errorText())")
    }

    @Test("is off again after a run, whatever old values a stranger's sockets name")
    func spoofedRuns() async throws {
        try await SingleHost.with { host in
            let stranger = try await hold(
                [
                    (.listening, "netviz.accounting.1.1.97"),
                    (.bound, "netviz.accounting.1.1.98"),
                    (.datagram, "netviz.accounting.1.1.99"),
                ],
                on: host
            )
            let collector = try host.collector("window", "--seconds", "1", "--enable-accounting", "--no-rules")
            #expect(try await host.switches(becoming: "1 1") == "1 1")
            let messages = try await collector.messages()
            #expect(messages.last?.isEnd == true)
            #expect(messages.compactMap(\.notice).allSatisfy { $0.topic != .accounting })
            #expect(try await collector.ending() == .exited(0))
            #expect(try await host.switches() == "0 0")
            stranger.signal(SIGKILL)
        }
    }

    @Test(
        "is missing with a notice where a stranger holds the lock, and the run goes on",
        arguments: [
            (Kind.listening, "a process of user 65534 holds the abstract socket @netviz.accounting-lock"),
            (.bound, "a process that cannot be asked for its user holds the abstract socket @netviz.accounting-lock"),
        ]
    )
    func squattedLock(_ kind: Kind, _ reason: String) async throws {
        try await SingleHost.with { host in
            let stranger = try await hold([(kind, "netviz.accounting-lock")], on: host)
            let collector = try host.collector("window", "--seconds", "1", "--enable-accounting", "--no-rules")
            #expect(try await collector.next()?.isHello == true)
            let begin = ContinuousClock.now
            let notice = try await collector.next()?.notice
            // A run that does not come to an end would be waited for ten seconds.
            #expect(ContinuousClock.now - begin < .seconds(2))
            #expect(notice == Notice(topic: .accounting, text: "accounting is not switched on: \(reason)"))
            #expect(try await host.switches() == "0 0")
            let messages = try await collector.messages()
            #expect(messages.last?.isEnd == true)
            #expect(try await collector.ending() == .exited(0))
            stranger.signal(SIGKILL)
        }
    }

    @Test("is off again where a stranger holds the lock when a run ends")
    func squattedAtTheEnd() async throws {
        try await SingleHost.with { host in
            let collector = try host.collector("window", "--seconds", "2", "--enable-accounting", "--no-rules")
            #expect(try await host.switches(becoming: "1 1") == "1 1")
            let stranger = try await hold([(.listening, "netviz.accounting-lock")], on: host)
            let messages = try await collector.messages()
            #expect(messages.last?.isEnd == true)
            #expect(try await collector.ending() == .exited(0))
            #expect(try await host.switches() == "0 0")
            stranger.signal(SIGKILL)
        }
    }
}
