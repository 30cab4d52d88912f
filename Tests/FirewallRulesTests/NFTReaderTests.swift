import FirewallRules
import NetModel
import Testing

@Suite("The JSON of nft")
struct NFTReaderTests {
    @Test("has tables, chains with hooks, and rules with handles, counters and comments")
    func structure() throws {
        let ruleset = read(
            """
            {"nftables": [{"metainfo": {"version": "1.0.6", "json_schema_version": 1}},
            {"table": {"family": "ip", "name": "calico", "handle": 14}},
            {"chain": {"family": "ip", "table": "calico", "name": "filter-cali-tw-cali7d397dc44dc", "handle": 1}},
            {"chain": {"family": "ip", "table": "calico", "name": "nat-PREROUTING", "handle": 2, "type": "nat", "hook": "prerouting", "prio": -100, "policy": "accept"}},
            {"table": {"family": "inet", "name": "guard"}},
            {"chain": {"family": "inet", "table": "guard", "name": "in", "type": "filter", "hook": "input", "prio": "filter - 5", "policy": "drop"}},
            {"rule": {"family": "ip", "table": "calico", "chain": "filter-cali-tw-cali7d397dc44dc", "handle": 31, "comment": "cali:Q9w8; End of tier default.", "expr": [{"match": {"op": "==", "left": {"&": [{"meta": {"key": "mark"}}, 131072]}, "right": 0}}, {"counter": {"packets": 17, "bytes": 1020}}, {"drop": null}]}},
            {"rule": {"family": "ip", "table": "calico", "chain": "nat-PREROUTING", "handle": 32, "expr": [{"accept": null}]}}]}
            """, .nftJSON)
        #expect(ruleset.problems == [])
        #expect(ruleset.filter == .nftables)
        #expect(ruleset.tables.map(\.name) == ["calico", "guard"])
        #expect(ruleset.tables.map(\.family) == [.ipv4, .inet])
        let pod = try ruleset.chain("filter-cali-tw-cali7d397dc44dc")
        #expect(pod.hook == nil)
        #expect(pod.policy == nil)
        let drop = try #require(pod.rules.first)
        #expect(drop.number == 1)
        #expect(drop.handle == 31)
        #expect(drop.counters == Counters(packets: 17, bytes: 1020))
        #expect(drop.comments == ["cali:Q9w8; End of tier default."])
        #expect(drop.target == .verdict(.drop))
        #expect(drop.match.others == ["meta mark & 0x00020000 == 0x00000000"])
        #expect(drop.text == "meta mark & 0x00020000 == 0x00000000 drop")
        #expect(try ruleset.chain("nat-PREROUTING").hook == ChainHook(place: .prerouting, priority: -100))
        #expect(try ruleset.chain("nat-PREROUTING").rules.first?.counters == nil)
        #expect(try ruleset.chain("in").hook == ChainHook(place: .input, priority: -5))
        #expect(try ruleset.chain("in").policy == .drop)
    }

    @Test("of kube-proxy: services without endpoints are elements of a named verdict map")
    func kubeProxy() throws {
        let ruleset = read(
            """
            {"nftables": [{"table": {"family": "ip", "name": "kube-proxy", "handle": 14}},
            {"map": {"family": "ip", "name": "no-endpoint-services", "table": "kube-proxy", "type": ["ipv4_addr", "inet_proto", "inet_service"], "handle": 8, "map": "verdict", "elem": [[{"concat": ["10.96.0.8", "udp", 53]}, {"drop": null}], [{"elem": {"val": {"concat": ["10.96.0.7", "tcp", 80]}, "comment": "shop/pay:http"}}, {"goto": {"target": "reject-chain"}}]]}},
            {"set": {"family": "ip", "name": "cluster-ips", "table": "kube-proxy", "type": "ipv4_addr", "handle": 9, "elem": ["10.96.0.1", {"elem": {"val": "10.96.0.7", "comment": "x", "counter": {"packets": 3, "bytes": 4}}}]}},
            {"chain": {"family": "ip", "table": "kube-proxy", "name": "services", "handle": 2}},
            {"rule": {"family": "ip", "table": "kube-proxy", "chain": "services", "handle": 15, "expr": [{"vmap": {"key": {"concat": [{"payload": {"protocol": "ip", "field": "daddr"}}, {"meta": {"key": "l4proto"}}, {"payload": {"protocol": "th", "field": "dport"}}]}, "data": "@no-endpoint-services"}}]}},
            {"rule": {"family": "ip", "table": "kube-proxy", "chain": "services", "handle": 16, "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "daddr"}}, "right": "@cluster-ips"}}, {"drop": null}]}},
            {"rule": {"family": "ip", "table": "kube-proxy", "chain": "services", "handle": 17, "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": "@cluster-ips"}}, {"accept": null}]}}]}
            """, .nftJSON)
        #expect(ruleset.problems == [])
        let rules = try ruleset.chain("services").rules
        #expect(rules[0].target == .verdictMap("no-endpoint-services"))
        #expect(rules[0].text == "ip daddr . meta l4proto . th dport vmap @no-endpoint-services")
        #expect(rules[1].match.sets == ["cluster-ips"])
        #expect(rules[1].match.others == [])
        // The elements are destinations, as the first rule looks them up.
        #expect(rules[2].match.sets == ["cluster-ips"])
        #expect(rules[2].match.others == ["ip saddr @cluster-ips"])
        let map = try ruleset.set("no-endpoint-services").elements
        #expect(map.map(\.text) == ["10.96.0.8 . udp . 53", "10.96.0.7 . tcp . 80"])
        #expect(map.map(\.target) == [.verdict(.drop), .goTo("reject-chain")])
        #expect(map.map(\.comment) == [nil, "shop/pay:http"])
        #expect(map.map { $0.match.destination?.words } == ["10.96.0.8/32", "10.96.0.7/32"])
        #expect(map.map { $0.match.transport?.words } == ["UDP", "TCP"])
        #expect(map.map { $0.match.destinationPorts?.words } == ["53", "80"])
        #expect(map.map(\.match.others) == [[], []])
        let addresses = try ruleset.set("cluster-ips").elements
        #expect(addresses.map { $0.match.destination?.words } == ["10.96.0.1/32", "10.96.0.7/32"])
        #expect(addresses.map(\.counters) == [nil, Counters(packets: 3, bytes: 4)])
        #expect(addresses.map(\.target) == [nil, nil])
    }

