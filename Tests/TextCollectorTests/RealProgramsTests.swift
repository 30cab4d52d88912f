import CollectorClient
import CollectorProtocol
import FlowGraph
import NetModel
import NetvizCommands
import TestSupport
import Testing
import TextCollector

@Suite("A node's own programs on a real kernel", .serialized)
struct RealProgramsTests {
    private static let hosts = [
        LabHost(
            "client", ipv4: "10.244.1.2", ipv6: "fd00:244:1::2", gatewayIPv4: "10.244.1.1", gatewayIPv6: "fd00:244:1::1"
        ),
        LabHost(
            "server", ipv4: "10.244.2.2", ipv6: "fd00:244:2::2", gatewayIPv4: "10.244.2.1",
            gatewayIPv6: "fd00:244:2::1", drops: ["udp dport 9999"]),
    ]

    /// A client whose connections are there before the window, and that does more with them when it is told to.
    private func withTraffic<Value>(
        _ body: (_ lab: NetworkLab, _ inside: @Sendable () async throws -> Void) async throws -> Value
    ) async throws -> Value {
        try await withNetworkLab(LabTopology(hosts: Self.hosts)) { lab in
            try await withTemporaryDirectory { folder in
                func program(_ name: String) -> String { Repository.path("Tests/LabTests/Programs/" + name) }
                let server = LabServer(
                    on: "server", "python3", [program("echo.py"), "7000"], readyWhen: .listening(.tcp, 7000))
                let client = LabServer(
                    on: "client", "python3", [program("window-client.py"), folder, "10.244.2.2", "fd00:244:2::2"],
                    readyWhen: .file("\(folder)/ready"))
                return try await lab.withServers([server]) {
                    try await lab.withServers([client]) {
                        try await body(lab) {
                            _ = try await lab.runSuccessfully(on: "client", "touch", ["\(folder)/go"])
                            while !fileExists("\(folder)/done") { try await Task.sleep(for: .milliseconds(10)) }
                        }
                    }
                }
            }
        }
    }

    /// What a collector's own window of eight seconds says.
    private static func collector(_ lab: NetworkLab) async throws -> [CollectorMessage] {
        let result = try await lab.run(
            on: NetworkLab.router, try BuiltExecutable.netvizCollector(), ["window", "--seconds", "8", "--no-rules"])
        var reader = FrameStreamReader()
        var messages: [CollectorMessage] = []
        try reader.read(result.output.span) { messages.append($0) }
        return messages
    }

    /// Connections of the client, without what timeouts say: of lines their moments are not known so well.
    private static func connections(_ messages: [CollectorMessage]) -> [String] {
        messages.told.filter { $0.hasPrefix("41") }.map { $0.replacing(" refreshed", with: "") }
    }

    @Test("tell of a window what was carried to the byte, opened, closed and refused, as netviz-collector does")
    func window() async throws {
        let (text, collector) = try await withTraffic { lab, inside in
            let pipe = TextCollector(ChildPrograms(lab, on: NetworkLab.router))
            async let collector = Self.collector(lab)
            async let text = pipe.answers(to: .window(8000))
            try await lab.waitUntilConntrackIsWatched(on: NetworkLab.router, by: 2)
            // The first listings of so small a table take no longer.
            try await Task.sleep(for: .milliseconds(800))
            try await inside()
            return try await (text, collector)
        }
        let told = Self.connections(text)
        #expect(told == Self.connections(collector))
        #expect(told.count == 16)
        for (base, header, syn, reset) in [(41000, 28, 60, 40), (41100, 48, 80, 60)] {
            #expect(told.contains("\(base + 1) first second 0/0"))
            #expect(told.contains("\(base + 6) new destroy \(syn)/\(reset)"))
            #expect(told.contains("\(base + 7) second new \(2 * (10 + header))/0"))
            #expect(told.contains("\(base + 8) first second \(3 * (100 + header))/\(3 * (100 + header))"))
        }
        let end = try #require(text.end)
        let other = try #require(collector.end)
        #expect((8 * second..<second * 85 / 10).contains(end.window))
        #expect(end.losses.eventOverruns == 0)
        #expect(end.losses.undecodable == 0)
        #expect(end.tableCount == other.tableCount)
        #expect(end.tableMaximum == other.tableMaximum)
        #expect(end.statistics?.insertFailed == other.statistics?.insertFailed)
        let facts = try #require(text.hello?.facts)
        #expect(facts.textSource == .conntrack)
        #expect(facts.accounting == true)
        #expect(facts.timestamps == true)
        #expect(facts.eventsMode == 2)
        #expect(facts.bypassSigns == [])
        #expect(text.entries.contains { ($0.ageSeconds ?? 0) > 0 })
        // Every event happened within the window, by the client's clock.
        let times = text.entries.compactMap(\.eventTime?.nanoseconds)
        #expect(times.allSatisfy { $0 >= end.began && $0 <= end.ended })
    }

    @Test("of an image without cat tell the same, but for the sysctls")
    func withoutCat() async throws {
        let text = try await withTraffic { lab, inside in
            let pipe = TextCollector(ChildPrograms(lab, on: NetworkLab.router, without: ["cat"]))
            async let text = pipe.answers(to: .window(6000))
            try await lab.waitUntilConntrackIsWatched(on: NetworkLab.router)
            try await Task.sleep(for: .milliseconds(700))
            try await inside()
            return try await text
        }
        #expect(Self.connections(text).contains("41006 new destroy 60/40"))
        #expect(Self.connections(text).contains("41108 first second 444/444"))
        let facts = try #require(text.hello?.facts)
        #expect(facts.accounting == nil)
        #expect(facts.eventsMode == nil)
        #expect(facts.tableMaximum == nil)
        #expect((facts.tableCount ?? 0) >= 8)
        #expect(text.end?.eventsMode == 2)
    }

