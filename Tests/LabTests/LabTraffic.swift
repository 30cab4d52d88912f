import TestSupport

/// A known number of connections of every kind between the hosts of `LabCluster`.
///
/// Every pair of hosts, transport and port is used by one kind of exchange only, so that what is found can be counted.
enum LabTraffic {
    /// What one HTTP request downloads, in bytes.
    static let pageSize = 100_000
    /// What one upload carries, in bytes.
    static let uploadSize = 200_000
    /// What the SCTP client sends as data, in bytes.
    static let sctpSize = 512

    static func servers(directory: String) -> [LabServer] {
        let page = ["-m", "http.server", "8080", "--bind", "::", "--directory", directory]
        let echo = [Repository.path("Tests/LabTests/Programs/udp-echo.py"), "5353"]
        let ready = directory + "/sctp-ready"
        let sctp = [Repository.path("Tests/LabTests/Programs/sctp.py"), "serve", "10.244.3.2", "3868", ready]
        return [
            LabServer(on: "server-0", "python3", page, readyWhen: .listening(.tcp, 8080)),
            LabServer(on: "server-1", "python3", page, readyWhen: .listening(.tcp, 8080)),
            LabServer(on: "external", "python3", page, readyWhen: .listening(.tcp, 8080)),
            LabServer(
                on: "server-1",
                "socat",
                ["-u", "TCP6-LISTEN:9000,fork,reuseaddr,ipv6only=0", "OPEN:/dev/null"],
                readyWhen: .listening(.tcp, 9000)
            ),
            LabServer(on: "server-1", "python3", echo, readyWhen: .listening(.udp, 5353)),
            LabServer(on: "server-0", "python3", sctp, readyWhen: .file(ready)),
        ]
    }

    /// Makes all connections, side by side.
    static func make(in lab: NetworkLab) async throws {
        try await withThrowingTaskGroup { group in
            // Through Services, over both families.
            group.addTask { try await download(5, from: "http://10.96.0.10/page", on: "client-0", in: lab) }
            group.addTask { try await download(3, from: "http://10.96.0.10/page", on: "client-1", in: lab) }
            group.addTask { try await download(4, from: "http://[fd00:96::10]/page", on: "client-0", in: lab) }
            group.addTask { try await download(2, from: "http://[fd00:96::10]/page", on: "client-1", in: lab) }
            group.addTask { try await ask(6, "UDP4:10.96.0.53:53", on: "client-0", in: lab) }
            group.addTask { try await ask(2, "UDP6:[fd00:96::53]:53", on: "client-0", in: lab) }
            // To a pod's own address.
            group.addTask { try await download(2, from: "http://10.244.4.2:8080/page", on: "client-0", in: lab) }
            group.addTask { try await upload(2, to: "TCP4:10.244.4.2:9000", on: "client-1", in: lab) }
            // Out of the cluster behind the router's address, and in through its NodePort.
            group.addTask { try await download(3, from: "http://172.16.0.2:8080/page", on: "client-0", in: lab) }
            group.addTask { try await download(3, from: "http://10.240.0.10:30080/page", on: "external", in: lab) }
            group.addTask { try await download(2, from: "http://[fd00:240::10]:30080/page", on: "external", in: lab) }
            // Without ports, and with the third transport.
            group.addTask { try await ping(3, "10.244.3.2", on: "client-0", in: lab) }
            group.addTask { try await ping(2, "fd00:244:4::2", on: "client-1", in: lab) }
            group.addTask { try await associate(on: "client-0", in: lab) }
            // With nobody answering, and refused.
            group.addTask { try await sendTwoDatagrams(to: "UDP4:10.244.4.2:9999", on: "client-0", in: lab) }
            group.addTask { try await dial("10.244.4.2:9998", on: "client-1", expecting: .exited(28), in: lab) }
            group.addTask { try await dial("10.244.3.2:9997", on: "client-1", expecting: .exited(7), in: lab) }
            group.addTask { try await dial("[fd00:244:3::2]:9997", on: "client-1", expecting: .exited(7), in: lab) }
            try await group.waitForAll()
        }
    }

    /// Downloads the page over one connection after the other.
    private static func download(_ count: Int, from url: String, on host: String, in lab: NetworkLab) async throws {
        for _ in 0..<count {
            let size = try await lab.runSuccessfully(
                on: host,
                "curl",
                ["--silent", "--show-error", "--fail", "--globoff", "-o", "/dev/null", "-w", "%{size_download}", url]
            )
            guard Int(size) == pageSize else { throw Unexpected(what: "\(url): \(size) bytes") }
        }
    }

    /// Sends what the server throws away.
    private static func upload(_ count: Int, to address: String, on host: String, in lab: NetworkLab) async throws {
        let payload = [UInt8](repeating: 0x78, count: uploadSize)
        for _ in 0..<count {
            _ = try await lab.runSuccessfully(on: host, "socat", ["-u", "-", address], input: payload)
        }
    }

    /// Sends datagrams, each from a port of its own, and takes the echoes.
    private static func ask(_ count: Int, _ address: String, on host: String, in lab: NetworkLab) async throws {
        try await withThrowingTaskGroup { group in
            for number in 0..<count {
                group.addTask {
                    let question = "question \(number)"
                    let dial = ["-t", "2", "-", address]
                    let echo = try await lab.runSuccessfully(on: host, "socat", dial, input: Array(question.utf8))
                    guard echo == question else { throw Unexpected(what: "\(address) answered '\(echo)'") }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func ping(_ count: Int, _ address: String, on host: String, in lab: NetworkLab) async throws {
        let arguments = ["-n", "-q", "-i", "0.2", "-W", "5", "-c", String(count), address]
        _ = try await lab.runSuccessfully(on: host, "ping", arguments)
    }

    private static func associate(on host: String, in lab: NetworkLab) async throws {
        let program = Repository.path("Tests/LabTests/Programs/sctp.py")
        let arguments = [program, "dial", "10.244.3.2", "3868", String(sctpSize)]
        _ = try await lab.runSuccessfully(on: host, "python3", arguments)
    }

    private static func sendTwoDatagrams(to address: String, on host: String, in lab: NetworkLab) async throws {
        let script = "(printf one; sleep 0.3; printf two) | socat -u - \(address)"
        _ = try await lab.runSuccessfully(on: host, "sh", ["-c", script])
    }

    /// Dials with curl for more than the three seconds after which a dial counts as unanswered; curl tells a timeout
    /// (28) from a refusal (7).
    private static func dial(
        _ address: String,
        on host: String,
        expecting status: CommandStatus,
        in lab: NetworkLab
    ) async throws {
        let arguments = ["--silent", "--globoff", "--connect-timeout", "3.5", "http://\(address)/"]
        let result = try await lab.run(on: host, "curl", arguments)
        guard result.status == status else { throw Unexpected(what: "curl \(address): \(result.status)") }
    }

    /// The traffic did not go as planned, so that nothing can be said about what was recorded.
    struct Unexpected: Error, CustomStringConvertible {
        let what: String
        var description: String { "the lab's traffic: \(what)" }
    }
}
