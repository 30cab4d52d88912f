import TestSupport

/// Real programs that dial the lab's servers, a known number of times and with known sizes.
struct RealClients: Sendable {
    /// What curl carried above TCP, in bytes, and over how many connections.
    struct Transfers: Sendable {
        var requests = 0
        var responses = 0
        /// Connections that curl opened.
        var connections = 0
    }

    /// The client's ports of iperf3's data, and of what nmap sends. iperf3 takes its port in both families at once.
    static func iperfTCP(_ family: LabFamily) -> Int { family == .ipv4 ? 42001 : 42101 }
    static func iperfUDP(_ family: LabFamily) -> Int { family == .ipv4 ? 42002 : 42102 }
    static let halfOpen = 42003, filtered = 42004, filteredUDP = 42005, closedUDP = 42006

    /// How many connections of one request, and requests of one connection.
    static let downloads = 5, keptRequests = 4
    /// How many connections through the Service.
    static let throughService = 3
    /// What iperf3 sends, and the pieces that it sends UDP in, in bytes.
    static let streamed = 196_608, datagrams = 200, datagramSize = 1000
    /// What dnsperf asks, from how many sockets.
    static let queries = 40, resolvers = 4
    static let pings = 3
    /// What socat sends and gets back, in bytes.
    static let echoed = 900
    static let message = "one datagram, unanswered"
    /// Where nothing listens; where a host or the router drops what comes.
    static let closed = 9200...9204
    static let droppedByServer = 9996, droppedByRouter = 9995

    let lab: NetworkLab
    let directory: String
    let family: LabFamily

    private var server0: String { family.address(of: "server-0") }
    private var server1: String { family.address(of: "server-1") }

    // MARK: HTTP

    /// Downloads the file over one connection after the other.
    func downloadEach() async throws -> Transfers {
        var all = Transfers()
        for _ in 0..<Self.downloads {
            let one = try await curl(family.literal(server0) + ":\(RealServers.oneRequest)", requests: 1)
            all.requests += one.requests
            all.responses += one.responses
            all.connections += one.connections
        }
        return all
    }

    /// Downloads the file again and again over one connection.
    func downloadOverOne() async throws -> Transfers {
        try await curl(family.literal(server0) + ":\(RealServers.keepAlive)", requests: Self.keptRequests)
    }

    func downloadThroughService() async throws {
        let service = family.literal(family == .ipv4 ? "10.96.0.10" : "fd00:96::10")
        for _ in 0..<Self.throughService { _ = try await curl(service, requests: 1) }
    }

    private func curl(_ authority: String, requests: Int) async throws -> Transfers {
        let one = ["-o", "/dev/null", "http://\(authority)/file"]
        let told = try await lab.runSuccessfully(
            on: "client-0",
            "curl",
            [
                "--silent", "--show-error", "--fail", "--globoff",
                "-w", "%{size_request} %{size_header} %{size_download} %{num_connects}\n",
            ] + Array(repeating: one, count: requests).joined()
        )
        let lines = told.split(separator: "\n").map { $0.split(separator: " ").compactMap { Int($0) } }
        guard lines.count == requests, lines.allSatisfy({ $0.count == 4 && $0[2] == RealServers.fileSize }) else {
            throw LabTraffic.Unexpected(what: "curl \(authority): \(told)")
        }
        return lines.reduce(into: Transfers()) { sum, line in
            sum.requests += line[0]
            sum.responses += line[1] + line[2]
            sum.connections += line[3]
        }
    }

    // MARK: iperf3 and dnsperf

    /// Sends a stream that fits the server's buffer, at a rate at which it has arrived before the client says that it
    /// ends: what has not arrived by then is never sent.
    func stream() async throws {
        let amount = ["-n", String(Self.streamed), "-l", "32768", "-b", "20M", "-w", "200K"]
        try await iperf(RealServers.iperfTCP(family), amount + ["--cport", String(Self.iperfTCP(family))])
    }

    func sendDatagrams() async throws {
        try await iperf(
            RealServers.iperfUDP(family),
            [
                "-u", "-n", String(Self.datagrams * Self.datagramSize), "-l", String(Self.datagramSize), "-b", "20M",
                "--cport", String(Self.iperfUDP(family)),
            ]
        )
    }

    private func iperf(_ port: Int, _ arguments: [String]) async throws {
        _ = try await lab.runSuccessfully(on: "client-0", "iperf3", ["-c", server0, "-p", String(port)] + arguments)
    }

