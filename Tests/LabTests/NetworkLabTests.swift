import TestSupport
import Testing

@Suite("The network lab")
struct NetworkLabLifetime {
    private let oneHost = LabTopology(
        hosts: [
            LabHost(
                "host-0",
                ipv4: "10.244.9.2",
                ipv6: "fd00:244:9::2",
                gatewayIPv4: "10.244.9.1",
                gatewayIPv6: "fd00:244:9::1",
                accounting: false
            )
        ]
    )

    private func exists(_ namespace: String) -> Bool { fileExists("/run/netns/" + namespace) }

    @Test("joins hosts over both families, and counts only where accounting is on")
    func connects() async throws {
        let namespaces = try await withNetworkLab(oneHost) { lab in
            for address in ["10.244.9.1", "fd00:244:9::1"] {
                _ = try await lab.runSuccessfully(on: "host-0", "ping", ["-n", "-c", "1", "-W", "2", address])
            }
            let onHost = try await lab.conntrackTable(of: "host-0")
            let onRouter = try await lab.conntrackTable(of: NetworkLab.router)
            for table in [onHost, onRouter] {
                #expect(lines(of: table, containing: "src=10.244.9.2 dst=10.244.9.1").count == 1)
                #expect(lines(of: table, containing: "src=fd00:244:9::2 dst=fd00:244:9::1").count == 1)
            }
            #expect(!onHost.contains("bytes="))
            #expect(lines(of: onRouter, containing: "bytes=84").count == 1)
            #expect(lines(of: onRouter, containing: "delta-time=").count == 2)
            return ["router", "host-0"].map(lab.namespace(of:))
        }
        #expect(namespaces.filter(exists) == [])
    }

    @Test("leads nowhere outside")
    func isolated() async throws {
        try await withNetworkLab(oneHost) { lab in
            let links = try await lab.runSuccessfully(on: NetworkLab.router, "ip", ["-o", "link"])
            #expect(links.split(separator: "\n").count == 2, "the loopback and the host's link: \(links)")
        }
    }

    @Test("is taken down when its body throws, with what still runs in it")
    func bodyThrows() async throws {
        var namespaces: [String] = []
        await #expect(throws: Failure.self) {
            try await withNetworkLab(oneHost) { lab in
                namespaces = ["router", "host-0"].map(lab.namespace(of:))
                #expect(namespaces.filter(exists) == namespaces)
                // A daemon leaves the process group of what started it.
                _ = try await lab.run(on: "host-0", "sh", ["-c", "setsid sleep 60 >/dev/null 2>&1 </dev/null &"])
                throw Failure()
            }
        }
        #expect(namespaces.count == 2)
        #expect(namespaces.filter(exists) == [])
    }

    @Test("is taken down when the task is cancelled")
    func cancelled() async throws {
        let (built, continuation) = AsyncStream<[String]>.makeStream()
        let topology = oneHost
        let task = Task {
            try await withNetworkLab(topology) { lab in
                continuation.yield(["router", "host-0"].map(lab.namespace(of:)))
                _ = try await lab.run(on: "host-0", "sleep", ["60"], timeout: .seconds(60))
            }
        }
        var iterator = built.makeAsyncIterator()
        let namespaces = try #require(await iterator.next())
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
        #expect(namespaces.filter(exists) == [])
    }

    @Test("two labs at the same time do not meet")
    func concurrent() async throws {
        try await withNetworkLab(oneHost) { first in
            try await withNetworkLab(oneHost) { second in
                #expect(first.namespace(of: "host-0") != second.namespace(of: "host-0"))
                _ = try await first.runSuccessfully(on: "host-0", "ping", ["-n", "-c", "1", "10.244.9.1"])
                #expect(try await second.conntrackTable(of: "host-0") == "")
            }
            #expect(exists(first.namespace(of: "host-0")))
        }
    }

    @Test("clears what a run left that was killed")
    func stale() async throws {
        // A process that has ended, so that its number belongs to nobody.
        let ended = try await withBackgroundCommand("true") { $0.processID }.value
        let left = "nvlab\(ended)-1-host-0"
        _ = try await runSuccessfully("ip", ["netns", "add", left])
        #expect(exists(left))
        try await withNetworkLab(oneHost) { _ in }
        #expect(!exists(left))
    }

    @Test("runs servers while its body does, and says which one does not listen")
    func servers() async throws {
        try await withNetworkLab(oneHost) { lab in
            let server = LabServer(
                on: "host-0",
                "socat",
                ["TCP6-LISTEN:8080,fork,ipv6only=0", "PIPE"],
                readyWhen: .listening(.tcp, 8080)
            )
            try await lab.withServers([server]) {
                let dial = ["-t", "2", "-", "TCP4:10.244.9.2:8080"]
                let answer = try await lab.run(on: "router", "socat", dial, input: Array("hello".utf8))
                #expect(answer.outputText == "hello")
            }
            let refused = try await lab.run(on: "router", "socat", ["-", "TCP4:10.244.9.2:8080"])
            #expect(refused.status == .exited(1))
        }
    }
}

/// The lines of a text that contain all of the parts.
func lines(of text: String, containing parts: String...) -> [Substring] {
    text.split(separator: "\n").filter { line in parts.allSatisfy { line.contains($0) } }
}
