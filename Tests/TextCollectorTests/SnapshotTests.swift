import CollectorProtocol
import NetModel
import Testing
import TextCollector

@Suite("A snapshot of a node by its own conntrack")
struct SnapshotTests {
    private static let ipv6 =
        "ipv6     10 tcp      6 300 ESTABLISHED src=fd00::1 dst=fd00::2 sport=5006 dport=80 packets=1 bytes=60 "
        + "src=fd00::2 dst=fd00::1 sport=80 dport=5006 packets=1 bytes=60 [ASSURED] mark=0 use=1 id=6\n"

    @Test("gives the entries of the listing, and says in HELLO that they are text")
    func entries() async throws {
        let programs = node { _, _ in listing([listed(5001), listed(5002), Self.ipv6]) }
        let messages = try await TextCollector(programs).answers(to: .snapshot())
        #expect(messages.told == ["5001", "5002", "5006"])
        let facts = try #require(messages.hello?.facts)
        #expect(facts.textSource == .conntrack)
        #expect(facts.hostName == "n1")
        #expect(facts.kernelRelease == "6.1.0")
        #expect(facts.tableCount == 2)
        #expect(facts.eventsMode == nil)
        #expect(facts.accounting == nil)
        let end = try #require(messages.end)
        #expect(end.entries == 3)
        #expect(end.window == 0)
        #expect(end.statistics?.invalid == 1)
        #expect(end.statisticsOfWindow == nil)
        #expect(programs.leftOpen == 0)
    }

    @Test("is the same however the output is cut", arguments: [1, 2, 3, 7, 64, 177, 1000])
    func cut(_ size: Int) async throws {
        let lines = (0..<40).map { listed(5000 + $0) }
        let messages = try await TextCollector(node(cut: size) { _, _ in listing(lines) }).answers(to: .snapshot())
        #expect(messages.told == (0..<40).map { "\(5000 + $0)" })
        #expect(messages.end?.losses == Losses())
        #expect(messages.entries.allSatisfy { $0.originalCounters?.bytes == 100 && $0.replyCounters?.bytes == 200 })
    }

    @Test(
        "asks versions for each family that would list IPv4 alone",
        arguments: ["1.4.4", "1.4.6", "1.4.7", "1.4.8", "1.10", "nonsense"])
    func families(_ version: String) async throws {
        let programs = node(version: version) { command, _ in
            listing(command.contains("ipv6") ? [Self.ipv6] : [listed(5001)])
        }
        let messages = try await TextCollector(programs).answers(to: .snapshot())
        let listings = programs.commands.filter { $0.contains("-L") }.map { $0.last ?? "" }
        if ["1.4.7", "1.4.8", "1.10"].contains(version) {
            #expect(listings == ["extended,id"])
        } else {
            #expect(listings == ["ipv4", "ipv6"])
            #expect(messages.told == ["5001", "5006"])
        }
        #expect(messages.end != nil)
    }

    @Test("is not whole when the count of the listing is missing or another, and says both numbers")
    func counts() async throws {
        let missing = node { _, _ in .runs([.out(listed(5001)), .end(0)]) }
        var messages = try await TextCollector(missing).answers(to: .snapshot())
        #expect(messages.told == ["5001"])
        #expect(messages.end == nil)
        #expect(
            messages.failure?.text
                == "'conntrack -L -o extended,id' did not say how many entries there were; 1 entry came")