    @Test("on two nodes at once have windows that coincide, and see one connection from both sides")
    func fleet() async throws {
        let watched = try await withTraffic { lab, inside in
            let pipes = ["client", "server"].map {
                (name: $0, pipe: TextCollector(ChildPrograms(lab, on: $0), named: $0) as any CollectorPipe)
            }
            async let watched = Watched(pipes, window: 3 * second)
            for name in ["client", "server"] { try await lab.waitUntilConntrackIsWatched(on: name) }
            try await Task.sleep(for: .milliseconds(1200))
            try await inside()
            return await watched
        }
        let ends = try watched.reports.map { try #require($0.end) }
        #expect(watched.reports.allSatisfy { $0.failure == nil })
        #expect(abs(ends[0].began - ends[1].began) < 100_000_000)
        #expect(ends.allSatisfy { (3 * second..<second * 33 / 10).contains($0.window) })
        #expect(watched.coverage.nodesCovered == 2)
        #expect(watched.collected.sources.allSatisfy { $0.mode == .text && $0.showsRefused })
    }

    @Test("tell the rules of every packet filter with their counters, at both ends")
    func rules() async throws {
        let messages = try await withNetworkLab(LabTopology(hosts: [])) { lab in
            for family in ["iptables-nft", "ip6tables-nft"] {
                _ = try await lab.runSuccessfully(
                    on: NetworkLab.router, family, ["-A", "INPUT", "-p", "udp", "--dport", "9999", "-j", "DROP"])
            }
            let pipe = TextCollector(ChildPrograms(lab, on: NetworkLab.router))
            async let messages = pipe.answers(to: .window(2000, wantsRules: true))
            try await lab.waitUntilConntrackIsWatched(on: NetworkLab.router)
            try await Task.sleep(for: .milliseconds(800))
            let datagram = "for number in 1 2 3; do echo > /dev/udp/127.0.0.1/9999; done"
            _ = try await lab.runSuccessfully(on: NetworkLab.router, "bash", ["-c", datagram])
            return try await messages
        }
        #expect(messages.end != nil)
        let rules = messages.rules
        func text(_ name: String) -> String { rules.first { $0.hasPrefix(name + ":") } ?? "" }
        #expect(text("begin iptablesNFTSave").contains("[0:0] -A INPUT -p udp -m udp --dport 9999 -j DROP"))
        #expect(text("end iptablesNFTSave").contains("[3:"))
        #expect(text("end ip6tablesNFTSave").contains("[0:0] -A INPUT -p udp -m udp --dport 9999 -j DROP"))
        #expect(text("begin nftListRuleset").contains("\"nftables\""))
        #expect(text("end nftListRuleset").contains("\"packets\": 3"))
        #expect(messages.notices == [])
    }

    @Test("listen to events from the moment at which they say so")
    func listening() async throws {
        try await withNetworkLab(LabTopology(hosts: [])) { lab in
            let programs = ChildPrograms(lab, on: NetworkLab.router)
            for port in 0..<10 {
                let program = try await programs.start([
                    "conntrack", "-E", "-e", "NEW,DESTROY", "-b", "33554432", "-o", "extended,timestamp,id",
                ])
                loop: while let output = try await program.next() {
                    if case .standardError(let bytes) = output {
                        #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("NOTICE: Netlink socket buffer"))
                        break loop
                    }
                }
                async let dialled = lab.run(
                    on: NetworkLab.router, "bash", ["-c", "echo > /dev/tcp/127.0.0.1/\(9000 + port)"])
                var heard = ""
                while !heard.contains("[DESTROY]"), let output = try await program.next() {
                    if case .standardOutput(let bytes) = output { heard += String(decoding: bytes, as: UTF8.self) }
                }
                _ = try await dialled
                #expect(heard.contains("[NEW]"))
                #expect(heard.contains("dport=\(9000 + port)"))
                await program.close()
            }
        }
    }

    @Test("tell of twenty thousand connections each, and of nothing else", arguments: [Set(), ["conntrack"]])
    func many(_ missing: Set<String>) async throws {
        let messages = try await withNetworkLab(LabTopology(hosts: [])) { lab in
            let lines = (0..<20_000).map { number in
                "-I -p tcp -s 10.\(number >> 8 & 255).\(number & 255).1 -d 192.0.2.1 --sport \(1024 + number) --dport 80 "
                    + "--state ESTABLISHED -u SEEN_REPLY,ASSURED -t 3600\n"
            }
            _ = try await lab.runSuccessfully(
                on: NetworkLab.router, "conntrack", ["-R", "-"], input: Array(lines.joined().utf8))
            let programs = ChildPrograms(lab, on: NetworkLab.router, without: missing)
            return try await TextCollector(programs).answers(to: .window(1000))
        }
        let end = try #require(messages.end)
        #expect(end.entries == 20_000)
        #expect(messages.told.allSatisfy { $0.contains("first second") })
        #expect(messages.hello?.facts.textSource == (missing.isEmpty ? .conntrack : .procFile))
    }

    @Test("that may not ask the kernel say which right is missing")
    func permission() async throws {
        let messages = try await withNetworkLab(LabTopology(hosts: [])) { lab in
            let programs = ChildPrograms(
                lab, on: NetworkLab.router,
                wrapper: ["setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-net_admin"])
            return try await TextCollector(programs).answers(to: .snapshot())
        }
        #expect(messages.failure?.topic == .permission)
        #expect(messages.failure?.text.contains("CAP_NET_ADMIN") == true)
    }
}
