import CollectorProtocol
import TestSupport
import Testing

@Suite("The packet filters' rules with their counters")
struct RulesTests {
    /// Watches a host for a window within which it drops so many datagrams.
    private func window(on host: SingleHost, dropping count: Int) async throws -> [CollectorMessage] {
        let collector = try host.collector("session")
        #expect(try await collector.next()?.isHello == true)
        collector.send { $0.write(Start(window: 3_000_000_000, deadline: 60_000_000_000)) }
        try await host.within(collector) { try await host.datagrams(count, toPort: 9999) }
        let messages = try await collector.messages(upTo: \.isEnd)
        collector.closeInput()
        #expect(try await collector.ending() == .exited(0))
        return messages
    }

    private static let drop = ["-A", "INPUT", "-p", "udp", "--dport", "9999", "-m", "comment", "--comment"]

    @Test("of nft and iptables-nft arrive at both moments, and the counters moved by the packets of the window")
    func nft() async throws {
        try await SingleHost.with { host in
            for family in ["iptables-nft", "ip6tables-nft"] {
                _ = try await host.lab.runSuccessfully(
                    on: NetworkLab.router, family, Self.drop + ["netviz test", "-j", "DROP"])
            }
            try await host.datagrams(1, toPort: 9999)
            let messages = try await window(on: host, dropping: 3)
            let rules = RulesTexts(messages)
            #expect(rules.packets(.begin, .iptablesNFTSave, comment: "netviz test") == 1)
            #expect(rules.packets(.end, .iptablesNFTSave, comment: "netviz test") == 4)
            #expect(rules.packets(.end, .ip6tablesNFTSave, comment: "netviz test") == 0)
            for (moment, packets) in [(RulesPiece.Moment.begin, 1), (.end, 4)] {
                let document = try JSONValue(parsing: try #require(rules[moment, .nftListRuleset]))
                let counters = (document["nftables"]?.array ?? []).compactMap { object -> Int? in
                    guard let rule = object["rule"], rule["family"] == "ip", rule["chain"] == "INPUT" else {
                        return nil
                    }
                    return rule["expr"]?.array?.compactMap { $0["counter"]?["packets"]?.integer }.first
                }
                #expect(counters == [packets])
            }
            // The namespace has no legacy tables, so that the legacy programs were not run, which would make some.
            #expect(try await host.run("sh", "-c", "cat /proc/net/ip_tables_names 2>/dev/null || true") == "")
            #expect(rules[.begin, .iptablesLegacySave] == nil)
            #expect(rules[.end, .ip6tablesLegacySave] == nil)
            #expect(
                rules.complete
                    == Set(
                        ["begin", "end"].flatMap { moment in
                            ["iptablesNFTSave", "ip6tablesNFTSave", "nftListRuleset"].map { "\(moment) \($0)" }
                        }))
            let words = messages.map(\.word)
            let first = words.firstIndex(of: "ENTRIES") ?? words.endIndex
            let begins = messages.indices.filter { messages[$0].rules?.moment == .begin }
            #expect(begins.allSatisfy { $0 < first })
        }
    }

    @Test("of iptables-legacy arrive where the namespace has legacy tables")
    func legacy() async throws {
        try await SingleHost.with { host in
            _ = try await host.lab.runSuccessfully(
                on: NetworkLab.router, "iptables-legacy", Self.drop + ["netviz test", "-j", "DROP"])
            let rules = RulesTexts(try await window(on: host, dropping: 2))
            #expect(rules.packets(.begin, .iptablesLegacySave, comment: "netviz test") == 0)
            #expect(rules.packets(.end, .iptablesLegacySave, comment: "netviz test") == 2)
            #expect(rules[.end, .ip6tablesLegacySave] == nil)
            #expect(rules.complete.contains("begin iptablesLegacySave"))
        }
    }

    @Test("of 50,000 rules arrive whole, and the collector's memory stays bounded")
    func manyRules() async throws {
        try await SingleHost.with { host in
            let count = 50_000
            let rules = (0..<count).map {
                "-A INPUT -p tcp -s 10.\($0 >> 8 & 255).\($0 & 255).1 --dport 80 -m comment --comment rule-\($0) -j DROP\n"
            }
            try await host.run("iptables-nft-restore", input: "*filter\n\(rules.joined())COMMIT\n")
            let collector = try host.collector("snapshot")
            var lines = 0
            var bytes = 0
            var peak = 0
            var last: CollectorMessage?
            while let message = try await collector.next() {
                last = message
                if let piece = message.rules, piece.program == .iptablesNFTSave {
                    lines += piece.text.count { $0 == UInt8(ascii: "\n") }
                }
                bytes += message.rules?.text.count ?? 0
                peak = max(peak, (try? collector.peakMemory()) ?? 0)
            }
            #expect(last?.isEnd == true)
            // Beside the rules there are the table's name, three chains, COMMIT and two comments.
            #expect(lines == count + 7)
            #expect(bytes > 20_000_000)
            #expect((1..<32 << 10).contains(peak), "\(peak) KiB for \(bytes) bytes of rules")
            #expect(try await collector.ending() == .exited(0))
        }
    }
}