    /// Asks for names of 16 characters, each once.
    func askNames() async throws {
        let file = "\(directory)/queries-\(family.rawValue)"
        let names = (10..<10 + Self.queries).map { "host-\($0).lab.test A\n" }
        try writeFile(names.joined().utf8, to: file)
        let service = family == .ipv4 ? "10.96.0.53" : "fd00:96::53"
        let told = try await lab.runSuccessfully(
            on: "client-0",
            "dnsperf",
            ["-s", service, "-d", file, "-n", "1", "-c", String(Self.resolvers)]
        )
        guard told.contains("Response codes:       NOERROR \(Self.queries) (100.00%)") else {
            throw LabTraffic.Unexpected(what: "dnsperf: \(told)")
        }
    }

    // MARK: nmap

    /// Connects to ports where nothing listens.
    func scanClosed() async throws {
        try await nmap(server0, ["-sT", "-p", "\(Self.closed.lowerBound)-\(Self.closed.upperBound)"], "closed")
    }

    /// Sends a SYN to an open port and leaves the answer to be reset.
    func scanHalfOpen() async throws {
        try await nmap(
            server0, ["-sS", "-g", String(Self.halfOpen), "-p", String(RealServers.service)], "open")
    }

    /// Sends two SYNs, and two datagrams, to ports that the server's packet filter drops.
    func scanFiltered() async throws {
        try await nmap(server1, ["-sS", "-g", String(Self.filtered), "-p", "9998"], probes: 2, "filtered")
    }

    func scanFilteredUDP() async throws {
        try await nmap(
            server1,
            ["-sU", "-g", String(Self.filteredUDP), "--data-length", "10", "-p", "9999"],
            probes: 2,
            "open|filtered"
        )
    }

    /// Sends one datagram to a port where nothing listens, which an ICMP error answers.
    func scanClosedUDP() async throws {
        try await nmap(
            server0, ["-sU", "-g", String(Self.closedUDP), "--data-length", "10", "-p", "9997"], "closed")
    }

    /// - Parameter probes: how often nmap tries, where nothing comes back.
    private func nmap(_ address: String, _ arguments: [String], probes: Int = 1, _ state: String) async throws {
        let common = ["-Pn", "-n", "--max-retries", String(probes - 1)] + (family == .ipv6 ? ["-6"] : [])
        let told = try await lab.runSuccessfully(on: "client-1", "nmap", common + arguments + [address])
        let ports = told.split(separator: "\n").filter { $0.contains("/tcp ") || $0.contains("/udp ") }
        guard !ports.isEmpty, ports.allSatisfy({ $0.split(separator: " ")[1] == state }) else {
            throw LabTraffic.Unexpected(what: "nmap \(arguments): \(told)")
        }
    }

    // MARK: ping, nc and socat

    func ping() async throws {
        let arguments = ["-n", "-q", "-i", "0.2", "-W", "5", "-c", String(Self.pings), server0]
        _ = try await lab.runSuccessfully(on: "client-0", "ping", arguments)
    }

    /// Connects to a server that closes at once, and closes as well.
    func openAndClose() async throws {
        _ = try await netcat(["-N", server1, String(RealServers.closing(family))])
    }

    func sendOneDatagram() async throws {
        _ = try await netcat(
            ["-u", "-w", "1", server1, String(RealServers.datagram(family))], input: Array(Self.message.utf8))
    }

    /// Dials, for four seconds, what is dropped.
    func dialDropped(_ port: Int) async throws {
        let result = try await lab.run(on: "client-0", "nc", ["-z", "-w", "4", server1, String(port)])
        guard result.status == .exited(1) else {
            throw LabTraffic.Unexpected(what: "nc \(port): \(result.status)")
        }
    }

    private func netcat(_ arguments: [String], input: [UInt8] = []) async throws -> String {
        try await lab.runSuccessfully(on: "client-0", "nc", arguments, input: input)
    }

    /// Sends bytes over TCP, or in one datagram, and takes the echo.
    func echo(_ transport: String) async throws {
        let number = family == .ipv4 ? "4" : "6"
        let address = "\(transport)\(number):\(family.literal(server1)):\(RealServers.echo)"
        let payload = [UInt8](repeating: 0x78, count: Self.echoed)
        let echo = try await lab.runSuccessfully(on: "client-1", "socat", ["-t", "1", "-", address], input: payload)
        guard echo.utf8.count == Self.echoed else {
            throw LabTraffic.Unexpected(what: "\(address) answered \(echo.utf8.count) bytes")
        }
    }
}