    @Test("a verdict map without a name becomes a set whose name nft cannot give")
    func inlineMap() throws {
        let ruleset = read(
            """
            {"nftables": [{"rule": {"family": "inet", "table": "t", "chain": "c", "handle": 1, "expr": [{"vmap": {"key": {"ct": {"key": "state"}}, "data": {"set": [["invalid", {"drop": null}], ["new", {"jump": {"target": "services"}}]]}}}]}},
            {"rule": {"family": "inet", "table": "t", "chain": "c", "handle": 2, "expr": [{"vmap": {"key": {"concat": [{"meta": {"key": "iifname"}}, {"payload": {"protocol": "tcp", "field": "dport"}}]}, "data": {"set": [[{"concat": ["eth0", {"range": [1, 9]}]}, {"drop": null}]]}}}]}}]}
            """, .nftJSON)
        #expect(ruleset.problems == [])
        let rules = try ruleset.chain("c").rules
        #expect(rules.map(\.target) == [.verdictMap("c rule 1 vmap"), .verdictMap("c rule 2 vmap")])
        #expect(rules[0].text == "ct state vmap { invalid : drop, new : jump services }")
        #expect(rules[1].text == #"iifname . tcp dport vmap { "eth0" . 1-9 : drop }"#)
        #expect(rules[1].match.transport?.words == "TCP")
        let states = try ruleset.set("c rule 1 vmap").elements
        #expect(states.map(\.match.states) == [.invalid, .new])
        #expect(states.map(\.target) == [.verdict(.drop), .jump("services")])
        let element = try #require(try ruleset.set("c rule 2 vmap").elements.first)
        #expect(element.match.inInterface == "eth0")
        #expect(element.match.destinationPorts?.words == "1-9")
    }

    @Test("counters with names are the rule's where only one rule counts with each")
    func namedCounters() throws {
        func rule(_ chain: String, _ name: String) -> String {
            #"{"rule": {"family": "ip", "table": "t", "chain": "\#(chain)", "handle": 1, "expr": [{"counter": "\#(name)"}, {"drop": null}]}}"#
        }
        func counter(_ name: String) -> String {
            #"{"counter": {"family": "ip", "table": "t", "name": "\#(name)", "handle": 7, "packets": 5, "bytes": 6}}"#
        }
        let ruleset = read(
            #"{"nftables": [\#(counter("own")), \#(rule("a", "own")), \#(rule("b", "shared")), \#(rule("b", "shared")), \#(rule("c", "none")), \#(counter("shared"))]}"#,
            .nftJSON)
        #expect(try ruleset.chain("a").rules.map(\.counters) == [Counters(packets: 5, bytes: 6)])
        #expect(try ruleset.chain("b").rules.map(\.counters) == [nil, nil])
        #expect(try ruleset.chain("c").rules.map(\.counters) == [nil])
        #expect(
            ruleset.problems.map(\.message) == [
                "the counter shared is of 2 rules together, so that their own counts are not known"
            ])
    }

    @Test("objects without their names, and parts of another kind, are told by their place, and the rest is used")
    func problems() throws {
        let ruleset = read(
            """
            {"nftables": [7, {"chain": {"name": "c"}}, {"set": []}, {"flowtable": {"family": "ip"}},
            {"rule": {"family": "ip", "table": "t", "chain": "c", "handle": 99999999999999999999, "expr": [{"drop": null}]}},
            {"rule": {"family": "moon", "table": "t", "chain": "c", "expr": []}}]}
            """, .nftJSON)
        #expect(
            ruleset.problems.map(\.message) == [
                "byte 14: a number, not an object of nftables", "byte 17: a chain without the names that it needs",
                "byte 43: an array, not a set", "byte 89: a part of a rule cannot be read and was left out",
                "byte 203: a rule without the names that it needs",
            ])
        #expect(try ruleset.chain("c").rules.map(\.target) == [.verdict(.drop)])
        #expect(ruleset.problems.allSatisfy { $0.line == nil })
    }

    @Test("a text that ends early gives what stands before")
    func truncated() throws {
        let text =
            #"{"nftables": [{"rule": {"family": "ip", "table": "t", "chain": "c", "expr": [{"drop": null}]}}, {"rule": {"fam"#
        let ruleset = read(text, .nftJSON)
        #expect(
            ruleset.problems.map(\.message) == [
                "byte \(text.utf8.count): the text ends where the end of a string is expected"
            ])
        #expect(try ruleset.chain("c").rules.count == 1)
        #expect(read("[1]", .nftJSON).isUnreadable)
        #expect(read("{}", .nftJSON).isUnreadable)
        #expect(read("{\"nftables\"", .nftJSON).isUnreadable)
        #expect(!read("", .nftJSON).isUnreadable)
        #expect(!read(#"{"nftables": [{"metainfo": {"version": "1.0.6"}}]}"#, .nftJSON).isUnreadable)
    }
}