        let fewer = node { _, _ in .runs([.out(listed(5001) + listed(5002)), .err(shown(5)), .end(0)]) }
        messages = try await TextCollector(fewer).answers(to: .snapshot())
        #expect(messages.told == ["5001", "5002"])
        #expect(
            messages.failure
                == Notice(
                    topic: .conntrack, text: "'conntrack -L -o extended,id' showed 5 entries, of which 2 came"))
    }

    @Test("is not whole when conntrack fails, and says with what words")
    func exitCode() async throws {
        let failing = node { _, _ in
            .runs([
                .out(listed(5001)),
                .err("conntrack v1.4.7 (conntrack-tools): Operation failed: Interrupted system call\n"), .end(1),
            ])
        }
        var messages = try await TextCollector(failing).answers(to: .snapshot())
        #expect(messages.told == ["5001"])
        #expect(
            messages.failure?.text
                == "'conntrack -L -o extended,id' failed with status 1: conntrack v1.4.7 (conntrack-tools): Operation "
                + "failed: Interrupted system call; 1 entry came")
        let forbidden = node { _, _ in
            .runs([
                .err(
                    "conntrack v1.4.7 (conntrack-tools): Operation failed: sorry, you must be root or get CAP_NET_ADMIN "
                        + "capability to do this\n"), .end(1),
            ])
        }
        messages = try await TextCollector(forbidden).answers(to: .snapshot())
        #expect(messages.failure?.topic == .permission)
        #expect(messages.failure?.text.contains("needs CAP_NET_ADMIN") == true)
    }

    @Test("is not whole when the connection is lost, and uses the lines that came whole")
    func lost() async throws {
        let lines = listed(5001) + listed(5002)
        let programs = node { _, _ in .runs([.out(lines + listed(5003).prefix(190)), .lost("reset by peer")]) }
        let messages = try await TextCollector(programs).answers(to: .snapshot())
        #expect(messages.told == ["5001", "5002"])
        #expect(
            messages.failure?.text
                == "the connection to 'conntrack -L -o extended,id' was lost: reset by peer; 2 entries came")
        #expect(programs.leftOpen == 0)
    }

    @Test("leaves lines out that cannot be read, and says which")
    func garbage() async throws {
        let programs = node { _, _ in
            .runs([
                .out(listed(5001) + "ipv4 2 tcp 6 nonsense\n" + listed(5002)), .bytes([0xFF, 0, 0x1B, 0x0A]),
                .err(shown(4)), .end(0),
            ])
        }
        let messages = try await TextCollector(programs).answers(to: .snapshot())
        #expect(messages.told == ["5001", "5002"])
        #expect(messages.end?.losses.undecodable == 2)
        #expect(
            messages.notices == [
                "what 'conntrack -L -o extended,id' printed cannot be read: line 2, column 22: the line ends before the "
                    + "entry is complete (and 1 more lines)"
            ])
    }

    @Test("of megabytes without a line is refused in bounded memory")
    func noLines() async throws {
        let piece = [UInt8](repeating: 0x41, count: 1 << 20)
        let programs = node { _, _ in
            .runs((0..<20).map { _ in .bytes(piece) } + [.err(shown(1)), .end(0)])
        }
        let messages = try await TextCollector(programs).answers(to: .snapshot())
        #expect(messages.told == [])
        #expect(messages.failure?.text == "what 'conntrack -L -o extended,id' printed ends within a line; 1 entry came")
    }

    @Test("without conntrack in the image is of /proc/net/nf_conntrack; without cat it says what helps")
    func withoutConntrack() async throws {
        let line = listed(5001).replacingID()
        let proc = ScriptedPrograms { command, _ in
            guard command[0] == "cat" else { return .unavailable }
            return command.contains("/proc/net/nf_conntrack")
                ? .runs([.out(line), .end(0)]) : .runs([.err("cat: nothing\n"), .end(1)])
        }
        var messages = try await TextCollector(proc).answers(to: .snapshot())
        #expect(messages.told == ["5001"])
        #expect(messages.hello?.facts.textSource == .procFile)
        #expect(messages.end?.entries == 1)

        let gone = ScriptedPrograms { command, _ in
            command == ["cat", "/proc/net/nf_conntrack"]
                ? .runs([.err("cat: /proc/net/nf_conntrack: No such file or directory\n"), .end(1)])
                : command[0] == "cat" ? .runs([.end(0)]) : .unavailable
        }
        messages = try await TextCollector(gone).answers(to: .snapshot())
        #expect(
            messages.failure?.text
                == "'cat /proc/net/nf_conntrack' failed with status 1: cat: /proc/net/nf_conntrack: No such file or "
                + "directory; 0 entries came")

        let bare = ScriptedPrograms { _, _ in .unavailable }
        messages = try await TextCollector(bare).answers(to: .snapshot())
        #expect(messages.hello == nil)
        #expect(messages.failure?.text.contains("neither conntrack nor cat is in the image") == true)
        #expect(messages.failure?.text.contains("--collector-image") == true)
        // Some runtimes tell it only when the program was to begin.
        let late = ScriptedPrograms { _, _ in .runs([.unavailable]) }
        messages = try await TextCollector(late).answers(to: .snapshot())
        #expect(messages.failure?.text.contains("neither conntrack nor cat is in the image") == true)
    }

    @Test("reads the sysctls where the image has cat, and takes none for another where some are missing")
    func sysctls() async throws {
        let dev = "Inter-|   Receive\n face |bytes\n    lo:  0 0\ncilium_host: 1 2\n"
        let bridge = "cat: /proc/sys/net/bridge/bridge-nf-call-iptables: No such file or directory\n"
        func facts(_ output: String, _ errors: String) async throws -> NodeFacts? {
            let programs = node(files: { .runs([.out(output), .err(errors), .end(errors.isEmpty ? 0 : 1)]) }) { _, _ in
                listing([listed(5001)])
            }
            return try await TextCollector(programs).answers(to: .snapshot()).hello?.facts
        }
        let all = try #require(try await facts("1\n0\n2\n17\n262144\n" + dev, bridge))
        #expect(all.accounting == true)
        #expect(all.timestamps == false)
        #expect(all.eventsMode == 2)
        #expect(all.tableCount == 17)
        #expect(all.tableMaximum == 262144)
        #expect(all.bridgeNetfilter == nil)
        #expect(all.bypassSigns == ["interface cilium_host (Cilium's eBPF datapath)"])
        // One is missing, and nothing says which.
        let unclear = try #require(try await facts("1\n0\n2\n17\n" + dev, bridge))
        #expect(unclear.accounting == nil)
        #expect(unclear.eventsMode == nil)
        #expect(unclear.tableMaximum == nil)
        // Known by conntrack itself.
        #expect(unclear.tableCount == 2)
        let nonsense = try #require(try await facts("yes\nno\n\n99999999999999999999\n-1\n1\n", ""))
        #expect(nonsense.accounting == nil)
        #expect(nonsense.tableMaximum == nil)
    }

    @Test("says that accounting cannot be switched on")
    func accounting() async throws {
        var start = Start.snapshot()
        start.enablesAccounting = true
        let messages = try await TextCollector(node { _, _ in listing([listed(5001)]) }).answers(to: start)
        #expect(messages.notices.count == 1)
        #expect(messages.notices.first?.hasPrefix("accounting is not switched on") == true)
        #expect(messages.end != nil)
    }

    @Test("of an empty table says why that may be")
    func empty() async throws {
        let messages = try await TextCollector(node { _, _ in listing([]) }).answers(to: .snapshot())
        #expect(messages.end?.entries == 0)
        #expect(messages.notices.first?.hasPrefix("the kernel tracks only where") == true)
    }
}

extension String {
    /// The line without its id, as /proc prints it.
    fileprivate func replacingID() -> String { split(separator: " id=")[0] + "\n" }
}
